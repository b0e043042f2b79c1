namespace BounceMx.Mail.Classification;

/// <summary>The rule that won a text.</summary>
/// <param name="Rule">Its index in the book.</param>
/// <param name="Start">Where its words begin in the text.</param>
/// <param name="End">Where they end, exclusive.</param>
/// <param name="Tied">The index of another rule that holds with the same rank, a fault of the book; -1 when there is none.</param>
internal readonly record struct RuleMatch(int Rule, int Start, int End, int Tied);

/// <summary>
/// The rule book made ready for searching.
/// <para>Does: find all literals of all rules in one pass, follow <c>a*b</c> texts from segment to segment on the way, and keep the rule of highest rank.</para>
/// <para>Does not: change after construction; a search allocates nothing and any number may run at once.</para>
/// </summary>
internal sealed class RuleMatcher
{
    /// <summary>More texts with <c>*</c> than this are followed in an array of the heap.</summary>
    private const int MaxOnStack = 128;

    private readonly AhoCorasick _automaton;
    private readonly Use[][] _uses;
    private readonly Compiled[] _rules;
    private readonly int _segmented;

    public RuleMatcher(IReadOnlyList<BounceRule> rules)
    {
        _rules = new Compiled[rules.Count];
        Dictionary<string, List<Use>> uses = new(StringComparer.Ordinal);
        for (int i = 0; i < rules.Count; i++)
        {
            string[] segments = rules[i].Text.Split('*');
            int slot = segments.Length > 1 ? _segmented++ : -1;
            _rules[i] = new Compiled(
                Rank: ((rules[i].When?.Count ?? 0) << 16) + segments.Sum(s => s.Length),
                Segments: segments.Length,
                Slot: slot,
                When: rules[i].When is { } when ? new RuleCondition(when) : null
            );
            for (int segment = 0; segment < segments.Length; segment++)
            {
                if (!uses.TryGetValue(segments[segment], out List<Use>? list))
                    uses.Add(segments[segment], list = []);
                list.Add(new Use(i, segment));
            }
        }
        _automaton = new AhoCorasick([.. uses.Keys]);
        _uses = [.. uses.Values.Select(list => list.ToArray())];
    }

    /// <summary>Finds the rule that wins <paramref name="text"/>.</summary>
    /// <param name="text">As <see cref="NormalizedText.Normalize"/> leaves it.</param>
    /// <param name="context">What conditions are held against.</param>
    /// <param name="match">The winner; default when the result is <c>false</c>.</param>
    public bool TryMatch(ReadOnlySpan<char> text, in RuleContext context, out RuleMatch match)
    {
        Span<Progress> progress = _segmented <= MaxOnStack ? stackalloc Progress[MaxOnStack] : new Progress[_segmented];
        int best = -1;
        match = default;
        foreach (AhoCorasick.Hit hit in _automaton.Find(text))
        {
            foreach (Use use in _uses[hit.Literal])
            {
                ref readonly Compiled rule = ref _rules[use.Rule];
                int start = hit.Start;
                if (rule.Slot >= 0 && !progress[rule.Slot].Advance(use.Segment, rule.Segments, hit, out start))
                    continue;
                if (rule.Rank < best || (best >= 0 && use.Rule == match.Rule) || rule.When?.Holds(context) == false)
                    continue;
                match = rule.Rank == best ? match with { Tied = use.Rule } : new RuleMatch(use.Rule, start, hit.End, -1);
                best = rule.Rank;
            }
        }
        return best >= 0;
    }

    /// <summary>Finds every rule that holds, each once.</summary>
    /// <param name="text">As <see cref="NormalizedText.Normalize"/> leaves it.</param>
    /// <param name="context">What conditions are held against.</param>
    /// <returns>The most specific first, as <see cref="TryMatch"/> finds it; what ties with it names it.</returns>
    public List<RuleMatch> FindAll(ReadOnlySpan<char> text, in RuleContext context)
    {
        List<RuleMatch> matches = [];
        if (!TryMatch(text, context, out RuleMatch best))
            return matches;
        Progress[] progress = new Progress[_segmented];
        foreach (AhoCorasick.Hit hit in _automaton.Find(text))
        {
            foreach (Use use in _uses[hit.Literal])
            {
                ref readonly Compiled rule = ref _rules[use.Rule];
                int start = hit.Start;
                if (rule.Slot >= 0 && !progress[rule.Slot].Advance(use.Segment, rule.Segments, hit, out start))
                    continue;
                if (use.Rule != best.Rule && matches.TrueForAll(m => m.Rule != use.Rule) && rule.When?.Holds(context) != false)
                    matches.Add(new RuleMatch(use.Rule, start, hit.End, rule.Rank == _rules[best.Rule].Rank ? best.Rule : -1));
            }
        }
        return [best, .. matches.OrderByDescending(match => _rules[match.Rule].Rank)];
    }

    /// <summary>Where a literal is used: as which segment of which rule.</summary>
    private readonly record struct Use(int Rule, int Segment);

    /// <summary>A rule as the search needs it.</summary>
    private readonly record struct Compiled(int Rank, int Segments, int Slot, RuleCondition? When);

    /// <summary>How far an <c>a*b</c> text has been found. Taking each segment where it first occurs finds every text that can be found.</summary>
    private struct Progress
    {
        private int _found;
        private int _start;
        private int _end;

        /// <summary>Takes a hit; <c>true</c> when it completes the text, which then began at <paramref name="start"/>.</summary>
        public bool Advance(int segment, int segments, AhoCorasick.Hit hit, out int start)
        {
            if (segment == _found && hit.Start >= _end)
            {
                _start = segment == 0 ? hit.Start : _start;
                _end = hit.End;
                _found++;
                start = _start;
                return _found == segments;
            }
            start = _start;
            return false;
        }
    }
}
