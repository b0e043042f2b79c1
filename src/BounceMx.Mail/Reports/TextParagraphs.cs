using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds in prose what is said of a recipient: the paragraph behind the address, or, where the report is about one recipient only, the
/// paragraph of the text that sounds most like a reason. A line of dashes ends a paragraph as an empty line does; one that closes with a
/// colon (<c>because:</c>) goes on in the next. Does not understand the words; that is classification.
/// </summary>
internal sealed class TextParagraphs(IReadOnlyList<ReadOnlyMemory<byte>> texts)
{
    /// <summary>How many mentions of an address are looked at.</summary>
    private const int MaxMentions = 16;

    /// <summary>How many of them are looked at for a reason: there may be 1,000 recipients.</summary>
    private const int MaxExplained = 4;

    /// <summary>How far a paragraph about a recipient reaches.</summary>
    private const int MaxParagraph = 2048;

    /// <summary>How many paragraphs are held against each other.</summary>
    private const int MaxParagraphs = 200;

    /// <summary>An announcement, such as <c>For the following reason:</c>, is not longer.</summary>
    private const int MaxAnnouncement = 80;

    private Dictionary<string, List<(ReadOnlyMemory<byte> Text, int End)>>? _mentions;
    private ReadOnlyMemory<byte>? _reason;

    /// <summary>The paragraph about a recipient that holds a reply; empty when there is none.</summary>
    public ReadOnlyMemory<byte> WithReply(string recipient)
    {
        foreach ((ReadOnlyMemory<byte> text, int end) in MentionsOf(recipient))
        {
            ReadOnlyMemory<byte> paragraph = From(text[end..], recipient);
            if (ReplyText.TryFind(paragraph.Span, out _, out _))
                return paragraph;
        }

        return default;
    }

    /// <summary>What sounds like the reason for a recipient's failure; empty when nothing does.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="isOnly">Whether the report is about nobody else.</param>
    public ReadOnlyMemory<byte> Reason(string recipient, bool isOnly)
    {
        List<(ReadOnlyMemory<byte> Text, int End)> mentions = MentionsOf(recipient);
        for (int i = 0; i < Math.Min(mentions.Count, MaxExplained); i++)
        {
            (ReadOnlyMemory<byte> text, int end) = mentions[i];
            int line = LineStart(text.Span, end);
            ReadOnlyMemory<byte> behind = Behind(text, end, recipient);
            bool isSentence = end < text.Length && text.Span[end] >= 0x80;
            if (ReasonWording.StandIn(behind.Span))
                return isSentence ? From(text[line..], recipient) : behind;
            if (ReasonWording.StandIn(text.Span[line..end]))
                return From(text[line..], recipient);
        }

        return isOnly ? _reason ??= MostTelling() : default;
    }

    /// <summary>The first paragraph about a recipient, whatever it says; empty when the text does not name it.</summary>
    public ReadOnlyMemory<byte> About(string recipient)
    {
        if (MentionsOf(recipient) is not [(var text, var end), ..])
            return default;
        int line = LineStart(text.Span, end);
        return FailureWording.Failed.StandIn(text.Span[line..end]) ? From(text[line..], recipient) : Behind(text, end, recipient);
    }

