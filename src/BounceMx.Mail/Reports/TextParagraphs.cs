using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds in prose what is said of a recipient: the paragraph behind the address, or, where the report is about one recipient only, the
/// paragraph of the text that sounds most like a reason. A line of dashes ends a paragraph as an empty line does; one that closes with a
/// colon (<c>because:</c>) goes on in the next. Does not understand the words; that is classification.
/// </summary>
internal sealed class TextParagraphs(List<ReadOnlyMemory<byte>> texts)
{
    /// <summary>How many of them are looked at for a reason: there may be 1,000 recipients.</summary>
    private const int MaxExplained = 4;

    /// <summary>How far a paragraph about a recipient reaches.</summary>
    private const int MaxParagraph = 2048;

    /// <summary>How many paragraphs are held against each other.</summary>
    private const int MaxParagraphs = 200;

    /// <summary>An announcement, such as <c>For the following reason:</c>, is not longer.</summary>
    private const int MaxAnnouncement = 80;

    /// <summary>A list of recipients is not indented deeper, and a reply is where it goes on.</summary>
    private const int MaxIndent = 3;

    /// <summary>What is no longer between two addresses of a line, <c>and</c>, says nothing of the first.</summary>
    private const int MaxConjunction = 3;

    /// <summary>How many octets are looked at in all, for all recipients.</summary>
    private const int MaxRead = 128 * 1024;

    /// <summary>What lines are drawn with.</summary>
    private static readonly SearchValues<byte> _rule = SearchValues.Create("=*_~#-"u8);

    /// <summary>What may stand before an address at the begin of a line.</summary>
    private static readonly SearchValues<byte> _number = SearchValues.Create("0123456789.)*-# \t<"u8);

    /// <summary>What stands between the addresses of a list.</summary>
    private static readonly SearchValues<byte> _separators = SearchValues.Create(" \t\r\n<>()[]{}\"'*-:,;."u8);

    private AddressIndex? _mentions;
    private ReadOnlyMemory<byte>? _reason;
    private int _left = MaxRead;

    /// <summary>The list of addresses that was walked through last, from behind its first.</summary>
    private (ReadOnlyMemory<byte> Text, int Start, int End) _list;

    /// <summary>Whether a limit cut the reading short.</summary>
    public bool Limited => _left <= 0 || _mentions?.Limited == true;

    /// <summary>The paragraph about a recipient that holds a reply; empty when there is none.</summary>
    public ReadOnlyMemory<byte> WithReply(string recipient)
    {
        ReadOnlyMemory<byte> before = default;
        ReadOnlyMemory<byte> doubtful = default;
        foreach (AddressIndex.Mention mention in MentionsOf(recipient))
        {
            ReadOnlyMemory<byte> paragraph = Read(mention, mention.End, recipient);
            if (ReplyText.TryFind(paragraph.Span, out _, out _))
            {
                if (!ReplyBefore.IsOfAnother(mention, recipient))
                    return paragraph;
                if (doubtful.IsEmpty)
                    doubtful = paragraph;
            }

            if (_left <= 0 || !before.IsEmpty)
                continue;
            before = ReplyBefore.Find(mention, out int looked);
            _left -= looked;
        }

        return before.IsEmpty ? doubtful : before;
    }

    /// <summary>What sounds like the reason for a recipient's failure; empty when nothing does.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="isOnly">Whether the report is about nobody else.</param>
    public ReadOnlyMemory<byte> Reason(string recipient, bool isOnly)
    {
        int explained = 0;
        foreach (AddressIndex.Mention mention in MentionsOf(recipient))
        {
            if (explained++ == MaxExplained)
                break;
            ReadOnlyMemory<byte> behind = Behind(mention with { End = EndOfList(mention) }, recipient);
            ReadOnlyMemory<byte> line = LineOf(mention);
            bool isReason = ReasonWording.StandIn(behind.Span);
            ReadOnlySpan<byte> before = line.Span[..^Math.Min(line.Length, mention.End - mention.Start)];
            if (isReason && (!HoldsWords(before) || !GoesOn(mention.Text.Span[mention.End..])))
                return behind;
            // The address itself may be at full.test.
            if (isReason || ReasonWording.StandIn(before))
                return Read(mention, mention.End - line.Length, recipient);
        }

        return isOnly ? _reason ??= MostTelling() : default;
    }

