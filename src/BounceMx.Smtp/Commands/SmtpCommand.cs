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

    /// <summary>MAIL: what stands behind the path.</summary>
    public MailParameters Parameters { get; init; }

    /// <summary>RCPT: what stands behind the path.</summary>
    public RecipientParameters Recipient { get; init; }

    /// <summary>BDAT: octets of the chunk that follows, 0 to <see cref="long.MaxValue"/>.</summary>
    public long ChunkSize { get; init; }

    /// <summary>BDAT: whether the chunk ends the message.</summary>
    public bool IsLast { get; init; }
}