    /// <summary>From where it stands to the next empty line, or to a line that begins with another recipient: not all MTAs put an empty line between two.</summary>
    public static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> text, string? recipient)
    {
        text = text[..Math.Min(text.Length, MaxParagraph)];
        var lines = new LineReader(text.Span);
        int start = 0;
        bool any = false;
        bool announces = false;
        int announcement = 0;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line.TrimBlank();
            if (recipient is not null && lines.Start > 0 && LeadsWithAnother(lines.Line, recipient))
                return text[start..lines.Start];
            if (EndsParagraph(line))
            {
                if (any && !announces)
                    return text[start..lines.Start];
                // An announcement alone is cut off: what it announces is wanted.
                if (!any || announcement <= MaxAnnouncement)
                    start = lines.Next;
                (any, announces, announcement) = (false, false, 0);
                continue;
            }

            // The first line is the rest of the one that holds the address.
            any |= lines.Start > 0 || line.Length > 8;
            announcement += line.Length;
            announces = any && line.EndsWith(":"u8) && !ReplyText.TryFind(line, out _, out _);
        }

        return text[start..];
    }

    private static ReadOnlyMemory<byte> Behind(ReadOnlyMemory<byte> text, int end, string recipient) =>
        From(text[end..], recipient).TrimStart(">)]'\""u8).TrimStart(" \t\r\n:,.;"u8);

    /// <summary>The paragraph with the wording of a reason; the best of several is one that was announced and that gives no advice.</summary>
    private ReadOnlyMemory<byte> MostTelling()
    {
        ReadOnlyMemory<byte> best = default;
        int bestRank = 0;
        int count = 0;
        foreach (ReadOnlyMemory<byte> text in texts)
        {
            bool announced = false;
            for (int at = 0; at < text.Length && count < MaxParagraphs; count++)
            {
                ReadOnlyMemory<byte> paragraph = Next(text, ref at);
                int rank = ReasonWording.Rank(paragraph.Span);
                rank += rank > 0 && announced ? 2 : 0;
                if (rank > bestRank)
                    (best, bestRank) = (paragraph, rank);
                announced = paragraph.Span.TrimBlank().EndsWith(":"u8);
            }
        }

        return best[..Math.Min(best.Length, MaxParagraph)];
    }

    /// <summary>The paragraph that begins at <paramref name="at"/>, behind empty lines; moves on behind it.</summary>
    private static ReadOnlyMemory<byte> Next(ReadOnlyMemory<byte> text, ref int at)
    {
        var lines = new LineReader(text.Span[at..]);
        int start = -1;
        while (lines.MoveNext())
        {
            bool ends = EndsParagraph(lines.Line.TrimBlank());
            if (ends && start >= 0)
                break;
            if (!ends && start < 0)
                start = lines.Start;
        }

        ReadOnlyMemory<byte> paragraph = start < 0 ? default : text[(at + start)..(at + lines.Start)];
        at += lines.Next;
        return paragraph;
    }

    private static int LineStart(ReadOnlySpan<byte> text, int end) =>
        Math.Max(text[..end].LastIndexOfAny((byte)'\r', (byte)'\n') + 1, end - MaxParagraph);

    /// <summary>What stands behind each mention of an address. All addresses are indexed at once: there may be 1,000 recipients.</summary>
    private List<(ReadOnlyMemory<byte> Text, int End)> MentionsOf(string recipient)
    {
        _mentions ??= IndexMentions();
        return _mentions.GetValueOrDefault(recipient, []);
    }

    private Dictionary<string, List<(ReadOnlyMemory<byte> Text, int End)>> IndexMentions()
    {
        var mentions = new Dictionary<string, List<(ReadOnlyMemory<byte>, int)>>(StringComparer.OrdinalIgnoreCase);
        foreach (ReadOnlyMemory<byte> text in texts)
        {
            int from = 0;
            while (AddressText.Find(text.Span[from..], out Range where) is { } address)
            {
                from += where.End.Value;
                if (!mentions.TryGetValue(address, out List<(ReadOnlyMemory<byte>, int)>? places))
                    mentions.Add(address, places = []);
                if (places.Count < MaxMentions)
                    places.Add((text, from));
            }
        }

        return mentions;
    }

    private static bool EndsParagraph(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line.StartsWith("---"u8) || line.IndexOfAnyExcept("=*_~#-"u8) < 0;

    // A reply is indented by four at least where it goes on, and may name others; a list may be numbered.
    private static bool LeadsWithAnother(ReadOnlySpan<byte> line, string recipient)
    {
        ReadOnlySpan<byte> lead = line.TrimStart(" <"u8);
        if (line.Length - lead.Length > 3)
            return false;
        lead = lead.TrimStart("0123456789.)*-#"u8).TrimStart(" <"u8);
        return AddressText.Find(lead, out Range where) is { } address
            && where.Start.Value == 0
            && !address.Equals(recipient, StringComparison.OrdinalIgnoreCase);
    }
}
