using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells by its header whether a message without delivery status is likely to be a bounce. One sign alone is weak: automatic answers have
/// a null Return-Path too, and people write to postmaster about failures; the reader of free text asks for the wording of a failure besides.
/// </summary>
internal static class BounceSigns
{
    /// <summary>Names and local parts under which mail systems write.</summary>
    private static readonly Phrases _senders = new(
        "mailer-daemon",
        "mailerdaemon",
        "postmaster",
        "post_master",
        "mail delivery s",
        "mail deliver s",
        "mail.delivery.system",
        "mail-daemon",
        "system administrator",
        "ndr administrator"
    );

    /// <summary>What mail programs put before the subject of an answer. A forwarded bounce is still one.</summary>
    private static readonly string[] _answers = ["re:", "aw:", "sv:"];

    private static readonly Phrases _subjects = new(
        "undeliver",
        "delivery status notification",
        "delivery failure",
        "delivery has failed",
        "delivery failed",
        "delivery notification",
        "delivery error",
        "delivery problem",
        "delivery report",
        "failure notice",
        "failure delivery",
        "failed delivery",
        "returned mail",
        "mail system error",
        "mail delivery fail",
        "could not be delivered",
        "non delivery",
        "non-delivery",
        "error sending your mail",
        "delayed mail",
        "mail delivery",
        "delayed "
    );

    /// <summary>The sign that a header gives, as evidence; <c>null</c> when there is none.</summary>
    public static string? Find(HeaderBlock headers)
    {
        if (headers.Contains("X-Failed-Recipients"u8))
            return "X-Failed-Recipients";
        if (IsDaemon(headers))
            return "From a mail system";
        if (headers.Decode("Subject"u8) is { } subject && _subjects.IndexIn(subject) >= 0 && !IsConversation(headers, subject))
            return "Subject of a failure";
        // The list server fml rejects articles in the name of the list's administrator.
        if (headers.RawValue("X-MLServer"u8).Span.ContainsIgnoreCase("fml"u8) && headers.RawValue("From"u8).Span.ContainsIgnoreCase("-admin@"u8))
            return "From a list server";
        ReadOnlySpan<byte> returnPath = headers.RawValue("Return-Path"u8).Span;
        if (returnPath.SequenceEqual("<>"u8) || returnPath.ContainsIgnoreCase("mailer-daemon"u8))
            return "null Return-Path";
        headers.TryGet("Content-Type"u8, out HeaderField type);
        return type.RawValue.Span.ContainsIgnoreCase("delivery-status"u8) ? "Content-Type of a delivery status" : null;
    }

    /// <summary>People who write about a bounce, and lists that write about bounces, take the words of its subject.</summary>
    private static bool IsConversation(HeaderBlock headers, string subject) =>
        headers.Contains("In-Reply-To"u8)
        || headers.Contains("List-Id"u8)
        || headers.Contains("List-Unsubscribe"u8)
        || _answers.Any(prefix => subject.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a mail system is in the From field.</summary>
    public static bool IsDaemon(HeaderBlock headers) =>
        headers.RawValue("From"u8).Span is var from && (_senders.StandIn(from) || from.SequenceEqual("<>"u8));
}
