using BounceMx.Mail;

namespace BounceMx.Smtp;

/// <summary>An SMTP reply (RFC 5321 section 4.2) with its enhanced code (RFC 2034).</summary>
/// <param name="Code">The reply code.</param>
/// <param name="Status">The enhanced code; <c>null</c> for the greeting, EHLO, HELO and 354.</param>
/// <param name="Text">Printable ASCII; lines separated by LF.</param>
public sealed record SmtpReply(ReplyCode Code, EnhancedStatusCode? Status, string Text)
{
    /// <summary>Whether the command was accepted.</summary>
    public bool IsPositive => Code.Class is 2 or 3;
}
