namespace BounceMx.Verp;

/// <summary>
/// A set of local parts as a small automaton without empty moves, built from left to right: each state is a character that was read, and
/// knows which may follow. Does: find the shortest local part that two sets have in common. Only ASCII: whatever other characters a
/// template takes, it takes letters in their place too. Known gap: the lengths of labels and domains do not count.
/// </summary>
internal sealed class AddressAutomaton
{
    private const int Start = 0;
    private readonly List<State> _states = [new(default, false, [])];

    // The states behind which the next part goes on, and where all ends if nothing follows.
    private List<int> _ends = [Start];

    /// <summary>Whether what is appended now stands before the first fixed text.</summary>
    public bool IsLead { get; set; }

    /// <summary>Appends fixed text, in any case.</summary>
    public AddressAutomaton Text(string text)
    {
        foreach (char c in text)
            One(CharacterSet.Of([c]));
        return this;
    }

    /// <summary>Appends one character of the set.</summary>
    public AddressAutomaton One(CharacterSet characters)
    {
        _ends = [Append(characters)];
        return this;
    }

    /// <summary>Appends one character of each set.</summary>
    public AddressAutomaton Each(IEnumerable<CharacterSet> places)
    {
        foreach (CharacterSet characters in places)
            One(characters);
        return this;
    }

    /// <summary>Appends one or more characters of the set.</summary>
    public AddressAutomaton OneOrMore(CharacterSet characters)
    {
        int state = Append(characters);
        _states[state].Next.Add(state);
        _ends = [state];
        return this;
    }

    /// <summary>Appends a domain name: labels that neither begin nor end with a hyphen, single dots between.</summary>
    public AddressAutomaton Domain()
    {
        int letter = Append(CharacterSet.LabelEnds);
        int hyphen = Add(CharacterSet.Of("-"));
        int dot = Add(CharacterSet.Of("."));
        _states[letter].Next.AddRange([letter, hyphen, dot]);
        _states[hyphen].Next.AddRange([letter, hyphen]);
        _states[dot].Next.Add(letter);
        _ends = [letter];
        return this;
    }

    /// <summary>Appends any number of parts, each a delimiter and characters of the set.</summary>
    public AddressAutomaton Parts(char delimiter, CharacterSet characters)
    {
        List<int> before = _ends;
        int first = Append(CharacterSet.Of([delimiter]));
        _ends = [first];
        OneOrMore(characters);
        _states[_ends[0]].Next.Add(first);
        _ends.AddRange(before);
        return this;
    }

    /// <summary>The shortest local part, at most 128 characters, that is of both; <c>null</c> when there is none.</summary>
    /// <param name="one">The one.</param>
    /// <param name="other">The other.</param>
    /// <param name="inStep">Whether only those count in which the first fixed text of both begins at the same place.</param>
    public static string? FindCommon(AddressAutomaton one, AddressAutomaton other, bool inStep)
    {
        var visited = new Dictionary<(int, int), Step>();
        var queue = new Queue<(int One, int Other)>([(Start, Start)]);
        while (queue.TryDequeue(out (int One, int Other) from))
        {
            foreach (int i in one._states[from.One].Next)
            foreach (int j in other._states[from.Other].Next)
            {
                CharacterSet both = one._states[i].Characters.Intersect(other._states[j].Characters);
                if (inStep && one._states[i].IsLead != other._states[j].IsLead)
                    continue;
                if (both.IsEmpty || !visited.TryAdd((i, j), new Step(from, both.Choose())))
                    continue;
                if (one._ends.Contains(i) && other._ends.Contains(j))
                    return Spell(visited, (i, j));
                queue.Enqueue((i, j));
            }
        }
        return null;
    }

    private static string? Spell(Dictionary<(int, int), Step> steps, (int, int) at)
    {
        var letters = new List<char>();
        for (; at != (Start, Start); at = steps[at].From)
            letters.Add(steps[at].Character);
        letters.Reverse();
        return letters.Count > AddressSyntax.MaxReceivedLocalPart ? null : string.Concat(letters);
    }

    private int Append(CharacterSet characters)
    {
        int state = Add(characters);
        foreach (int end in _ends)
            _states[end].Next.Add(state);
        return state;
    }

    private int Add(CharacterSet characters)
    {
        _states.Add(new(characters, IsLead, []));
        return _states.Count - 1;
    }

    private readonly record struct State(CharacterSet Characters, bool IsLead, List<int> Next);

    private readonly record struct Step((int, int) From, char Character);
}
