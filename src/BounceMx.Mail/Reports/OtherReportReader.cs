using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Recognises reports that are about something else than delivery, so that their wording (<c>deleted</c>, <c>failure</c>) is not taken for a
/// bounce: receipts (MDN, RFC 8098) and reports of TLS failures (RFC 8460). Their kind is <see cref="ReportKind.Other"/>: the message of an
/// MDN was delivered, even where its disposition is <c>deleted</c> or <c>failed</c>, and a TLS report is about a day's sessions, not a message.
/// </summary>
internal static class OtherReportReader
{
    public static bool TryRead(ReportDraft draft)
    {
        if (IsReceipt(draft.Root) || draft.Root.Parts.Any(IsReceipt))
        {
            draft.Evidence.Add("message/disposition-notification");
            return true;
        }

        if (!draft.Root.Headers.Contains("TLS-Report-Domain"u8))
            return false;
        draft.Evidence.Add("TLS-Report-Domain");
        return true;
    }

    /// <summary>An MDN says what was done in Disposition. One with an Action instead is a delivery status under the wrong type.</summary>
    private static bool IsReceipt(MimePart part) =>
        part.ContentType.Is("message/disposition-notification"u8) && part.Text.Span.ContainsIgnoreCase("Disposition:"u8);
}