    /// <summary>
    /// Whether the sentence that holds an address goes on behind it, so that its begin is wanted, too: <c>The user a@example.org does not exist</c>.
    /// In Japanese and Chinese no space stands behind the address.
    /// </summary>
    private static bool GoesOn(ReadOnlySpan<byte> behind)
    {
        ReadOnlySpan<byte> rest = behind.TrimStart(">)'\""u8);
        while (AddressText.MarkLength(rest) is > 0 and var mark)
            rest = rest[mark..];
        rest = rest[(rest is [(byte)',', ..] ? 1 : 0)..];
        return rest is [>= 0x80, ..] or [(byte)' ', (>= (byte)'a' and <= (byte)'z') or >= 0x80, ..];
    }

    /// <summary>The first paragraph about a recipient, whatever it says; empty when the text does not name it, or only in a list.</summary>
    public ReadOnlyMemory<byte> About(string recipient)
    {
        AddressIndex.Matches mentions = MentionsOf(recipient);
        if (!mentions.MoveNext())
            return default;
        AddressIndex.Mention mention = mentions.Current;
        ReadOnlyMemory<byte> line = LineOf(mention);
        if (FailureWording.Failed.StandIn(line.Span))
            return Read(mention, mention.End - line.Length, recipient);
        ReadOnlyMemory<byte> behind = Behind(mention, recipient);
        return IsList(behind.Span) ? default : behind;
    }

    /// <summary>From where it stands to the next empty line, or to where another recipient's turn comes: not all MTAs put an empty line between two.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="recipient">Whom it is about; <c>null</c> when that is not known.</param>
    /// <param name="indent">The indent of the line that names the recipient; what goes on is indented deeper.</param>
    public static ReadOnlyMemory<byte> From(ReadOnlyMemory<byte> text, string? recipient, int indent = 0)
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
            if (recipient is not null && lines.Start > 0 && LeadsWithAnother(lines.Line, recipient, indent))
                return text[start..lines.Start].TrimEnd(" \t\r\n"u8);
            if (recipient is not null && lines.Start == 0 && NextEntry(lines.Line, recipient) is var next and > 0)
                return text[..next].TrimEnd(" \t<,;"u8);
            if (EndsParagraph(line))
            {
                if (any && !announces)
                    return text[start..lines.Start].TrimEnd(" \t\r\n"u8);
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

        return text[start..].TrimEnd(" \t\r\n"u8);
    }

    /// <summary>As <see cref="From"/>, as long as there is something left of what may be read.</summary>
    private ReadOnlyMemory<byte> Read(AddressIndex.Mention mention, int from, string recipient)
    {
        if (_left <= 0)
            return default;
        ReadOnlyMemory<byte> paragraph = From(mention.Text[from..], recipient, IndentOf(mention));
        _left -= paragraph.Length;
        return paragraph;
    }

    /// <summary>Where the list of addresses ends that a mention stands in, each alone on its line: what follows is about them all.</summary>
    private int EndOfList(AddressIndex.Mention mention)
    {
        bool isSameText = mention.Text.Equals(_list.Text);
        if (isSameText && mention.End >= _list.Start && mention.End <= _list.End)
            return _list.End;
        var lines = new LineReader(mention.Text.Span[mention.End..]);
        if (_left <= 0 || !lines.MoveNext() || !lines.Line.Trim(" \t>,;"u8).IsEmpty)
            return mention.End;
        int end = mention.End;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> entry = lines.Line.Trim(" \t<>,;*-"u8);
            if (!AddressText.TryFind(entry, out Range where) || where.Start.Value != 0 || where.End.Value != entry.Length)
                break;
            end = mention.End + lines.Start + lines.Line.Length;
            // Each list is walked through once, whichever of its addresses comes first.
            if (isSameText && end >= _list.Start && end <= _list.End)
            {
                end = _list.End;
                break;
            }
        }

