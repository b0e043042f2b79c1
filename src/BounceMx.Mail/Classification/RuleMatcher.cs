namespace BounceMx.Mail.Classification;

/// <summary>A rule that holds for a text.</summary>
/// <param name="Rule">Its index in the book.</param>
/// <param name="Start">Where its words begin in the text.</param>
/// <param name="End">Where they end, exclusive.</param>
/// <param name="Rank">How specific it is here: its conditions, then how many characters of its text were found.</param>
/// <param name="Tied">The index of another rule that holds with the same rank, a fault of the book; -1 when there is none.</param>
internal readonly record struct RuleMatch(int Rule, int Start, int End, int Rank, int Tied);

/// <summary>
/// The rule book made ready for searching.
/// <para>Does: find all literals of all rules in one pass, pass over those that are parts of words or of names (<see cref="TextWords"/>), follow <c>a*b</c> texts
/// from segment to segment on the way, and keep the rule of highest rank. What says only that delivery was given up leaves it to what says why.</para>
/// <para>Does not: change after construction; a search allocates nothing and any number may run at once.</para>
/// </summary>
internal sealed class RuleMatcher
{
    /// <summary>More texts with <c>*</c> than this are followed in an array of the heap.</summary>
    private const int MaxOnStack = 256;

    private static readonly RuleMatch None = new(-1, 0, 0, -1, -1);

    private readonly AhoCorasick _automaton;
    private readonly Use[][] _uses;
    private readonly Compiled[] _rules;
    private readonly int _segmented;

    public RuleMatcher(IReadOnlyList<BounceRule> rules)
    {
        _rules =
        [
            .. rules.Select(rule => new Compiled(
                rule.When?.Count ?? 0,
                rule.When is { } when ? new RuleCondition(when) : null,
                rule.Reason
            )),
        ];
        Dictionary<string, List<Use>> uses = new(StringComparer.Ordinal);
        for (int i = 0; i < rules.Count; i++)
        {
            RuleSegment[] segments = RuleText.Segments(rules[i].Text);
            Add(uses, i, segments, segments.Length > 1 ? _segmented++ : -1);
        }
        _automaton = new AhoCorasick([.. uses.Keys]);
        _uses = [.. uses.Values.Select(list => list.ToArray())];
    }

    private static void Add(Dictionary<string, List<Use>> uses, int rule, RuleSegment[] segments, int slot)
    {
        for (int i = 0; i < segments.Length; i++)
        {
            foreach (RuleLiteral literal in segments[i].Literals)
            {
                if (!uses.TryGetValue(literal.Text, out List<Use>? list))
                    uses.Add(literal.Text, list = []);
                list.Add(new Use(rule, i, segments.Length, slot, segments[i].IsNear, literal.Allowed));
            }
        }
    }

    /// <summary>Finds the rule that wins <paramref name="text"/>.</summary>
    /// <param name="text">As <see cref="NormalizedText.Normalize"/> leaves it.</param>
    /// <param name="context">What conditions are held against.</param>
    /// <param name="match">The winner; without meaning when the result is <c>false</c>.</param>
    public bool TryMatch(ReadOnlySpan<char> text, in RuleContext context, out RuleMatch match)
    {
        Span<Progress> progress = _segmented <= MaxOnStack ? stackalloc Progress[MaxOnStack] : new Progress[_segmented];
        match = Search(text, context, progress, null);
        return match.Rule >= 0;
    }

    /// <summary>Finds every rule that holds, each once.</summary>
    /// <param name="text">As <see cref="NormalizedText.Normalize"/> leaves it.</param>
    /// <param name="context">What conditions are held against.</param>
    /// <returns>The most specific first, as <see cref="TryMatch"/> finds it; what ties with it names it.</returns>
    public List<RuleMatch> FindAll(ReadOnlySpan<char> text, in RuleContext context)
    {
        Dictionary<int, RuleMatch> all = [];
        Progress[] progress = new Progress[_segmented];
        RuleMatch best = Search(text, context, progress, all);
        if (!all.Remove(best.Rule))
            return [];
        return [best, .. all.Values.OrderByDescending(match => match.Rank).Select(match => Beside(match, best))];
    }

    private static RuleMatch Beside(in RuleMatch match, in RuleMatch best) =>
        match with
        {
            Tied = match.Rank == best.Rank ? best.Rule : -1,
        };

    private static bool CanWin(in RuleMatch match, in RuleMatch best) =>
        match.Rank > best.Rank || (match.Rank == best.Rank && match.Rule != best.Rule);

