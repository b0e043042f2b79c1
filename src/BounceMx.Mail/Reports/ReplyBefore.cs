using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Finds a reply that stands before the recipient it is about: <c>Response: 550 …</c>, and then <c>Recipient: a@example.org</c>.</summary>
internal static class ReplyBefore
{
    /// <summary>How many octets are looked at on either side of an address.</summary>
    private const int MaxOctets = 512;

    /// <summary>
    /// The reply that stands in its paragraph before an address at the end of its line; empty where there is none, or where another address
    /// stands between.
    /// </summary>
    /// <param name="mention">The address.</param>
    /// <param name="looked">How many octets were looked at.</param>
    public static ReadOnlyMemory<byte> Find(AddressIndex.Mention mention, out int looked)
    {
        looked = 0;
        if (!EndsLine(mention))
            return default;
        int from = Math.Max(0, mention.Start - MaxOctets);
        ReadOnlySpan<byte> before = mention.Text.Span[from..mention.Start];
        int line = LineStart(before);
        int start = line;
        while (start > 0)
        {
            ReadOnlySpan<byte> above = before[..(start - LineEndLength(before[..start]))];
            int previous = LineStart(above);
            if (TextParagraphs.EndsParagraph(above[previous..].TrimBlank()) || AddressText.TryFind(above[previous..], out _))
                break;
            start = previous;
        }

        looked = before.Length - start;
        return At(mention, from + start, from + line);
    }

    /// <summary>The reply in what stands before an address.</summary>
    /// <param name="mention">The address.</param>
    /// <param name="start">Where that begins.</param>
    /// <param name="line">Where the line of the address begins; it is but a label, unless it tells the reply itself.</param>
    private static ReadOnlyMemory<byte> At(AddressIndex.Mention mention, int start, int line)
    {
        ReadOnlyMemory<byte> before = mention.Text[start..mention.Start];
        if (AddressText.TryFind(before.Span, out _) || !ReplyText.TryFind(before.Span, out _, out int at))
            return default;
        at += start;
        if (at < line)
            return mention.Text[at..line].TrimEnd(" \t\r\n"u8);
        return mention.Text[at..(mention.End + (mention.Text.Span[mention.End..] is [(byte)'>', ..] ? 1 : 0))];
    }

    /// <summary>As <see cref="LineReader"/> reads it, from the end.</summary>
    private static int LineEndLength(ReadOnlySpan<byte> text) =>
        text.EndsWith("\r\r\n"u8) ? 3
        : text.EndsWith("\r\n"u8) ? 2
        : 1;

    private static int LineStart(ReadOnlySpan<byte> text) => text.LastIndexOfAny((byte)'\r', (byte)'\n') + 1;

    /// <summary>Whether, behind an address that ends its line, the next reply stands before the address of another.</summary>
    public static bool IsOfAnother(AddressIndex.Mention mention, string recipient)
    {
        if (!EndsLine(mention))
            return false;
        ReadOnlySpan<byte> behind = mention.Text.Span[mention.End..];
        bool isReply = false;
        for (var lines = new LineReader(behind[..Math.Min(behind.Length, MaxOctets)]); lines.MoveNext(); )
        {
            ReadOnlySpan<byte> line = lines.Line;
            bool hasReply = ReplyText.TryFind(line, out _, out int at);
            if (AddressText.TryFind(line, out Range where))
                return (isReply || (hasReply && at < where.Start.Value)) && !AddressText.IsSame(line[where], recipient);
            if (isReply && TextParagraphs.EndsParagraph(line.TrimBlank()))
                return false;
            isReply |= hasReply;
        }

        return false;
    }

    private static bool EndsLine(AddressIndex.Mention mention)
    {
        ReadOnlySpan<byte> behind = mention.Text.Span[mention.End..];
        behind = behind[..Math.Min(behind.Length, MaxOctets)].TrimStart(" \t>,;"u8);
        return behind.IsEmpty || behind[0] is (byte)'\r' or (byte)'\n';
    }
}