        _left -= lines.Next;
        if (end > mention.End)
            _list = (mention.Text, mention.End, end);
        return end;
    }

    private ReadOnlyMemory<byte> Behind(AddressIndex.Mention mention, string recipient) =>
        Read(mention, mention.End, recipient).TrimStart(">)]'\""u8).TrimStart(" \t\r\n:,.;"u8);

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

    /// <summary>The line of a mention up to the end of the address; empty when nothing is left of what may be read.</summary>
    private ReadOnlyMemory<byte> LineOf(AddressIndex.Mention mention)
    {
        if (_left <= 0)
            return default;
        ReadOnlyMemory<byte> before = mention.Text[Math.Max(0, mention.End - MaxParagraph)..mention.End];
        ReadOnlyMemory<byte> line = before[(before.Span.LastIndexOfAny((byte)'\r', (byte)'\n') + 1)..];
        _left -= line.Length;
        return line;
    }

    private AddressIndex.Matches MentionsOf(string recipient)
    {
        if (_mentions is null)
        {
            _mentions = new AddressIndex();
            foreach (ReadOnlyMemory<byte> text in texts)
                _mentions.Add(text);
        }

        return _mentions.Find(recipient);
    }

    /// <summary>Whether a line is empty, or nothing but a rule.</summary>
    public static bool EndsParagraph(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line.StartsWith("---"u8) || line.IndexOfAnyExcept(_rule) < 0;

    /// <summary>Whether a line begins with another recipient. A reply may name others where it goes on, indented deeper; a list may be numbered.</summary>
    private static bool LeadsWithAnother(ReadOnlySpan<byte> line, string recipient, int indent)
    {
        ReadOnlySpan<byte> lead = line.TrimStart(" \t"u8);
        return Columns(line[..^lead.Length]) <= Math.Max(MaxIndent, indent)
            && ListEntry.WithoutBullets(lead) is var entry
            && AddressText.TryFind(entry, out Range where)
            && entry[..where.Start].IndexOfAnyExcept(_number) < 0
            && !AddressText.IsSame(entry[where], recipient);
    }

    /// <summary>
    /// Where another recipient begins on the line of one of whom something was said, <c>(host down), b@example.org: 550 …</c>; -1 when none
    /// does. What follows a bare list of recipients is about them all, and a reply may name whom it likes.
    /// </summary>
    private static int NextEntry(ReadOnlySpan<byte> line, string recipient)
    {
        if (line.IndexOfAny((byte)',', (byte)';') < 0)
            return -1;
        bool isSaid = false;
        for (int from = 0; AddressText.TryFind(line[from..], out Range where); from += where.End.Value)
        {
            ReadOnlySpan<byte> address = line[from..][where];
            ReadOnlySpan<byte> gap = line[from..][..where.Start].TrimEnd(" \t<"u8);
            isSaid |= gap.Trim(" \t<>()[]:,;\"'"u8).Length > MaxConjunction;
            if (!isSaid || gap.IsEmpty || gap[^1] is not ((byte)',' or (byte)';') || AddressText.IsSame(address, recipient))
                continue;
            int at = from + where.Start.Value;
            bool isBehindBracket = gap is [.., (byte)')', _];
            return !isBehindBracket && ReplyText.TryFind(line[..at], out _, out _) ? -1 : at;
        }

        return -1;
    }

    /// <summary>Whether a text is nothing but addresses.</summary>
    private static bool IsList(ReadOnlySpan<byte> text)
    {
        bool any = false;
        while (AddressText.TryFind(text, out Range where) && !HoldsWords(text[..where.Start]))
        {
            any = true;
            text = text[where.End..];
        }

        return any && !HoldsWords(text);
    }

    private static bool HoldsWords(ReadOnlySpan<byte> text) => text.IndexOfAnyExcept(_separators) >= 0;

    /// <summary>How deep the line of a mention is indented; 0 where it is far into its line.</summary>
    private static int IndentOf(AddressIndex.Mention mention)
    {
        ReadOnlySpan<byte> before = mention.Text.Span[Math.Max(0, mention.Start - MaxAnnouncement)..mention.Start];
        ReadOnlySpan<byte> line = before[(before.LastIndexOfAny((byte)'\r', (byte)'\n') + 1)..];
        return line.Length == MaxAnnouncement ? 0 : Columns(line[..^line.TrimStart(" \t"u8).Length]);
    }

    private static int Columns(ReadOnlySpan<byte> blanks) => blanks.Length + (7 * blanks.Count((byte)'\t'));
}
