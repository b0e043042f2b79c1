using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads what a message says of the delivery of another. A chain of small readers, the surest first; the first that understands the
/// message decides. Never throws; what no reader understands is <see cref="ReportKind.Other"/>.
/// Does not judge why a recipient failed (that is classification) and knows nothing of the envelope or of VERP.
/// Standards: RFC 3464, 6533 (delivery status), 5965 (feedback), 3834 (automatic answers), 3462 (returned messages).
/// </summary>
public static class ReportReader
{
    private static readonly Func<ReportDraft, bool>[] _chain =
    [
        FeedbackReportReader.TryRead,
        DeliveryStatusReader.TryRead,
        AutoReplyReader.TryRead,
        FreeTextReader.TryRead,
    ];

    /// <summary>Reads a message.</summary>
    /// <param name="root">The root that <see cref="MimeReader.Read"/> returned.</param>
    public static DeliveryReport Read(MimePart root)
    {
        ArgumentNullException.ThrowIfNull(root);
        var draft = new ReportDraft(root);
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
