using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads what a message says of the delivery of another. A chain of small readers, the surest first; the first that understands the
/// message decides. Never throws; what no reader understands is <see cref="ReportKind.Other"/>.
/// Does not judge why a recipient failed (that is classification) and knows nothing of VERP.
/// Standards: RFC 3464, 6533 (delivery status), 5965 (feedback), 8098 (receipts), 3834 (automatic answers), 3462 (returned messages).
/// </summary>
public static class ReportReader
{
    private static readonly Func<ReportDraft, bool>[] _chain =
    [
        OtherReportReader.TryRead,
        FeedbackReportReader.TryRead,
        DeliveryStatusReader.TryRead,
        ComplaintReader.TryRead,
        SesNotificationReader.TryRead,
        ListServerReader.TryRead,
        AutoReplyReader.TryRead,
        FreeTextReader.TryRead,
        AutoReplyReader.TryReadDoubtful,
    ];

    /// <summary>Reads a message.</summary>
    /// <param name="root">The root that <see cref="MimeReader.Read"/> returned.</param>
    /// <param name="hasNullReversePath">
    /// Whether the envelope's reverse-path was <c>&lt;&gt;</c>, which speaks for a bounce or an automatic answer; <c>null</c> where only the
    /// header can tell, by the Return-Path that final delivery adds (RFC 5321 section 4.4).
    /// </param>
    public static DeliveryReport Read(MimePart root, bool? hasNullReversePath = null)
    {
        ArgumentNullException.ThrowIfNull(root);
        var draft = new ReportDraft(root, hasNullReversePath);
        foreach (Func<ReportDraft, bool> tryRead in _chain)
        {
            if (tryRead(draft))
                break;
        }

        HeaderBlock? original = OriginalMessageReader.FindHeaders(draft.Parts) ?? draft.InlineHeader;
        if (original is not null)
            draft.Original = OriginalMessageReader.Read(original);
        return draft.ToReport();
    }
}
