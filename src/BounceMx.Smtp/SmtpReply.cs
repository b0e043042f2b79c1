using BounceMx.Mail;

namespace BounceMx.Smtp;

/// <summary>An SMTP reply (RFC 5321 section 4.2) with its enhanced code (RFC 2034).</summary>
/// <remarks>
/// It is encoded once, when it is made: a reply that is sent often belongs in a static, and writing it is then a copy of octets.
/// What is not printable ASCII in the text goes out as a question mark, and a line that would exceed 512 octets is continued on the next.
/// </remarks>
/// <param name="Code">The reply code.</param>
/// <param name="Status">The enhanced code; <c>null</c> for the greeting, EHLO, HELO and 354.</param>
/// <param name="Text">Printable ASCII; lines separated by LF.</param>
public sealed record SmtpReply(ReplyCode Code, EnhancedStatusCode? Status, string Text)
{
    // Without setters: a copy made by `with` would carry the octets of the original.

    /// <summary>The reply code.</summary>
    public ReplyCode Code { get; } = Code;

    /// <summary>The enhanced code; <c>null</c> for the greeting, EHLO, HELO and 354.</summary>
    public EnhancedStatusCode? Status { get; } = Status;

    /// <summary>Printable ASCII; lines separated by LF.</summary>
    public string Text { get; } = Text;

    /// <summary>The reply as it goes out, the last line's CRLF included.</summary>
    internal ReadOnlyMemory<byte> Wire { get; } = ReplyEncoder.Encode(Code, Status, Text);

    /// <summary>Whether the command was accepted.</summary>
    public bool IsPositive => Code.Class is 2 or 3;

    /// <summary>Whether code, enhanced code and text are the same.</summary>
    public bool Equals(SmtpReply? other) => other is not null && Code == other.Code && Status == other.Status && Text == other.Text;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Code, Status, Text);
}
