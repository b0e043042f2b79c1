using System.Text;
using System.Text.Json;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads what Amazon SES tells through an SNS topic that has a mailbox for a subscriber: the body is a JSON object, either the notification
/// (<c>notificationType</c>) or event (<c>eventType</c>) itself, or SNS's envelope with the same as the text of its <c>Message</c>.
/// Knows Bounce, Complaint, Delivery, DeliveryDelay, Reject and Rendering Failure; Open, Click, Send and other JSON is no report.
/// Bodies above 256 KiB, SNS's own limit, are not read.
/// Standards: Amazon SES developer guide, "Amazon SNS notification contents" and "Event data that Amazon SES publishes to Amazon SNS".
/// </summary>
internal static class SesNotificationReader
{
    private const int MaxOctets = 256 * 1024;

    /// <summary>A notification nests to 4; an envelope is no deeper, for it holds the notification as a string.</summary>
    private const int MaxDepth = 16;

    /// <summary>How the bodies of JSON begin: as it is, in quoted-printable, and in base64 with and without white space behind the brace.</summary>
    private static readonly byte[][] _openings = ["{"u8.ToArray(), "=7B"u8.ToArray(), "ey"u8.ToArray(), "ew"u8.ToArray()];

    private static readonly (string Type, string Details, string? Recipients, ReportKind Kind)[] _types =
    [
        ("Bounce", "bounce", "bouncedRecipients", ReportKind.Bounce),
        ("Complaint", "complaint", "complainedRecipients", ReportKind.Complaint),
        ("Delivery", "delivery", "recipients", ReportKind.Delivered),
        ("DeliveryDelay", "deliveryDelay", "delayedRecipients", ReportKind.Delay),
        ("Reject", "reject", null, ReportKind.Bounce),
        ("Rendering Failure", "failure", null, ReportKind.Bounce),
    ];

    public static bool TryRead(ReportDraft draft)
    {
        if (FindText(draft.Root) is not { } part)
            return false;
        try
        {
            using JsonDocument? document = Parse(WithoutLineEnds(part.Text.Span));
            if (document is null)
                return false;
            using JsonDocument? message = ParseEnveloped(document.RootElement);
            return TryRead(draft, (message ?? document).RootElement);
        }
        catch (JsonException)
        {
            return false; // Broken JSON: the reader has no other way to say so, and nothing has been taken over yet.
        }
    }

    /// <summary>The text that may be JSON: the message itself, or the first part of a multipart.</summary>
    private static MimePart? FindText(MimePart root)
    {
        MimePart part = root.Parts.Count > 0 && !root.IsMessage ? root.Parts[0] : root;
        if (part.Parts.Count > 0 || part.Body.Length > MaxOctets * 2)
            return null;
        ReadOnlySpan<byte> body = part.Body.Span.TrimStart(" \t\r\n"u8);
        foreach (byte[] opening in _openings)
        {
            if (body.StartsWith(opening))
                return part;
        }

        return null;
    }

    /// <summary>
    /// JSON has no line ends within its strings, but mail has: Sendmail breaks a line of more than 990 octets by <c>!</c>, line end and blank.
    /// </summary>
    private static byte[] WithoutLineEnds(ReadOnlySpan<byte> text)
    {
        byte[] joined = new byte[Math.Min(text.Length, MaxOctets)];
        int length = 0;
        var lines = new LineReader(text);
        bool isBroken = false;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (isBroken && line.StartsWith(" "u8))
                line = line[1..];
            isBroken = line.EndsWith("!"u8) && line.Length > 900;
            if (isBroken)
                line = line[..^1];
            if (line.Length > joined.Length - length)
                return [];
            line.CopyTo(joined.AsSpan(length));
            length += line.Length;
        }

