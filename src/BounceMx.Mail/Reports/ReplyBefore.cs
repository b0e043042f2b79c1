using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Finds a reply that stands before the recipient it is about: <c>Response: 550 …</c>, and then <c>Recipient: a@example.org</c>.</summary>
internal static class ReplyBefore
{
    /// <summary>How many octets are looked at on either side of an address.</summary>
    public const int MaxOctets = 512;

    /// <summary>
    /// The reply that stands in its paragraph before an address at the end of its line; empty where there is none, or where another address
    /// stands between.
    /// </summary>
    public static ReadOnlyMemory<byte> Find(AddressIndex.Mention mention)
    {
        if (!EndsLine(mention))
            return default;
        int from = Math.Max(0, mention.Start - MaxOctets);
        ReadOnlySpan<byte> before = mention.Text.Span[from..mention.Start];
        int start = 0;
        int line = 0;
        for (var lines = new LineReader(before); lines.MoveNext(); )
        {
            line = lines.Start;
            if (TextParagraphs.EndsParagraph(lines.Line.TrimBlank()) || AddressText.TryFind(lines.Line, out _))
                start = Math.Min(lines.Next, before.Length);
        }

        if (!ReplyText.TryFind(before[start..], out _, out int at))
            return default;
        at += start;
        // The line of the address is but a label, or tells the reply itself.
        if (at < line)
            return mention.Text[(from + at)..(from + line)].TrimEnd(" \t\r\n"u8);
        return mention.Text[(from + at)..(mention.End + (mention.Text.Span[mention.End..] is [(byte)'>', ..] ? 1 : 0))];
    }

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
