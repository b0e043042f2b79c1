using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads delivery status notifications (RFC 3464, RFC 6533), also where the part that holds the fields is labelled wrongly.
/// The recipient is the address that the sender mailed: Original-Recipient, or else Final-Recipient, or else what the text names.
/// Does not guess from wording; where the text for people quotes more of the remote reply than the fields, that is used.
/// Known gap: a report without any recipient field is left to the reader of free text.
/// </summary>
internal static class DeliveryStatusReader
{
    /// <summary>How much of a part is searched for fields when its type does not announce them.</summary>
    private const int ProbeLength = 8192;

    public static bool TryRead(ReportDraft draft)
    {
        ReportParts parts = draft.Parts.Around(IsDeliveryStatus);
        if (parts.BelongToAnother && TellsForItself(draft.Parts, parts.Top.Headers))
            return false;
        var fields = new StatusFields();
        string evidence = "message/delivery-status";
        foreach (MimePart part in parts.Own)
        {
            if (IsDeliveryStatus(part))
                fields.Read(part.Text);
        }

        // To look into every part for fields costs a decoding; it is done where the header promises a bounce.
        if (fields.Recipients.Count == 0 && draft.Sign is not null)
        {
            parts = parts.Around(HoldsFields);
            foreach (MimePart part in parts.Own)
            {
                if (!HoldsFields(part))
                    continue;
                fields.Read(QuotedText.Unquote(part.Text)[StartOfFields(part)..]);
                evidence = $"delivery-status fields in {(part.ContentType.IsDefault ? "an untyped part" : part.ContentType.ToString())}";
            }
        }

        if (fields.Recipients.Count == 0)
            return false;
        draft.Parts = parts;
        return TryFill(draft, fields, evidence);
    }

    /// <summary>
    /// Whether a report around that of the fields tells for itself why it was sent: it quotes a reply, or names whom the inner one was sent
    /// to, who is then the one that failed. Some MTAs attach the whole report to one that says nothing.
    /// </summary>
    private static bool TellsForItself(ReportParts outer, HeaderBlock inner)
    {
        using var text = new HumanText(outer);
        if (!text.AnyReply(out _).IsEmpty)
            return true;
        ReadOnlySpan<byte> to = inner.RawValue("To"u8).Span;
        if (!AddressText.TryFind(to, out Range where) || outer.Root.Headers.RawValue("To"u8).Span.ContainsIgnoreCase(to[where]))
            return false;
        byte[] addressee = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(to[where]).ToLowerInvariant());
        return text.Texts.Exists(one => one.Span.ContainsIgnoreCase(addressee));
    }

    /// <summary>Takes over what the fields say.</summary>
    /// <returns><c>false</c> when the fields neither name a recipient nor say what was done; then another reader may.</returns>
    private static bool TryFill(ReportDraft draft, StatusFields fields, string evidence)
    {
        draft.ParseLimited |= fields.Limited;
        draft.ReportingMta = HostOf(fields.Message[ReportField.ReportingMta]);
        draft.EnvelopeId = TextOf(fields.Message[ReportField.OriginalEnvelopeId]);
        draft.ArrivalDate = MailDate.Read(fields.Message[ReportField.ArrivalDate].Span);
        using var text = new HumanText(draft.Parts);
        draft.InlineHeader = text.InlineHeader;
        text.Reported = fields.Recipients.Select(RecipientBuilder.AddressOf);
        var builder = new RecipientBuilder(
            text,
            OriginalMessageReader.FindHeaders(draft.Parts) ?? text.InlineHeader,
            isOnly: fields.Recipients.Count == 1
        );
        foreach (FieldGroup group in fields.Recipients)
        {
            if (builder.Build(group) is { Action: not DsnAction.None } recipient && !Repeats(draft.Recipients, recipient))
                draft.Recipients.Add(recipient);
        }

        draft.ParseLimited |= text.Limited;
        if (draft.Recipients.Count == 0)
            return false;
        draft.Kind = KindOf(draft.Recipients);
        draft.Evidence.Add($"{evidence}: {draft.Kind.ToWire()}");
        draft.Evidence.AddRange(builder.Evidence);
        return true;
    }

    /// <summary>A bounce if any recipient failed, else a delay if any waits, else delivered.</summary>
    private static ReportKind KindOf(List<RecipientStatus> recipients)
    {
        ReportKind kind = ReportKind.Other;
        foreach (RecipientStatus recipient in recipients)
        {
            ReportKind one = recipient.Action switch
            {
                DsnAction.Failed => ReportKind.Bounce,
                DsnAction.Delayed => ReportKind.Delay,
                DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded => ReportKind.Delivered,
                _ => ReportKind.Other,
            };
            if (kind == ReportKind.Other || (one != ReportKind.Other && one < kind))
                kind = one;
        }

        return kind;
    }

    /// <summary>Some MTAs report one recipient twice running, once a fault.</summary>
    private static bool Repeats(List<RecipientStatus> recipients, RecipientStatus recipient) =>
        recipients.Count > 0
        && recipients[^1].Action == recipient.Action
        && recipients[^1].Recipient.Equals(recipient.Recipient, StringComparison.OrdinalIgnoreCase);

    private static bool IsDeliveryStatus(MimePart part) =>
        part.ContentType.Is("message/delivery-status"u8) || part.ContentType.Is("message/global-delivery-status"u8);

    private static bool HoldsFields(MimePart part) => part.Parts.Count == 0 && MayHoldFields(part.ContentType) && StartOfFields(part) >= 0;

    private static bool MayHoldFields(ContentType type) =>
        (type.IsText && !type.Is("text/html"u8))
        || type.Is("message/delivery-notification"u8)
        || type.Is("message/report"u8)
        || type.Is("application/octet-stream"u8);

    /// <summary>Where the line starts that names the reporting MTA or a recipient; -1 when there is none.</summary>
    private static int StartOfFields(MimePart part)
    {
        ReadOnlySpan<byte> text = QuotedText.Unquote(part.Text[..Math.Min(part.Text.Length, 2 * ProbeLength)]).Span;
        var lines = new LineReader(text[..Math.Min(text.Length, ProbeLength)]);
        while (lines.MoveNext())
        {
            if (
                lines.Line.StartsWithIgnoreCase("Reporting-MTA:"u8)
                || lines.Line.StartsWithIgnoreCase("Final-Recipient:"u8)
                || lines.Line.StartsWithIgnoreCase("Original-Recipient:"u8)
            )
                return lines.Start;
        }

        return -1;
    }

    /// <summary>The name of an MTA without type and comment.</summary>
    internal static string? HostOf(ReadOnlyMemory<byte> field)
    {
        ReadOnlySpan<byte> value = field.Span;
        int semicolon = value.IndexOf((byte)';');
        value = value[(semicolon + 1)..].TrimBlank();
        int end = value.IndexOfAny(" \t\r\n("u8);
        string host = TextCleaner.Clean(end < 0 ? value : value[..end], AddressText.MaxOctets).TrimEnd('.');
        return host.Length == 0 ? null : host;
    }

    internal static string? TextOf(ReadOnlyMemory<byte> field)
    {
        string text = TextCleaner.Clean(field.Span, AddressText.MaxOctets);
        return text.Length == 0 ? null : text;
    }
}
