using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads the address of a recipient field, <c>address-type ; generic-address</c> (RFC 3464 section 2.3.1, RFC 6533 section 3), as MTAs
/// write it: with or without type, angle brackets, display name, source route, comment.
/// Does not validate domains. A pipe, a file name or a bare local part is returned as it stands; <see cref="IsMailbox"/> tells it apart.
/// </summary>
internal static class AddressText
{
    /// <summary>64 + 1 + 255 octets (RFC 5321 section 4.5.3.1).</summary>
    public const int MaxOctets = 320;

    private static readonly SearchValues<char> _notInLocalPart = SearchValues.Create(" \t,;<>");
    private static readonly SearchValues<char> _notInDomain = SearchValues.Create(" \t,;<>()/");
    private static readonly SearchValues<byte> _beforeAddress = SearchValues.Create(" \t\r\n<>()[]:;,\""u8);
    private static readonly SearchValues<byte> _behindAddress = SearchValues.Create(" \t\r\n<>()[]:;,\"'"u8);

    /// <summary>Reads a field.</summary>
    /// <param name="field">The field's value as it stands.</param>
    /// <returns>The address without type and brackets; <c>null</c> when there is none.</returns>
    public static string? Read(ReadOnlySpan<byte> field)
    {
        field = field.TrimBlank();
        ReadOnlySpan<byte> address = WithoutType(field, out bool isUtf8);
        address = WithoutBrackets(address);
        string text = TextCleaner.Clean(address, MaxOctets);
        if (isUtf8)
            text = DecodeUnicodeEscapes(text);
        return text.Length == 0 ? null : text;
    }

    /// <summary>Reads an Original-Recipient, whose sender's xtext (RFC 3461 section 4) some MTAs hand on undecoded.</summary>
    public static string? ReadOriginal(ReadOnlySpan<byte> field) => Read(field) is { } text ? DecodeXtext(text) : null;

    /// <summary>Whether a text has the shape <c>local@domain</c>: not a pipe, a file or a list of words.</summary>
    public static bool IsMailbox(string? text)
    {
        if (text is null || text.Length > MaxOctets)
            return false;
        int at = text.LastIndexOf('@');
        if (at <= 0 || at == text.Length - 1 || text[0] is '|' or '/')
            return false;
        bool quoted = text[0] == '"' && text[at - 1] == '"';
        return !text.AsSpan(at).ContainsAny(_notInDomain) && (quoted || !text.AsSpan(0, at).ContainsAny(_notInLocalPart));
    }

    /// <summary>The first mailbox in angle brackets, or else the first bare one, of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="where">Where it stands.</param>
    public static string? Find(ReadOnlySpan<byte> text, out Range where) =>
        TryFind(text, out where) ? TextCleaner.Clean(text[where], MaxOctets) : null;

    /// <summary>As <see cref="Find"/>, for those who need no string.</summary>
    public static bool TryFind(ReadOnlySpan<byte> text, out Range where)
    {
        where = default;
        int from = 0;
        while (text[from..].IndexOf((byte)'@') is var found and >= 0)
        {
            int sign = from + found;
            int start = sign - LocalPartLength(text[from..sign]);
            int end = start == sign || IsInUrl(text[start..sign]) ? sign : sign + 1 + DomainLength(text[(sign + 1)..]);
            if (end > sign + 1)
            {
                // 'user@example.org', but o'neill@example.org.
                if (text[start] == '\'' && end < text.Length && text[end] == '\'' && start + 1 < sign)
                    start++;
                where = start..end;
                return true;
            }

            from = sign + 1;
        }

        return false;
    }

    /// <summary>Whether octets are an address, in any case.</summary>
    public static bool IsSame(ReadOnlySpan<byte> octets, string address) =>
        Ascii.EqualsIgnoreCase(octets, address)
        || (!Ascii.IsValid(octets) && Encoding.UTF8.GetString(octets).Equals(address, StringComparison.OrdinalIgnoreCase));

