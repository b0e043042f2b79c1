using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads feedback reports (ARF, RFC 5965): a recipient has pressed the spam button. The recipient is Original-Rcpt-To or Removal-Recipient,
/// or else the returned message's To, unless the provider has blacked it out. Also reads those whose part is labelled as text.
/// A feedback report within the message that a bounce returns is not looked at. What is no ARF is left to <see cref="ComplaintReader"/>.
/// Standards: RFC 5965, 6590 (redaction), 6591 (authentication failures).
/// Known gap: what a provider has blacked out can be told only from the VERP address.
/// </summary>
internal static class FeedbackReportReader
{
    /// <summary>RFC 5965 allows several Original-Rcpt-To fields; a complaint has one or two.</summary>
    private const int MaxRecipients = 100;

    /// <summary>How much of a part is searched for a field when its type does not announce it.</summary>
    private const int ProbeLength = 2048;

    private static readonly SearchValues<char> _behindIp = SearchValues.Create(" ]();,");

    public static bool TryRead(ReportDraft draft)
    {
        Func<MimePart, bool> isFeedback = IsReport(draft.Root) ? HoldsFields : IsFeedback;
        ReportParts parts = draft.Parts.Around(isFeedback);
        if (parts.BelongToAnother)
            return false;
        List<string> recipients = [];
        bool found = false;
        foreach (MimePart part in parts.Own)
        {
            if (!isFeedback(part))
                continue;
            found = true;
            ReadFields(part, draft, recipients);
        }

        if (!found)
            return false;
        draft.Parts = parts;
        draft.Kind = KindOf(draft.FeedbackType);
        draft.Evidence.Add($"message/feedback-report: {draft.FeedbackType ?? "no type"}");
        AddRecipients(draft, recipients);
        return true;
    }

    /// <summary>With <c>not-spam</c> the recipient says that the message is welcome (RFC 5965 section 7.3).</summary>
    internal static ReportKind KindOf(string? feedbackType) => feedbackType == "not-spam" ? ReportKind.Other : ReportKind.Complaint;

    /// <summary>Names who complained. Nobody did where the provider tells of a failed authentication (RFC 6591): that is about the sender.</summary>
    private static void AddRecipients(ReportDraft draft, List<string> recipients)
    {
        if (draft.FeedbackType is "auth-failure" or "dmarc")
            return;
        RecipientSource source = RecipientSource.OriginalRecipient;
        if (recipients.Count == 0)
        {
            source = RecipientSource.Header;
            if (Addressee(OriginalMessageReader.FindHeaders(draft.Parts)) is { } to)
                recipients.Add(to);
        }

        foreach (string recipient in recipients)
            draft.Recipients.Add(new RecipientStatus { Recipient = recipient, RecipientSource = source });
    }

    /// <summary>To whom the message went that is complained about; <c>null</c> where it does not say so.</summary>
    internal static string? Addressee(HeaderBlock? original) =>
        original is not null && AddressText.Find(original.RawValue("To"u8).Span, out _) is { } to && !IsRedacted(to) ? to : null;

    /// <summary>AOL writes <c>redacted@aol.com</c> or, of the local part, <c>redacted</c> and a hash.</summary>
    private static bool IsRedacted(string address) =>
        address.StartsWith("redacted", StringComparison.OrdinalIgnoreCase)
        || address.StartsWith("[redacted", StringComparison.OrdinalIgnoreCase);

    private static void ReadFields(MimePart part, ReportDraft draft, List<string> recipients)
    {
        // The fields have the form of a header (RFC 5965 section 3); an empty line above them is a common fault.
        HeaderBlock fields = HeaderBlock.Read(part.Text.TrimStart("\r\n"u8), part.Budget, out _);
        draft.FeedbackType ??= fields.Decode("Feedback-Type"u8, AddressText.MaxOctets)?.ToLowerInvariant();
        draft.UserAgent ??= fields.Decode("User-Agent"u8, AddressText.MaxOctets);
        draft.SourceIp ??= ReadIp(fields.Decode("Source-IP"u8, AddressText.MaxOctets));
        draft.ReportedDomain ??= fields.Decode("Reported-Domain"u8, AddressText.MaxOctets);
        draft.OriginalMailFrom ??= AddressText.Read(fields.RawValue("Original-Mail-From"u8).Span);
        draft.ReportingMta ??= DeliveryStatusReader.HostOf(fields.RawValue("Reporting-MTA"u8));
        draft.EnvelopeId ??= fields.Decode("Original-Envelope-Id"u8, AddressText.MaxOctets);
        draft.ArrivalDate ??=
            MailDate.Read(fields.RawValue("Arrival-Date"u8).Span) ?? MailDate.Read(fields.RawValue("Received-Date"u8).Span);
        for (int i = 0; i < fields.Count && recipients.Count < MaxRecipients; i++)
        {
            HeaderField field = fields[i];
            if (
                (field.Is("Original-Rcpt-To"u8) || field.Is("Removal-Recipient"u8))
                && AddressText.Read(field.RawValue.Span) is { } recipient
                && AddressText.IsMailbox(recipient)
                && !IsRedacted(recipient)
                && !recipients.Contains(recipient, StringComparer.OrdinalIgnoreCase)
            )
                recipients.Add(recipient);
        }
    }

    /// <summary>The address at the start of a text, such as <c>192.0.2.1 (mx.example.org)</c>; <c>null</c> when it is none.</summary>
    internal static string? ReadIp(string? text)
    {
        if (text is null)
            return null;
        ReadOnlySpan<char> address = text.AsSpan().TrimStart('[');
        int end = address.IndexOfAny(_behindIp);
        address = end < 0 ? address : address[..end];
        return System.Net.IPAddress.TryParse(address, out System.Net.IPAddress? ip) ? ip.ToString() : null;
    }

    private static bool IsFeedback(MimePart part) => part.ContentType.Is("message/feedback-report"u8);

    /// <summary>Whether the message says in its type that it is a feedback report; then a part of another type may hold the fields.</summary>
    private static bool IsReport(MimePart root) =>
        root.ContentType.Is("multipart/report"u8)
        && root.ContentType.TryGetParameter("report-type"u8, out ReadOnlyMemory<byte> type)
        && type.Span.StartsWithIgnoreCase("feedback-report"u8);

    private static bool HoldsFields(MimePart part) =>
        IsFeedback(part) || (part.Parts.Count == 0 && part.ContentType.IsText && StartsFields(part.Text.Span));

    private static bool StartsFields(ReadOnlySpan<byte> text)
    {
        var lines = new LineReader(text[..Math.Min(text.Length, ProbeLength)]);
        while (lines.MoveNext())
        {
            if (lines.Line.StartsWithIgnoreCase("Feedback-Type:"u8))
                return true;
        }

        return false;
    }
}
