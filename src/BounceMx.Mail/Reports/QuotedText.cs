using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Undoes the quoting of a report that somebody forwarded in the text: <c>&gt; Final-Recipient: rfc822; user@example.org</c>.</summary>
internal static class QuotedText
{
    /// <summary>How much is searched for a quoted field.</summary>
    private const int ProbeLength = 8192;

    /// <summary>The text without its quote marks, one a line, where it quotes the fields of a delivery status; else as it stands.</summary>
    /// <param name="text">UTF-8.</param>
    public static ReadOnlyMemory<byte> Unquote(ReadOnlyMemory<byte> text)
    {
        if (!text[..Math.Min(text.Length, ProbeLength)].Span.ContainsIgnoreCase("> final-recipient:"u8))
            return text;
        var unquoted = new ArrayBufferWriter<byte>(text.Length);
        var lines = new LineReader(text.Span);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (line.StartsWith(">"u8))
                line = line[(line.StartsWith("> "u8) ? 2 : 1)..];
            unquoted.Write(line);
            unquoted.Write("\n"u8);
        }

        return unquoted.WrittenMemory;
    }
}
