using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells by its header whether a message without delivery status is likely to be a bounce. One sign alone is weak: automatic answers have
/// a null Return-Path too, and people write to postmaster about failures; the reader of free text asks for the wording of a failure besides.
/// </summary>
internal static class BounceSigns
{
    /// <summary>Names and local parts under which mail systems write.</summary>
    private static readonly byte[][] _senders =
    [
        "mailer-daemon"u8.ToArray(),
        "mailerdaemon"u8.ToArray(),
        "postmaster"u8.ToArray(),
        "post_master"u8.ToArray(),
        "mail delivery s"u8.ToArray(),
        "mail deliver s"u8.ToArray(),
        "mail.delivery.system"u8.ToArray(),
        "mail-daemon"u8.ToArray(),
        "system administrator"u8.ToArray(),
        "ndr administrator"u8.ToArray(),
    ];

    private static readonly byte[][] _subjects =
    [
        "undeliver"u8.ToArray(),
        "delivery status notification"u8.ToArray(),
        "delivery failure"u8.ToArray(),
        "delivery has failed"u8.ToArray(),
        "delivery failed"u8.ToArray(),
        "delivery notification"u8.ToArray(),
        "delivery error"u8.ToArray(),
        "delivery problem"u8.ToArray(),
        "delivery report"u8.ToArray(),
        "failure notice"u8.ToArray(),
        "failure delivery"u8.ToArray(),
        "failed delivery"u8.ToArray(),
        "returned mail"u8.ToArray(),
        "mail system error"u8.ToArray(),
        "mail delivery fail"u8.ToArray(),
        "could not be delivered"u8.ToArray(),
        "non delivery"u8.ToArray(),
        "non-delivery"u8.ToArray(),
        "error sending your mail"u8.ToArray(),
        "delayed mail"u8.ToArray(),
        "mail delivery"u8.ToArray(),
        "delayed "u8.ToArray(),
    ];

    /// <summary>The sign that a header gives, as evidence; <c>null</c> when there is none.</summary>
    public static string? Find(HeaderBlock headers)
    {
        if (headers.Contains("X-Failed-Recipients"u8))
            return "X-Failed-Recipients";
        if (IsDaemon(headers))
            return "From a mail system";
        if (headers.Decode("Subject"u8) is { } subject && AsOctets(subject).ContainsAny(_subjects))
            return "Subject of a failure";
        ReadOnlySpan<byte> returnPath = headers.RawValue("Return-Path"u8).Span;
        if (returnPath.SequenceEqual("<>"u8) || returnPath.ContainsIgnoreCase("mailer-daemon"u8))
            return "null Return-Path";
        headers.TryGet("Content-Type"u8, out HeaderField type);
        return type.RawValue.Span.ContainsIgnoreCase("delivery-status"u8) ? "Content-Type of a delivery status" : null;
    }

    /// <summary>Whether a mail system is in the From field.</summary>
    public static bool IsDaemon(HeaderBlock headers) =>
        headers.RawValue("From"u8).Span is var from && (from.ContainsAny(_senders) || from.SequenceEqual("<>"u8));

    private static ReadOnlySpan<byte> AsOctets(string text) => System.Text.Encoding.UTF8.GetBytes(text);
}
