using System.Buffers;
using System.Globalization;
using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Makes plain text of HTML, well enough to find addresses and replies in it: tags go, block tags end a line, the common entities are
/// resolved, style and script are dropped. It is no HTML parser.
/// </summary>
internal static class HtmlText
{
    /// <summary>Digits of the last character, U+10FFFF, in decimal.</summary>
    private const int MaxDigits = 7;

    private static readonly Rune _space = new(' ');
    private static readonly Rune _noBreakSpace = new('\u00A0');

    /// <summary>Elements that begin and end a line.</summary>
    private static readonly byte[][] _blocks =
    [
        "br"u8.ToArray(),
        "p"u8.ToArray(),
        "div"u8.ToArray(),
        "tr"u8.ToArray(),
        "table"u8.ToArray(),
        "li"u8.ToArray(),
        "dt"u8.ToArray(),
        "dd"u8.ToArray(),
        "h1"u8.ToArray(),
        "h2"u8.ToArray(),
        "h3"u8.ToArray(),
        "h4"u8.ToArray(),
        "pre"u8.ToArray(),
        "blockquote"u8.ToArray(),
        "title"u8.ToArray(),
        "hr"u8.ToArray(),
    ];

    private static readonly (byte[] Entity, byte Octet)[] _entities =
    [
        ("&lt;"u8.ToArray(), (byte)'<'),
        ("&gt;"u8.ToArray(), (byte)'>'),
        ("&amp;"u8.ToArray(), (byte)'&'),
        ("&quot;"u8.ToArray(), (byte)'"'),
        ("&apos;"u8.ToArray(), (byte)'\''),
        ("&nbsp;"u8.ToArray(), (byte)' '),
    ];

    /// <summary>Strips.</summary>
    /// <param name="html">UTF-8.</param>
    public static ReadOnlyMemory<byte> Strip(ReadOnlySpan<byte> html)
    {
        var text = new ArrayBufferWriter<byte>(Math.Max(html.Length, 1));
        while (!html.IsEmpty)
        {
            int special = html.IndexOfAny((byte)'<', (byte)'&');
            if (special < 0)
                special = html.Length;
            text.Write(html[..special]);
            html = html[special..];
            if (html.IsEmpty)
                break;
            html = html[(html[0] == '<' ? SkipTag(html, text) : Entity(html, text))..];
        }

        return text.WrittenMemory;
    }

    private static int SkipTag(ReadOnlySpan<byte> html, ArrayBufferWriter<byte> text)
    {
        int end = html.IndexOf((byte)'>');
        if (end < 0)
            return html.Length;
        if (html.StartsWith("<!--"u8))
            return html.IndexOf("-->"u8) is var close and >= 0 ? close + 3 : html.Length;
        ReadOnlySpan<byte> tag = html[1..end];
        int name = tag.IndexOfAny(" \t\r\n"u8);
        if (name > 0)
            tag = tag[..name];
        // Some write an address in angle brackets without escaping them.
        if (name < 0 && tag.Contains((byte)'@'))
            text.Write(html[..(end + 1)]);
        ReadOnlySpan<byte> element = tag.Trim((byte)'/');
        foreach (byte[] block in _blocks)
        {
            if (Ascii.EqualsIgnoreCase(element, block))
                text.Write("\n"u8);
        }

        // The cells of a row are told apart as a label is from its value.
        if (Ascii.EqualsIgnoreCase(tag, "/td"u8) || Ascii.EqualsIgnoreCase(tag, "/th"u8))
            text.Write("\t"u8);
        if (Ascii.EqualsIgnoreCase(tag, "style"u8) || Ascii.EqualsIgnoreCase(tag, "script"u8))
        {
            int closing = html[end..].IndexOf("</"u8);
            return closing < 0 ? html.Length : end + closing;
        }

        return end + 1;
    }

    private static int Entity(ReadOnlySpan<byte> html, ArrayBufferWriter<byte> text)
    {
        foreach ((byte[] entity, byte octet) in _entities)
        {
            if (!html.StartsWithIgnoreCase(entity))
                continue;
            text.Write([octet]);
            return entity.Length;
        }

        if (html.StartsWith("&#"u8) && Character(html) is { Length: > 0 } numbered)
        {
            Span<byte> utf8 = stackalloc byte[4];
            Rune rune = numbered.Rune == _noBreakSpace ? _space : numbered.Rune;
            text.Write(utf8[..rune.EncodeToUtf8(utf8)]);
            return numbered.Length;
        }

        text.Write("&"u8);
        return 1;
    }

    /// <summary>The character behind a number, <c>&amp;#64;</c> or <c>&amp;#x40;</c>, and how long the reference is; 0 where there is none.</summary>
    private static (Rune Rune, int Length) Character(ReadOnlySpan<byte> html)
    {
        bool isHex = html.Length > 2 && html[2] is (byte)'x' or (byte)'X';
        int start = isHex ? 3 : 2;
        int digits = html[start..Math.Min(html.Length, start + MaxDigits + 1)].IndexOf((byte)';');
        return
            digits > 0
            && int.TryParse(
                html.Slice(start, digits),
                isHex ? NumberStyles.AllowHexSpecifier : NumberStyles.None,
                CultureInfo.InvariantCulture,
                out int value
            )
            && Rune.IsValid(value)
            ? (new Rune(value), start + digits + 1)
            : default;
    }
}
