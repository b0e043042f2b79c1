using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads feedback reports (ARF, RFC 5965): a recipient has pressed the spam button. The recipient is Original-Rcpt-To, or else
/// the returned message's To, which providers often redact.
/// Known gap: proprietary complaints without a <c>message/feedback-report</c> part.
/// </summary>
internal static class FeedbackReportReader
{
    /// <summary>RFC 5965 allows several Original-Rcpt-To fields; a complaint has one or two.</summary>
    private const int MaxRecipients = 100;

    public static bool TryRead(ReportDraft draft)
    {
        ReportParts parts = draft.Parts.Around(IsFeedback);
        List<string> recipients = [];
        bool found = false;
        foreach (MimePart part in parts.Own)
        {
            if (!IsFeedback(part))
                continue;
            found = true;
            ReadFields(part, draft, recipients);
        }

        if (!found)
            return false;
        draft.Parts = parts;
        // RFC 5965 section 7.3 and RFC 6591: these are no complaints of a recipient, rather the opposite, or about the sender's own set-up.
        draft.Kind = draft.FeedbackType is "not-spam" or "auth-failure" or "dmarc" ? ReportKind.Other : ReportKind.Complaint;
        draft.Evidence.Add($"message/feedback-report: {draft.FeedbackType ?? "no type"}");
        RecipientSource source = RecipientSource.OriginalRecipient;
        if (recipients.Count == 0 && OriginalMessageReader.FindHeaders(parts) is { } original)
        {
            source = RecipientSource.Header;
            if (AddressText.Find(original.RawValue("To"u8).Span, out _) is { } to)
                recipients.Add(to);
        }

        foreach (string recipient in recipients)
            draft.Recipients.Add(new RecipientStatus { Recipient = recipient, RecipientSource = source });
        return true;
    }

    private static void ReadFields(MimePart part, ReportDraft draft, List<string> recipients)
    {
        // The fields have the form of a header (RFC 5965 section 3); an empty line above them is a common fault.
        HeaderBlock fields = HeaderBlock.Read(part.Text.TrimStart("\r\n"u8), part.Budget, out _);
        draft.FeedbackType ??= fields.Decode("Feedback-Type"u8, AddressText.MaxOctets)?.ToLowerInvariant();
        draft.ReportingMta ??= DeliveryStatusReader.HostOf(fields.RawValue("Reporting-MTA"u8));
        draft.EnvelopeId ??= fields.Decode("Original-Envelope-Id"u8, AddressText.MaxOctets);
        draft.ArrivalDate ??=
            MailDate.Read(fields.RawValue("Arrival-Date"u8).Span) ?? MailDate.Read(fields.RawValue("Received-Date"u8).Span);
        for (int i = 0; i < fields.Count && recipients.Count < MaxRecipients; i++)
        {
            HeaderField field = fields[i];
            if (field.Is("Original-Rcpt-To"u8) && AddressText.Read(field.RawValue.Span) is { } recipient && !recipients.Contains(recipient))
                recipients.Add(recipient);
        }
    }

    private static bool IsFeedback(MimePart part) => part.ContentType.Is("message/feedback-report"u8);
}