    /// <summary>The one of higher rank; of two that tie, the one whose reason is less final. Reasons stand by their severity.</summary>
    /// <param name="match">One that can win.</param>
    /// <param name="best">What it is to win against.</param>
    private RuleMatch Better(in RuleMatch match, in RuleMatch best)
    {
        if (match.Rank > best.Rank)
            return match;
        (int reason, int other) = ((int)_rules[match.Rule].Reason, (int)_rules[best.Rule].Reason);
        bool isLessFinal = reason > other || (reason == other && match.Rule < best.Rule);
        return isLessFinal ? match with { Tied = best.Rule } : best with { Tied = match.Rule };
    }

    /// <summary>The one pass. What holds goes into <paramref name="all"/>, each rule where it is longest; without it, what cannot win is not looked at further.</summary>
    private RuleMatch Search(ReadOnlySpan<char> text, in RuleContext context, Span<Progress> progress, Dictionary<int, RuleMatch>? all)
    {
        (RuleMatch best, RuleMatch cause) = (None, None);
        TextWords words = new(text, stackalloc byte[NormalizedText.MaxLength]);
        foreach (AhoCorasick.Hit hit in _automaton.Find(text))
        {
            TextPlace place = words.At(hit.Start, hit.End);
            foreach (Use use in _uses[hit.Literal])
            {
                if ((place & ~use.Allowed) != TextPlace.Words)
                    continue;
                ref readonly Compiled rule = ref _rules[use.Rule];
                (int start, int length) = (hit.Start, hit.End - hit.Start);
                if (use.Slot >= 0 && !progress[use.Slot].Advance(use, hit, out start, out length))
                    continue;
                RuleMatch match = new(use.Rule, start, hit.End, (rule.Conditions << 16) + length, -1);
                bool canWin = CanWin(match, best);
                bool canExplain = rule.SaysWhy && CanWin(match, cause);
                if ((!canWin && !canExplain && all is null) || rule.When?.Holds(context) == false)
                    continue;
                if (canWin)
                    best = Better(match, best);
                if (canExplain)
                    cause = Better(match, cause);
                if (all is not null && !(all.TryGetValue(use.Rule, out RuleMatch known) && known.Rank >= match.Rank))
                    all[use.Rule] = match;
            }
        }
        bool onlyGivesUp = best.Rule >= 0 && _rules[best.Rule] is { Reason: BounceReason.Expired, Conditions: 0 };
        bool isBeside = cause.End <= best.Start || cause.Start >= best.End;
        return onlyGivesUp && cause.Rule >= 0 && isBeside ? cause : best;
    }

    /// <summary>Where a literal is used: as which segment, of how many, of which rule; and where the progress of that is kept, -1 for a single segment.</summary>
    private readonly record struct Use(int Rule, int Segment, int Segments, int Slot, bool IsNear, TextPlace Allowed);

    /// <summary>A rule as the search needs it.</summary>
    private readonly record struct Compiled(int Conditions, RuleCondition? When, BounceReason Reason)
    {
        /// <summary>Whether it says over what time ran out, where another says that it did: not that the way was blocked, nor what removes a recipient.</summary>
        public bool SaysWhy { get; } =
            Reason.DefaultSeverity() is Severity.Soft or Severity.Block
            && Reason is not (BounceReason.Expired or BounceReason.NetworkError or BounceReason.SystemError);
    }

    /// <summary>
    /// How far a text with gaps has been found. Each segment is taken where it first ends, or where a longer alternative begins at the same place; the
    /// first one anew wherever it occurs, as long as the second has not been found near it.
    /// </summary>
    private struct Progress
    {
        private int _found;
        private int _start;
        private int _lastStart;
        private int _lastEnd;
        private int _length;

        /// <summary>Takes a hit; <c>true</c> when it completes the text, which then began at <paramref name="start"/> and of which <paramref name="length"/> characters were found.</summary>
        public bool Advance(in Use use, AhoCorasick.Hit hit, out int start, out int length)
        {
            bool next = use.Segment == _found && hit.Start >= _lastEnd && !(use.IsNear && hit.Start - _lastEnd > RuleText.MaxNear);
            bool longer = use.Segment == _found - 1 && hit.Start == _lastStart && hit.End > _lastEnd;
            bool anew = use.Segment == 0 && _found == 1 && hit.Start >= _lastEnd;
            if (anew)
                _length = 0;
            if (next || anew)
            {
                _start = use.Segment == 0 ? hit.Start : _start;
                _found = use.Segment + 1;
                _length += hit.End - hit.Start;
            }
            else if (longer)
                _length += hit.End - _lastEnd;
            if (next || longer || anew)
                (_lastStart, _lastEnd) = (hit.Start, hit.End);
            (start, length) = (_start, _length);
            return (next || longer) && _found == use.Segments;
        }
    }
}
