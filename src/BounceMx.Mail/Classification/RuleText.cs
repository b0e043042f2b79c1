using System.Buffers;

namespace BounceMx.Mail.Classification;

/// <summary>One stretch of a rule's text between two gaps.</summary>
/// <param name="Literals">What may stand there, all different.</param>
/// <param name="IsNear">Whether it stands at most <see cref="RuleText.MaxNear"/> characters behind the one before.</param>
internal readonly record struct RuleSegment(RuleLiteral[] Literals, bool IsNear);

/// <summary>What is looked for.</summary>
/// <param name="Text">Lower case.</param>
/// <param name="Allowed">Where it counts besides in whole words.</param>
internal readonly record struct RuleLiteral(string Text, TextPlace Allowed);

/// <summary>
/// A rule's text taken apart.
/// <para>Does: cut it into segments at each <c>*</c>, any run of characters, and <c>~</c>, a short one; and write out the alternatives of each segment:
/// <c>no such {user|mailbox}</c> is <c>no such user</c> and <c>no such mailbox</c>. A <c>*</c> at the very start or end of the text, or of an alternative that
/// begins or ends a segment, says that the word may go on there: <c>desconocid*</c>; at both ends of one, <c>*spamhaus*</c>, that it counts in names of hosts, too.</para>
/// <para>Limits: <see cref="MaxAlternatives"/> literals a segment; braces do not nest.</para>
/// </summary>
internal static class RuleText
{
    /// <summary>Room for "has been temporarily", or for a short address.</summary>
    public const int MaxNear = 24;

    /// <summary>More literals than this in one segment are a slip of the pen: braces multiply, and the whole book is to be loaded in milliseconds.</summary>
    public const int MaxAlternatives = 300;

    /// <summary>Who writes one of these means a name: of a host, a list, a page.</summary>
    private static readonly SearchValues<char> CharactersOfNames = SearchValues.Create("./@:=_?&#[]<>");

    /// <summary>The segments in their order.</summary>
    /// <param name="text">One without a <see cref="Fault"/>.</param>
    public static RuleSegment[] Segments(string text)
    {
        (string Text, bool IsNear)[] cut = [.. Cut(text)];
        RuleSegment[] segments = new RuleSegment[cut.Length];
        for (int i = 0; i < cut.Length; i++)
        {
            bool isLast = i == cut.Length - 1;
            segments[i] = new RuleSegment([.. Alternatives(cut[i].Text).Select(s => Literal(s, isLast)).Distinct()], cut[i].IsNear);
        }
        return segments;
    }

    /// <summary>What is wrong with the braces and gaps; <c>null</c> when nothing is.</summary>
    public static string? Fault(string text)
    {
        foreach ((string segment, _) in Cut(text))
        {
            if (!IsClosed(segment))
                return "braces must be closed, and hold no braces and no '~'";
            string[] alternatives = [.. Alternatives(segment).Select(s => Literal(s, isLast: true).Text)];
            if (alternatives.Length > MaxAlternatives)
                return $"more than {MaxAlternatives} alternatives between two gaps";
            if (alternatives.Any(literal => literal.Length < 2))
                return "at least two characters before, between and after '*' and '~', in each alternative";
            if (alternatives.Any(literal => literal.Contains('*', StringComparison.Ordinal)))
                return "braces may hold a '*' only where the text, or a stretch between two gaps, begins or ends";
            if (alternatives.Any(literal => literal.Contains("  ", StringComparison.Ordinal)))
                return "an alternative has two spaces in a row";
        }
        return null;
    }

    /// <summary>A segment written out. What stands before a gap is not asked to end a word: <c>mailbox*full</c> is "mailboxes are full", too.</summary>
    private static RuleLiteral Literal(string written, bool isLast)
    {
        bool before = written.StartsWith('*');
        bool behind = written.Length > 1 && written.EndsWith('*');
        string text = written[(before ? 1 : 0)..^(behind ? 1 : 0)];
        TextPlace allowed = TextPlace.Words;
        if (before)
            allowed |= TextPlace.BeginsInWord;
        if (behind || !isLast)
            allowed |= TextPlace.EndsInWord;
        if ((before && behind) || text.AsSpan().ContainsAny(CharactersOfNames))
            allowed |= TextPlace.InName;
        return new RuleLiteral(text, allowed);
    }

    private static IEnumerable<(string Text, bool IsNear)> Cut(string text)
    {
        bool isNear = false;
        for (int at = 0; at <= text.Length; )
        {
            int end = GapFrom(text, at);
            yield return (text[at..end], isNear);
            isNear = end < text.Length && text[end] == '~';
            at = end + 1;
        }
    }

    /// <summary>The next gap: none in braces, and a <c>*</c> that begins or ends the text is none.</summary>
    private static int GapFrom(string text, int start)
    {
        bool open = false;
        for (int at = start; at < text.Length; at++)
        {
            char c = text[at];
            open = c == '{' || (open && c != '}');
            if ((c == '*' && !open && at > 0 && at < text.Length - 1) || (c == '~' && !open))
                return at;
        }
        return text.Length;
    }

    private static bool IsClosed(string segment)
    {
        bool open = false;
        foreach (char c in segment)
        {
            if (c == (open ? '{' : '}') || (open && c == '~'))
                return false;
            open ^= c is '{' or '}';
        }
        return !open;
    }

    /// <summary>Writes out the braces of a segment that is closed, as far as one more than <see cref="MaxAlternatives"/>.</summary>
    private static List<string> Alternatives(string segment)
    {
        List<string> literals = [""];
        for (int at = 0; at < segment.Length && literals.Count <= MaxAlternatives; )
        {
            bool isChoice = segment[at] == '{';
            int end = segment.IndexOf(isChoice ? '}' : '{', at);
            end = end < 0 ? segment.Length : end;
            string[] choices = isChoice ? segment[(at + 1)..end].Split('|') : [segment[at..end]];
            List<string> longer = new(literals.Count * choices.Length);
            foreach (string literal in literals)
            {
                foreach (string choice in choices)
                    longer.Add(literal + choice);
            }
            literals = longer;
            at = isChoice ? end + 1 : end;
        }
        return literals;
    }
}
