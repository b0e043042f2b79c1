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

    /// <summary>How long a session may be silent. RFC 5321 section 4.5.3.2.7: five minutes at least.</summary>
    public TimeSpan IdleTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Refuse bare CR or LF in a message with 550 5.5.2 instead of accepting and marking it.</summary>
    public bool RefuseBareLineEnds { get; init; }
}
