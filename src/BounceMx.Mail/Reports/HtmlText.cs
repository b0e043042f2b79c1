using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Makes plain text of HTML, well enough to find addresses and replies in it: tags go, block tags end a line, the common entities are
/// resolved, style and script are dropped. It is no HTML parser.
/// </summary>
internal static class HtmlText
{
    private static readonly byte[][] _blocks =
    [
        "br"u8.ToArray(),
        "p"u8.ToArray(),
        "/p"u8.ToArray(),
        "div"u8.ToArray(),
        "/div"u8.ToArray(),
        "tr"u8.ToArray(),
        "/tr"u8.ToArray(),
        "li"u8.ToArray(),
        "h1"u8.ToArray(),
        "h2"u8.ToArray(),
        "h3"u8.ToArray(),
        "/h1"u8.ToArray(),
        "/h2"u8.ToArray(),
        "/h3"u8.ToArray(),
        "pre"u8.ToArray(),
        "hr"u8.ToArray(),
    ];

    private static readonly (byte[] Entity, byte Octet)[] _entities =
    [
        ("&lt;"u8.ToArray(), (byte)'<'),
        ("&gt;"u8.ToArray(), (byte)'>'),
        ("&amp;"u8.ToArray(), (byte)'&'),
        ("&quot;"u8.ToArray(), (byte)'"'),
        ("&#39;"u8.ToArray(), (byte)'\''),
        ("&#64;"u8.ToArray(), (byte)'@'),
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
        ReadOnlySpan<byte> tag = html[1..end];
        int name = tag.IndexOfAny(" \t\r\n"u8);
        if (name > 0)
            tag = tag[..name];
        tag = tag.TrimEnd((byte)'/');
        foreach (byte[] block in _blocks)
        {
            if (Ascii.EqualsIgnoreCase(tag, block))
                text.Write("\n"u8);
        }

        if (Ascii.EqualsIgnoreCase(tag, "style"u8) || Ascii.EqualsIgnoreCase(tag, "script"u8))
        {
            int close = html[end..].IndexOf("</"u8);
            return close < 0 ? html.Length : end + close;
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

        text.Write("&"u8);
        return 1;
    }
}
