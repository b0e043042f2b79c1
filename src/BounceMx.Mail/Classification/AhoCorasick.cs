namespace BounceMx.Mail.Classification;

/// <summary>
/// Finds every occurrence of every literal in one pass over a text, whatever their number (Aho and Corasick, 1975), without regard to case.
/// <para>Does: report which literal ends where, overlapping ones too. Does not: allocate while searching, or slow down on any input.</para>
/// <para>States are numbered breadth first, so the children of a state follow each other, and a few numbers a state are all there is to build and to hold in
/// the cache: a table of all states by characters is forty times as large. Only those at most two steps from the root have one, for most steps are taken there.</para>
/// <para>Known gap: case is folded character by character; the few letters that change their length (ß) are compared as they are.</para>
/// </summary>
internal sealed class AhoCorasick
{
    /// <summary>The characters that the rows are for: Latin-1, and so octets that were widened.</summary>
    private const int Width = 256;

    private readonly string[] _literals;

    /// <summary>The character that leads to a state.</summary>
    private readonly char[] _label;

    /// <summary>The first child of a state; its last is the one before the first child of the next state.</summary>
    private readonly int[] _firstChild;

    /// <summary>The longest proper suffix of a state that is a state.</summary>
    private readonly int[] _failure;

    /// <summary>The literal that ends in a state, or -1.</summary>
    private readonly int[] _literal;

    /// <summary>The state itself when a literal ends in it, else the nearest suffix in which one does; 0 when there is none.</summary>
    private readonly int[] _ends;

    /// <summary>The next state, for each of the states nearest to the root a row by characters.</summary>
    private readonly int[] _steps;

    /// <summary>The first state that has no such row.</summary>
    private readonly int _far;

    /// <summary>Builds the automaton.</summary>
    /// <param name="literals">Distinct, not empty, lower case; a hit names its index here.</param>
    public AhoCorasick(string[] literals)
    {
        _literals = literals;
        int[] order = new int[literals.Length];
        for (int i = 0; i < order.Length; i++)
            order[i] = i;
        string[] sorted = [.. literals];
        Array.Sort(sorted, order, StringComparer.Ordinal);
        int states = CountStates(sorted);
        _label = new char[states];
        _firstChild = new int[states + 1];
        _failure = new int[states];
        _literal = new int[states];
        _ends = new int[states];

        // A state stands for the literals that begin with it, which follow each other in the sorted array.
        var range = new Range[states];
        range[0] = new Range(0, sorted.Length, 0, 0);
        int used = 1;
        for (int state = 0; state < states; state++)
        {
            (int from, int to, int depth, _) = range[state];
            _literal[state] = from < to && sorted[from].Length == depth ? order[from++] : -1;
            _firstChild[state] = used;
            while (from < to)
            {
                char c = sorted[from][depth];
                int end = from + 1;
                while (end < to && sorted[end][depth] == c)
                    end++;
                _label[used] = c;
                range[used++] = new Range(from, end, depth + 1, state);
                from = end;
            }
        }
        _firstChild[states] = states;
        _far = _firstChild[_firstChild[1]];
        _steps = new int[_far * Width];

        // The failure state is nearer to the root, and so complete when it is asked for.
        for (int state = 0; state < states; state++)
        {
            int parent = range[state].Parent;
            _failure[state] = parent == 0 ? 0 : Step(_failure[parent], _label[state]);
            _ends[state] = _literal[state] >= 0 ? state : _ends[_failure[state]];
            if (state < _far)
                FillSteps(state);
        }
    }

    /// <summary>The row of a state: where the state itself does not lead on, its suffix may.</summary>
    private void FillSteps(int state)
    {
        Span<int> row = _steps.AsSpan(state * Width, Width);
        _steps.AsSpan(_failure[state] * Width, Width).CopyTo(row);
        for (int child = _firstChild[state]; child < _firstChild[state + 1]; child++)
        {
            if (_label[child] < Width)
                row[_label[child]] = child;
        }
    }

    public Hits Find(ReadOnlySpan<char> text) => new(this, text);

    /// <summary>The nodes of the trie: the root, and for each literal what it does not share with the one before.</summary>
    private static int CountStates(string[] sorted)
    {
        int count = 1;
        string last = "";
        foreach (string literal in sorted)
        {
            count += literal.Length - literal.AsSpan().CommonPrefixLength(last);
            last = literal;
        }
        return count;
    }

    /// <summary>The state after one more character.</summary>
    private int Step(int state, char c)
    {
        while (state >= _far || (c >= Width && state != 0))
        {
            if (Child(state, c) is > 0 and int child)
                return child;
            state = _failure[state];
        }
        return c < Width ? _steps[(state * Width) + c] : Child(0, c);
    }

    /// <summary>Where a character leads from a state; 0 when it does not. Nearly all states that are asked have one child.</summary>
    private int Child(int state, char c)
    {
        int end = _firstChild[state + 1];
        for (int child = _firstChild[state]; child < end; child++)
        {
            if (_label[child] == c)
                return child;
        }
        return 0;
    }

    /// <summary>The literals that begin with a state, in their sorted order, and how long that beginning is.</summary>
    private readonly record struct Range(int From, int To, int Depth, int Parent);

    /// <summary>One occurrence.</summary>
    /// <param name="Literal">The index of the literal.</param>
    /// <param name="Start">Where it begins in the text.</param>
    /// <param name="End">Where it ends, exclusive.</param>
    public readonly record struct Hit(int Literal, int Start, int End);

    /// <summary>The hits of one text in the order of their ends, longer ones first.</summary>
    public ref struct Hits(AhoCorasick automaton, ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private int _state;

        /// <summary>The state whose literals are still to be reported; 0 when the next character is due.</summary>
        private int _pending;

        public Hit Current { get; private set; }

        public readonly Hits GetEnumerator() => this;

        public bool MoveNext()
        {
            if (_pending == 0 && !Advance())
                return false;
            int literal = automaton._literal[_pending];
            Current = new Hit(literal, _at - automaton._literals[literal].Length, _at);
            _pending = automaton._ends[automaton._failure[_pending]];
            return true;
        }

        /// <summary>Steps on until a literal ends; <c>false</c> when none does any more.</summary>
        private bool Advance()
        {
            int[] ends = automaton._ends;
            int state = _state;
            for (int at = _at; at < _text.Length; at++)
            {
                state = automaton.Step(state, char.ToLowerInvariant(_text[at]));
                if (ends[state] == 0)
                    continue;
                (_at, _state, _pending) = (at + 1, state, ends[state]);
                return true;
            }
            _at = _text.Length;
            return false;
        }
    }
}
