using System.ComponentModel.DataAnnotations;

namespace BounceMx.Smtp.Bodies;

/// <summary>How much of message bodies the server holds at once, over all sessions. A body over 64 KiB is held on disk.</summary>
public sealed record BodyLimits
{
    /// <summary>Octets held beyond which MAIL is answered 452 4.3.1. Default 128 MiB: twelve messages of the largest size, 12,000 of the usual.</summary>
    [Range(1024 * 1024, 1024L * 1024 * 1024 * 1024, ErrorMessage = "1048576 to 1099511627776 (octets)")]
    public long BodiesSoftLimit { get; init; } = 128 * 1024 * 1024;

    /// <summary>
    /// Octets held beyond which a body is not kept (452 4.3.1 at its end) and connections are answered 421. No less than one message of the largest
    /// size, nor than <see cref="BodiesSoftLimit"/>. Default 256 MiB: what is under way when the soft limit is met may double.
    /// </summary>
    [Range(1024 * 1024, 1024L * 1024 * 1024 * 1024, ErrorMessage = "1048576 to 1099511627776 (octets)")]
    public long BodiesHardLimit { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// Octets held for one IPv4 /24 or IPv6 /48, beyond which its bodies are not kept (452 4.3.1 at their end); 0: no limit. No less than one
    /// message. Default 32 MiB: a quarter of the soft limit, so that no one network can have the mail of all others put off.
    /// </summary>
    [Range(0, 1024L * 1024 * 1024 * 1024, ErrorMessage = "0 to 1099511627776 (octets; 0: no limit)")]
    public long BodiesPerNetwork { get; init; } = 32 * 1024 * 1024;
}