    /// <summary>How long the mark is that begins here: a typographic quote, dash, bullet, arrow or blank (U+2010 to U+203F, «, », U+00A0, ●, ・, U+3000); 0 when none does.</summary>
    public static int MarkLength(ReadOnlySpan<byte> utf8) =>
        utf8 switch
        {
            [0xE2, 0x80, >= 0x90, ..] => 3,
            [0xE2, 0x86 or 0x96 or 0x97, ..] => 3,
            [0xE3, 0x80, 0x80, ..] => 3,
            [0xE3, 0x83, 0xBB, ..] => 3,
            [0xC2, 0xA0 or 0xAB or 0xBB, ..] => 2,
            _ => 0,
        };

    /// <summary>As <see cref="MarkLength"/>, for the mark that ends here.</summary>
    public static int MarkLengthAtEnd(ReadOnlySpan<byte> utf8) =>
        MarkLength(utf8[^Math.Min(utf8.Length, 3)..]) is 3 ? 3 : MarkLength(utf8[^Math.Min(utf8.Length, 2)..]);

    // Both ends of an address are looked for no further than an address can reach: text may be one long run of at signs.
    private static int LocalPartLength(ReadOnlySpan<byte> before)
    {
        before = before[^Math.Min(before.Length, MaxOctets)..];
        if (before.EndsWith("\""u8) && before[..^1].LastIndexOf((byte)'"') is var open and >= 0)
            return before.Length - open;
        ReadOnlySpan<byte> local = before[(before.LastIndexOfAny(_beforeAddress) + 1)..];
        // Japanese and Chinese prose puts no space before an address.
        int prose = local.LastIndexOfAnyInRange((byte)0x80, (byte)0xFF) + 1;
        if (prose == 0)
            return local.Length;
        int mark = MarkEnd(local[..prose]);
        local = local[mark..];
        prose -= mark;
        if (!EndsEastAsian(local[..prose]))
            return local.Length;
        return prose < local.Length ? local.Length - prose : local.Length - PunctuationEnd(local);
    }

    private static int DomainLength(ReadOnlySpan<byte> after)
    {
        after = after[..Math.Min(after.Length, MaxOctets)];
        int length = after.IndexOfAny(_behindAddress);
        if (length < 0)
            length = after.Length;
        after = after[..length];
        int ascii = after.IndexOfAnyInRange((byte)0x80, (byte)0xFF);
        for (int at = ascii; at >= 0 && at < after.Length; at++)
        {
            if (MarkLength(after[at..]) > 0)
                after = after[..at];
        }

        if (
            ascii > 0
            && ascii < after.Length
            && IsEastAsian(after[ascii..])
            && after[..ascii].LastIndexOf((byte)'.') is > 0 and var dot
            && dot < ascii - 2
        )
            after = after[..ascii];
        return after.TrimEnd(".!?"u8).Length;
    }

    /// <summary>Whether a character of U+3000 to U+FFFF begins here, where Chinese, Japanese and Korean are, and their punctuation.</summary>
    private static bool IsEastAsian(ReadOnlySpan<byte> utf8) => utf8[0] is >= 0xE3 and <= 0xEF;

    private static bool EndsEastAsian(ReadOnlySpan<byte> utf8) => utf8.Length >= 3 && IsEastAsian(utf8[^3..]);

    /// <summary>Where the last typographic mark ends; 0 when there is none.</summary>
    private static int MarkEnd(ReadOnlySpan<byte> utf8)
    {
        for (int at = utf8.Length - 2; at >= 0; at--)
        {
            if (MarkLength(utf8[at..]) is > 0 and var length)
                return at + length;
        }

        return 0;
    }

    /// <summary>Whether what stands before an at sign is the address of a page: <c>//mx.example/why?u=user</c>.</summary>
    private static bool IsInUrl(ReadOnlySpan<byte> before)
    {
        int slash = before.IndexOf((byte)'/');
        // A local part may begin with one slash, as those that gateways make of X.400 addresses do.
        return slash >= 0 && (before.StartsWith("//"u8) || before.StartsWithIgnoreCase("www."u8) || before[slash..].Contains((byte)'?'));
    }