        Array.Resize(ref joined, length);
        return joined;
    }

    /// <summary>Parses the first value of a text; what stands behind it, such as SNS's advice how to unsubscribe, is not looked at.</summary>
    private static JsonDocument? Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        if (json.Length == 0 || !JsonDocument.TryParseValue(ref reader, out JsonDocument? document))
            return null;
        if (document.RootElement.ValueKind == JsonValueKind.Object)
            return document;
        document.Dispose();
        return null;
    }

    private static JsonDocument? ParseEnveloped(JsonElement envelope) =>
        TryGet(envelope, "Message", JsonValueKind.String, out JsonElement message) && StringOf(message) is { } text
            ? Parse(Encoding.UTF8.GetBytes(text))
            : null;

    private static bool TryRead(ReportDraft draft, JsonElement root)
    {
        string? type = Text(root, "notificationType") ?? Text(root, "eventType");
        foreach ((string name, string key, string? recipients, ReportKind kind) in _types)
        {
            if (name != type || !TryGet(root, key, JsonValueKind.Object, out JsonElement details))
                continue;
            draft.Evidence.Add($"Amazon SES notification: {name}");
            draft.ReportingMta = Text(details, "reportingMTA") is { } mta ? DeliveryStatusReader.HostOf(Encoding.UTF8.GetBytes(mta)) : null;
            draft.FeedbackType = Text(details, "complaintFeedbackType");
            draft.Kind = kind == ReportKind.Complaint ? FeedbackReportReader.KindOf(draft.FeedbackType) : kind;
            draft.UserAgent = kind == ReportKind.Complaint ? Text(details, "userAgent") : null;
            if (TryGet(root, "mail", JsonValueKind.Object, out JsonElement mail))
                draft.Original = ReadOriginal(mail);
            AddRecipients(draft, details, recipients is null ? mail : details, recipients ?? "destination");
            return true;
        }

        return false;
    }

    private static void AddRecipients(ReportDraft draft, JsonElement details, JsonElement holder, string name)
    {
        if (!TryGet(holder, name, JsonValueKind.Array, out JsonElement list))
            return;
        foreach (JsonElement item in list.EnumerateArray())
        {
            if (draft.Recipients.Count == StatusFields.MaxRecipients)
            {
                draft.ParseLimited = true;
                return;
            }

            string? address = item.ValueKind == JsonValueKind.String ? StringOf(item) : Text(item, "emailAddress");
            if (AddressText.Read(Encoding.UTF8.GetBytes(address ?? "")) is { } recipient)
                draft.Recipients.Add(Build(draft.Kind, recipient, details, item));
        }
    }

    private static RecipientStatus Build(ReportKind kind, string recipient, JsonElement details, JsonElement item)
    {
        string? said =
            Text(item, "diagnosticCode") ?? Text(details, "smtpResponse") ?? Text(details, "reason") ?? Text(details, "errorMessage");
        byte[] diagnostic = DiagnosticText.WithoutType(Encoding.UTF8.GetBytes(said ?? BounceType(details)), out _).ToArray();
        bool hasReply = ReplyText.TryFind(diagnostic, out ReplyCode reply, out int at);
        bool hasStatus = EnhancedStatusCode.TryParse(Encoding.UTF8.GetBytes(Text(item, "status") ?? ""), out EnhancedStatusCode status);
        if (!hasStatus)
            hasStatus = ReplyText.TryFindStatus(diagnostic, at, out status, out _);
        return new RecipientStatus
        {
            Recipient = recipient,
            RecipientSource = RecipientSource.FinalRecipient,
            FinalRecipient = recipient,
            Action = ActionOf(kind),
            Status = hasStatus ? status : null,
            Reply = hasReply ? reply : null,
            Diagnostic = DiagnosticText.Read(diagnostic),
            Command = CommandText.Find(diagnostic),
            WillRetryUntil = Text(details, "expirationTime") is { } date ? MailDate.Read(Encoding.UTF8.GetBytes(date)) : null,
        };
    }

    /// <summary>Where no server has said anything, what SES makes of it: <c>Transient MailboxFull</c>.</summary>
    private static string BounceType(JsonElement details) => $"{Text(details, "bounceType")} {Text(details, "bounceSubType")}";

    private static DsnAction ActionOf(ReportKind kind) =>
        kind switch
        {
            ReportKind.Bounce => DsnAction.Failed,
            ReportKind.Delay => DsnAction.Delayed,
            ReportKind.Delivered => DsnAction.Delivered,
            _ => DsnAction.None,
        };

    /// <summary>What is told of the message: SES's own id is not the Message-ID, which stands among the common headers.</summary>
    private static OriginalMessage ReadOriginal(JsonElement mail)
    {
        _ = TryGet(mail, "commonHeaders", JsonValueKind.Object, out JsonElement headers);
        return new OriginalMessage
        {
            MessageId = OriginalMessageReader.WithoutBrackets(Text(headers, "messageId")),
            Subject = Text(headers, "subject"),
            From = First(headers, "from"),
            To = First(headers, "to"),
        };
    }

    private static string? Text(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.String, out JsonElement value) ? TextOf(value) : null;

    private static string? First(JsonElement element, string name) =>
        TryGet(element, name, JsonValueKind.Array, out JsonElement value)
        && value.GetArrayLength() > 0
        && value[0].ValueKind == JsonValueKind.String
            ? TextOf(value[0])
            : null;

    private static string? TextOf(JsonElement value) =>
        StringOf(value) is { } text ? TextCleaner.Clean(text, DiagnosticText.MaxOctets) : null;

    /// <summary>Finds a member of the kind that is wanted; one whose own name or neighbour's is no text is none.</summary>
    private static bool TryGet(JsonElement element, string name, JsonValueKind kind, out JsonElement value)
    {
        value = default;
        try
        {
            return element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out value) && value.ValueKind == kind;
        }
        catch (InvalidOperationException)
        {
            return false; // As in StringOf.
        }
    }

    /// <summary>A string; <c>null</c> where it has escapes that are no character, half a surrogate pair: that costs this value, not the notification.</summary>
    private static string? StringOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null; // The JSON reader has no other way to say so.
        }
    }
}
