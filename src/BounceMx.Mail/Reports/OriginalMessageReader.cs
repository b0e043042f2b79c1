using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Reads what a report returns of the original message: a message part, or its header (RFC 3462 section 2).</summary>
internal static class OriginalMessageReader
{
    /// <summary>Finds the returned message among the report's parts.</summary>
    /// <returns>Its header; <c>null</c> when nothing was returned.</returns>
    public static HeaderBlock? FindHeaders(ReportParts parts)
    {
        foreach (MimePart part in parts.Own)
        {
            if (part.IsMessage && part.Parts is [{ Headers.Count: > 0 } message])
                return message.Headers;
        }

        return null;
    }

    /// <summary>Takes what a record keeps of a header.</summary>
    public static OriginalMessage Read(HeaderBlock headers) =>
        new()
        {
            MessageId = ReadId(headers, "Message-ID"u8),
            FeedbackId = headers.Decode("Feedback-ID"u8, AddressText.MaxOctets),
            ListId = ReadId(headers, "List-Id"u8),
            Subject = headers.Decode("Subject"u8, AddressText.MaxOctets),
            From = headers.Decode("From"u8, AddressText.MaxOctets),
            To = headers.Decode("To"u8, AddressText.MaxOctets),
            ReturnPath = EnvelopeTrace.ReturnPath(headers),
            DkimDomains = EnvelopeTrace.DkimDomains(headers),
        };

    /// <summary>The text between the last angle brackets, or the whole.</summary>
    public static string? WithoutBrackets(string? text)
    {
        int close = text?.LastIndexOf('>') ?? -1;
        int open = close < 0 ? -1 : text!.LastIndexOf('<', close);
        return open < 0 ? text : text![(open + 1)..close].Trim();
    }

    /// <summary>The text between the last angle brackets of a field, or the whole.</summary>
    public static string? ReadId(HeaderBlock headers, ReadOnlySpan<byte> name)
    {
        if (!headers.TryGet(name, out HeaderField field))
            return null;
        ReadOnlySpan<byte> value = field.RawValue.Span;
        int close = value.LastIndexOf((byte)'>');
        int open = close < 0 ? -1 : value[..close].LastIndexOf((byte)'<');
        return open < 0 ? field.Decode(AddressText.MaxOctets) : TextCleaner.Clean(value[(open + 1)..close], AddressText.MaxOctets);
    }
}
