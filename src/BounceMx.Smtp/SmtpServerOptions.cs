using System.ComponentModel.DataAnnotations;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp;

/// <summary>What a session enforces. The composition root validates it at start.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting and in EHLO's answer: a domain name, best the MX's own. Default: the machine's name, where it is one.</summary>
    [RegularExpression("[A-Za-z0-9]([A-Za-z0-9.-]{0,253}[A-Za-z0-9])?", ErrorMessage = "a domain name such as mx.example.com")]
    public string HostName { get; init; } = MachineName();

    /// <summary>Octets of one message, announced as SIZE. Default 10 MiB, as Postfix's message_size_limit (10,240,000).</summary>
    [Range(1024, 512 * 1024 * 1024, ErrorMessage = "1024 to 536870912 (octets)")]
    public long MaxMessageSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Recipients of one transaction; RFC 5321 section 4.5.3.1.8 asks for 100 at least.</summary>
    [Range(100, 100_000, ErrorMessage = "100 to 100000")]
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>Messages of one session, announced as LIMITS MAILMAX (RFC 9422). Our choice: enough for a queue run, and some day it ends.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000")]
    public int MaxMessages { get; init; } = 1000;

    /// <summary>Whether, and when, TLS is spoken.</summary>
    public TlsMode Tls { get; init; } = TlsMode.StartTls;

    /// <summary>
    /// Offer CHUNKING, that is BDAT (RFC 3030). Default off: receivers rarely need it, one more way to frame a message is one more way to disagree
    /// about its end with whatever stands in between, and Exim, which would use it, falls back to DATA.
    /// </summary>
    public bool Chunking { get; init; }

    /// <summary>Offer BINARYMIME (RFC 3030); needs <see cref="Chunking"/>.</summary>
    public bool BinaryMime { get; init; }

    /// <summary>
    /// Networks whose connections must begin with a PROXY header, version 1 or 2: those of load balancers. From anyone else it is an unknown
    /// command.
    /// </summary>
    [Network]
    public string[] ProxyNetworks { get; init; } = [];

    /// <summary>How long a TLS handshake may take. Our choice: what a mobile network needs, many times over.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00", ErrorMessage = "00:00:01 to 00:10:00 (hh:mm:ss)")]
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a peer may take from the greeting to its first EHLO or HELO, whatever it says meanwhile. RFC 5321 section 4.5.3.2.7: five minutes
    /// at least.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "00:00:01 to 1.00:00:00 ([d.]hh:mm:ss)")]
    public TimeSpan GreetingTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What silence is suffered, and how far a message may fall behind, when the server is nearly full. Postfix's smtpd_timeout under stress.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "00:00:01 to 1.00:00:00 ([d.]hh:mm:ss)")]
    public TimeSpan StressTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long to wait for input that comes before the greeting. Default none: only what has arrived already is found out, and nobody waits.
    /// Postfix's postscreen_greet_wait is 6 s.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "00:00:00 to 00:01:00 (hh:mm:ss)")]
    public TimeSpan GreetingDelay { get; init; } = TimeSpan.Zero;

    /// <summary>How long a session may be silent, counted to the end of a command. RFC 5321 section 4.5.3.2.7: five minutes at least.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "00:00:01 to 1.00:00:00 ([d.]hh:mm:ss)")]
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a message may take in all, 354 to final dot. Our choice: 10 MiB in it are 6 KB/s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "00:00:01 to 1.00:00:00 ([d.]hh:mm:ss)")]
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Octets a second that a message must come in at, once the grace is over. Postfix's smtpd_min_data_rate.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000 (octets a second)")]
    public int MinBodyRate { get; init; } = 500;

    /// <summary>How far a message may fall behind <see cref="MinBodyRate"/>. Our choice: a few TCP retransmissions.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "00:00:01 to 1.00:00:00 ([d.]hh:mm:ss)")]
    public TimeSpan BodyRateGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Errors without a delivery between them after which each costs <see cref="ErrorDelay"/>. Postfix's smtpd_soft_error_limit.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000")]
    public int SoftErrorLimit { get; init; } = 10;

    /// <summary>Errors without a delivery between them at which the session ends. Postfix's smtpd_hard_error_limit.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000")]
    public int HardErrorLimit { get; init; } = 20;

    /// <summary>What an error over <see cref="SoftErrorLimit"/> costs. Postfix's smtpd_error_sleep_time.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00", ErrorMessage = "00:00:00 to 00:01:00 (hh:mm:ss)")]
    public TimeSpan ErrorDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Commands that do nothing (NOOP, RSET, VRFY, EHLO …) after which each is an error. Postfix's smtpd_junk_command_limit.</summary>
    [Range(1, 1_000_000, ErrorMessage = "1 to 1000000")]
    public int JunkCommandLimit { get; init; } = 100;

    /// <summary>Refuse bare CR or LF in a message with 550 5.5.2 instead of accepting and marking it.</summary>
    public bool RefuseBareLineEnds { get; init; }

    private static string MachineName() =>
        Environment.MachineName is { Length: > 0 } name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.')
            ? name
            : "localhost";
}

/// <summary>When a listener speaks TLS.</summary>
public enum TlsMode
{
    /// <summary>Never.</summary>
    Off,

    /// <summary>After STARTTLS, which is offered as soon as there is a certificate (RFC 3207).</summary>
    StartTls,

    /// <summary>From the first octet (RFC 8314).</summary>
    Implicit,
}
