using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads off a returned message's header what speaks for its origin: its envelope sender, and the domains of its DKIM signatures.
/// Does not believe or check any of it; who forges a bounce can forge these too.
/// Standards: RFC 5321 section 4.4 (Return-Path, Received), RFC 6376 section 3.5 (DKIM-Signature).
/// </summary>
internal static class EnvelopeTrace
{
    // A message has one or two signatures; mailing lists and providers add some.
    private const int MaxDkimDomains = 8;

    private static readonly SearchValues<byte> _behindAddress = SearchValues.Create(" \t\r\n>);"u8);

    private static readonly byte[][] _senderFields =
    [
        [.. "X-Envelope-From"u8],
        [.. "X-Envelope-Sender"u8],
        [.. "X-Original-Envelope-From"u8],
        [.. "Envelope-From"u8],
    ];

    /// <summary>The envelope sender; <c>null</c> where nothing names it.</summary>
    public static string? ReturnPath(HeaderBlock headers) =>
        Mailbox(headers, "Return-Path"u8) ?? FromReceived(headers) ?? FromSenderFields(headers);

    /// <summary>The domains that signed, in lower case and in the order of their fields.</summary>
    public static IReadOnlyList<string> DkimDomains(HeaderBlock headers)
    {
        List<string>? domains = null;
        for (int i = 0; i < headers.Count && domains is not { Count: MaxDkimDomains }; i++)
        {
            HeaderField field = headers[i];
            if (field.Is("DKIM-Signature"u8) && ReadDomainTag(field.RawValue.Span) is { } domain && domains?.Contains(domain) != true)
                (domains ??= []).Add(domain);
        }

        return domains ?? (IReadOnlyList<string>)[];
    }

    private static string? Mailbox(HeaderBlock headers, ReadOnlySpan<byte> name) =>
        headers.TryGet(name, out HeaderField field)
        && AddressText.Read(field.RawValue.Span) is { } address
        && AddressText.IsMailbox(address)
            ? address
            : null;

    private static string? FromSenderFields(HeaderBlock headers)
    {
        foreach (byte[] name in _senderFields)
        {
            if (Mailbox(headers, name) is { } address)
                return address;
        }

        return null;
    }

    // Exim and others write (envelope-from <user@example.org>), qmail's patches (envelope-sender <…>). The topmost field is that of the host
    // that gave the message up; those below are of earlier hops, with whatever sender it had there.
    private static string? FromReceived(HeaderBlock headers)
    {
        ReadOnlySpan<byte> value = headers.RawValue("Received"u8).Span;
        return Behind(value, "envelope-from"u8) ?? Behind(value, "envelope-sender"u8);
    }

    private static string? Behind(ReadOnlySpan<byte> value, ReadOnlySpan<byte> word)
    {
        int at = value.IndexOfIgnoreCase(word);
        if (at < 0)
            return null;
        ReadOnlySpan<byte> rest = value[(at + word.Length)..].TrimStart(" \t\r\n=:<"u8);
        int end = rest.IndexOfAny(_behindAddress);
        rest = end < 0 ? rest : rest[..end];
        return rest.Length <= AddressText.MaxOctets && AddressText.Read(rest) is { } address && AddressText.IsMailbox(address)
            ? address
            : null;
    }

    // v=1; a=rsa-sha256; d=example.org; s=…: tags may be folded, and "d" is one letter that others end with.
    private static string? ReadDomainTag(ReadOnlySpan<byte> value)
    {
        foreach (Range range in value.Split((byte)';'))
        {
            ReadOnlySpan<byte> tag = value[range].TrimBlank();
            if (tag is not [(byte)'d' or (byte)'D', .. var rest] || rest.TrimBlank() is not [(byte)'=', .. var domain])
                continue;
            string text = TextCleaner.Clean(domain.TrimBlank(), AddressText.MaxOctets);
            return text.Length == 0 ? null : text.ToLowerInvariant();
        }

        return null;
    }
}