    /// <summary>Where the last full-width punctuation mark (U+3000 to U+303F, U+FF00 to U+FF3F) ends; 0 when there is none.</summary>
    private static int PunctuationEnd(ReadOnlySpan<byte> utf8)
    {
        for (int at = utf8.Length - 3; at >= 0; at--)
        {
            if (utf8[at] == 0xE3 && utf8[at + 1] == 0x80 || utf8[at] == 0xEF && utf8[at + 1] == 0xBC)
                return at + 3;
        }

        return 0;
    }

    private static ReadOnlySpan<byte> WithoutType(ReadOnlySpan<byte> field, out bool isUtf8)
    {
        isUtf8 = false;
        int semicolon = field.IndexOf((byte)';');
        // A semicolon behind a quote, a bracket or the at sign belongs to the address.
        if (semicolon < 0 || field[..semicolon].IndexOfAny("@\"<"u8) >= 0)
            return field;
        ReadOnlySpan<byte> type = field[..semicolon].TrimBlank();
        field = field[(semicolon + 1)..].TrimBlank();
        isUtf8 = Ascii.EqualsIgnoreCase(type, "utf-8"u8);
        // A gateway may put its type before the one that stands there: rfc822;rfc822;user@example.org.
        return field.StartsWithIgnoreCase("rfc822;"u8) ? field[7..].TrimBlank() : field;
    }

    private static ReadOnlySpan<byte> WithoutBrackets(ReadOnlySpan<byte> address)
    {
        int close = address.LastIndexOf((byte)'>');
        int open = close < 0 ? -1 : address[..close].LastIndexOf((byte)'<');
        if (open >= 0)
            address = address[(open + 1)..close].TrimBlank();
        else if (address is [(byte)'\'', .., (byte)'\''] or [(byte)'<', ..])
            address = address.Trim("'<"u8);
        if (address.StartsWithIgnoreCase("mailto:"u8))
            address = address[7..];
        // A source route: <@relay.example:user@example.org> (RFC 5321 section 4.1.2).
        if (address.StartsWith("@"u8) && address.IndexOf((byte)':') is var colon and > 0)
            address = address[(colon + 1)..];
        if (address.EndsWith(")"u8) && address.LastIndexOf(" ("u8) is var comment and > 0)
            address = address[..comment].TrimBlank();
        return address;
    }

    /// <summary>
    /// Decodes <c>+2B</c> and <c>+3D</c>, the only printable characters that xtext must escape. Others are left: a tag such as
    /// <c>user+2024@</c> is far more common than an MTA that escapes what it need not.
    /// </summary>
    private static string DecodeXtext(string text)
    {
        if (!text.Contains('+', StringComparison.Ordinal))
            return text;
        // Who escapes the at sign escapes everything; where one stands, +40 is part of a tag.
        if (!text.Contains('@', StringComparison.Ordinal))
            text = text.Replace("+40", "@", StringComparison.Ordinal);
        return text.Replace("+2B", "+", StringComparison.Ordinal).Replace("+3D", "=", StringComparison.Ordinal);
    }

    /// <summary>Decodes <c>\x{1F408}</c> (RFC 6533 section 3, utf-8-addr-unitext).</summary>
    private static string DecodeUnicodeEscapes(string text)
    {
        int at = text.IndexOf("\\x{", StringComparison.Ordinal);
        if (at < 0)
            return text;
        var decoded = new StringBuilder(text.Length);
        int from = 0;
        while (at >= 0)
        {
            int close = text.IndexOf('}', at);
            decoded.Append(text, from, at - from);
            if (
                close > at
                && int.TryParse(
                    text.AsSpan(at + 3, close - at - 3),
                    System.Globalization.NumberStyles.AllowHexSpecifier,
                    null,
                    out int value
                )
                && Rune.IsValid(value)
            )
            {
                decoded.Append(new Rune(value).ToString());
                from = close + 1;
            }
            else
            {
                decoded.Append("\\x{");
                from = at + 3;
            }

            at = text.IndexOf("\\x{", from, StringComparison.Ordinal);
        }

        return TextCleaner.Clean(decoded.Append(text, from, text.Length - from).ToString(), MaxOctets);
    }
}
