namespace BounceMx.Mail.Classification;

/// <summary>One stretch of a rule's text between two gaps.</summary>
/// <param name="Literals">What may stand there, all different.</param>
/// <param name="IsNear">Whether it stands at most <see cref="RuleText.MaxNear"/> characters behind the one before.</param>
internal readonly record struct RuleSegment(string[] Literals, bool IsNear);

/// <summary>
/// A rule's text taken apart.
/// <para>Does: cut it into segments at each <c>*</c>, any run of characters, and <c>~</c>, a short one; and write out the alternatives of each segment:
/// <c>no such {user|mailbox}</c> is <c>no such user</c> and <c>no such mailbox</c>.</para>
/// <para>Limits: <see cref="MaxAlternatives"/> literals a segment; braces do not nest.</para>
/// </summary>
internal static class RuleText
{
    /// <summary>Room for "has been temporarily", or for a short address.</summary>
    public const int MaxNear = 24;

    /// <summary>More literals than this in one segment are a slip of the pen: braces multiply, and the whole book is to be loaded in milliseconds.</summary>
    public const int MaxAlternatives = 300;

    /// <summary>The segments in their order.</summary>
    /// <param name="text">One without a <see cref="Fault"/>.</param>
    public static RuleSegment[] Segments(string text) =>
        [.. Cut(text).Select(segment => new RuleSegment([.. Alternatives(segment.Text).Distinct(StringComparer.Ordinal)], segment.IsNear))];

    /// <summary>What is wrong with the braces and gaps; <c>null</c> when nothing is.</summary>
    public static string? Fault(string text)
    {
        foreach ((string segment, _) in Cut(text))
        {
            if (!IsClosed(segment))
                return "braces must be closed, and hold no braces, '*' or '~'";
            List<string> alternatives = Alternatives(segment);
            if (alternatives.Count > MaxAlternatives)
                return $"more than {MaxAlternatives} alternatives between two gaps";
            if (alternatives.Exists(literal => literal.Length < 2))
                return "at least two characters before, between and after '*' and '~', in each alternative";
            if (alternatives.Exists(literal => literal.Contains("  ", StringComparison.Ordinal)))
                return "an alternative has two spaces in a row";
        }
        return null;
    }

    private static IEnumerable<(string Text, bool IsNear)> Cut(string text)
    {
        bool isNear = false;
        for (int at = 0; at <= text.Length; )
        {
            int end = text.AsSpan(at).IndexOfAny('*', '~') is >= 0 and int gap ? at + gap : text.Length;
            yield return (text[at..end], isNear);
            isNear = end < text.Length && text[end] == '~';
            at = end + 1;
        }
    }

    private static bool IsClosed(string segment)
    {
        bool open = false;
        foreach (char c in segment)
        {
            if (c == (open ? '{' : '}'))
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
