namespace BounceMx.Smtp;

/// <summary>What a session enforces. The composition root validates it at start.</summary>
public sealed record SmtpServerOptions
{
    /// <summary>The name in the greeting and in EHLO's answer: a domain name, or <c>localhost</c>.</summary>
    public string HostName { get; init; } = "localhost";

    /// <summary>Octets of one message, announced as SIZE. Default 10 MiB, as Postfix's message_size_limit (10,240,000).</summary>
    public long MaxMessageSize { get; init; } = 10 * 1024 * 1024;

    /// <summary>Recipients of one transaction; RFC 5321 section 4.5.3.1.8 asks for 100 at least.</summary>
    public int MaxRecipients { get; init; } = 1000;

    /// <summary>How long a session may be silent, counted to the end of a command. RFC 5321 section 4.5.3.2.7: five minutes at least.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a message may take in all, 354 to final dot. Our choice: 10 MiB in it are 6 KB/s.</summary>
    public TimeSpan BodyTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Octets a second that a message must come in at, once the grace is over. Postfix's smtpd_min_data_rate.</summary>
    public int MinBodyRate { get; init; } = 500;

    /// <summary>How far a message may fall behind <see cref="MinBodyRate"/>. Our choice: a few TCP retransmissions.</summary>
    public TimeSpan BodyRateGrace { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Errors without a delivery between them after which each costs <see cref="ErrorDelay"/>. Postfix's smtpd_soft_error_limit.</summary>
    public int SoftErrorLimit { get; init; } = 10;

    /// <summary>Errors without a delivery between them at which the session ends. Postfix's smtpd_hard_error_limit.</summary>
    public int HardErrorLimit { get; init; } = 20;

    /// <summary>What an error over <see cref="SoftErrorLimit"/> costs. Postfix's smtpd_error_sleep_time.</summary>
    public TimeSpan ErrorDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Commands that do nothing (NOOP, RSET, VRFY, EHLO …) after which each is an error. Postfix's smtpd_junk_command_limit.</summary>
    public int JunkCommandLimit { get; init; } = 100;

    /// <summary>Refuse bare CR or LF in a message with 550 5.5.2 instead of accepting and marking it.</summary>
    public bool RefuseBareLineEnds { get; init; }
}
