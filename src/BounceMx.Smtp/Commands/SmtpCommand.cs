using BounceMx.Mail;

namespace BounceMx.Smtp.Commands;

/// <summary>A command line, read (RFC 5321 section 4.1.1). Which members are set depends on the verb.</summary>
/// <param name="Verb">What is asked for.</param>
/// <param name="Fault">Why it is refused, if it is; then nothing else is set.</param>
internal readonly record struct SmtpCommand(SmtpVerb Verb, SmtpFault Fault = SmtpFault.None)
{
    /// <summary>EHLO, HELO: printable ASCII, 1 to 255 octets; a domain or address literal if the peer keeps to the RFC.</summary>
    public string? Domain { get; init; }

    /// <summary>MAIL, RCPT: the mailbox, its source route discarded; <c>null</c> for <c>&lt;&gt;</c>.</summary>
    public Mailbox? Mailbox { get; init; }

    /// <summary>MAIL, RCPT: whether the path holds octets beyond ASCII, which only SMTPUTF8 allows.</summary>
    public bool IsInternational { get; init; }

    /// <summary>MAIL, RCPT: what stands behind the path.</summary>
    public MailParameters Parameters { get; init; }
}

/// <summary>The parameters of MAIL (RFC 5321 section 4.1.1.11). RCPT has none so far.</summary>
/// <param name="Any">Whether there was one at all.</param>
/// <param name="Size">SIZE in octets, at most <see cref="long.MaxValue"/> whatever was written (RFC 1870).</param>
/// <param name="EightBitMime">BODY=8BITMIME (RFC 6152).</param>
/// <param name="SmtpUtf8">SMTPUTF8 (RFC 6531).</param>
internal readonly record struct MailParameters(bool Any, long? Size, bool EightBitMime, bool SmtpUtf8);
