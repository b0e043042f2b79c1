using System.Net;
using BounceMx.Intake;
using BounceMx.Smtp;

namespace BounceMx.Storage;

/// <summary>The number of a message in the spool: positive, ascending, never used twice in one data folder.</summary>
internal readonly record struct SpoolId(long Value)
{
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>What the SMTP dialogue said about a message (RFC 5321 section 2.3.1).</summary>
internal sealed record Envelope
{
    /// <summary>The reverse path without angle brackets; empty for the null path.</summary>
    public required string MailFrom { get; init; }

    /// <summary>The accepted recipients, at least one.</summary>
    public required IReadOnlyList<AcceptedRecipient> RcptTo { get; init; }

    /// <summary>What the client called itself.</summary>
    public required string Helo { get; init; }

    /// <summary>The client's address.</summary>
    public required IPAddress RemoteIp { get; init; }

    /// <summary>Protocol and cipher suite, such as <c>TLSv1.3 TLS_AES_256_GCM_SHA384</c>; <c>null</c> in clear text.</summary>
    public string? Tls { get; init; }

    /// <summary>RET (RFC 3461).</summary>
    public Ret Ret { get; init; }

    /// <summary>ENVID, decoded (RFC 3461); <c>null</c> when not given.</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>Whether the message holds a bare CR or LF.</summary>
    public bool BareLineEnds { get; init; }

    /// <summary>In place of one that cannot be read: nothing is known, and there are no recipients.</summary>
    public static Envelope Unknown { get; } =
        new()
        {
            MailFrom = "",
            RcptTo = [],
            Helo = "",
            RemoteIp = IPAddress.None,
        };
}

/// <summary>A message that is safe on disk: what a 250 stands for.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Envelope">Its envelope.</param>
/// <param name="ReceivedAt">When its last octet came, UTC, to the millisecond.</param>
/// <param name="Raw">
/// The message as sent; <c>null</c> where it is too large to wait in memory (<see cref="Spool.CarriedSize"/>) and is read when its turn comes.
/// </param>
internal sealed record SpooledMessage(SpoolId Id, Envelope Envelope, DateTimeOffset ReceivedAt, byte[]? Raw)
{
    /// <summary>What kept its row from being read, as far as it was not; then the envelope is <see cref="Envelope.Unknown"/>.</summary>
    public Exception? Fault { get; init; }
}
