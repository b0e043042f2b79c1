using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tls;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Smtp.Tests.Fakes;

/// <summary>
/// A server without sockets, and its clock. Its tables of peers take megabytes: who plays thousands of sessions, one after the other, shares one.
/// </summary>
internal sealed class MemoryServer
{
    public MemoryServer(SmtpLimitOptions? limits = null, BodyStore? bodies = null, TlsCertificates? certificates = null) =>
        Server = new SmtpServer(
            new RecordingMailHandler(),
            limits ?? new SmtpLimitOptions(),
            bodies ?? TemporaryBodies.Shared,
            SmtpMetrics.Unobserved,
            Time,
            NullLogger<SmtpServer>.Instance,
            certificates
        );

    public ManualTime Time { get; } = new();

    public SmtpServer Server { get; }

    /// <summary>One that remembers nothing of a peer from one session to the next.</summary>
    public static MemoryServer Forgetful() => new(new SmtpLimitOptions { Exempt = ["192.0.2.0/24"] });
}
