using System.Runtime.CompilerServices;

namespace BounceMx.Mail.Classification;

/// <summary>
/// Finds every occurrence of every literal in one pass over a text, whatever their number (Aho and Corasick, 1975), without regard to case.
/// <para>Does: report which literal ends where, overlapping ones too. Does not: allocate while searching, or slow down on any input.</para>
/// <para>Known gap: case is folded character by character; the few letters that change their length (ß) are compared as they are.</para>
/// </summary>
internal sealed class AhoCorasick
{
    private readonly string[] _literals;

    /// <summary>Character to column; column 0 is every character that no literal holds.</summary>
    private readonly ushort[] _columns = new ushort[char.MaxValue + 1];

    private readonly int _width;

    /// <summary>State and column to state, complete: failure links are already followed, so that a character costs one look-up.</summary>
    private readonly int[] _next;

    /// <summary>The literal that ends in a state, or -1.</summary>
    private readonly int[] _literal;

    /// <summary>The state itself when a literal ends in it, else the nearest suffix in which one does; 0 when there is none.</summary>
    private readonly int[] _ends;

    /// <summary>The nearest shorter suffix of a state in which a literal ends; 0 when there is none.</summary>
    private readonly int[] _suffix;

    /// <summary>Builds the automaton.</summary>
    /// <param name="literals">Distinct, not empty, lower case; a hit names its index here.</param>
    public AhoCorasick(string[] literals)
    {
        _literals = literals;
        _width = 1;
        foreach (char c in literals.SelectMany(literal => literal))
        {
            if (_columns[c] == 0)
                _columns[c] = _columns[char.ToUpperInvariant(c)] = (ushort)_width++;
        }
        int states = CountStates(literals);
        _next = new int[states * _width];
        _literal = new int[states];
        _suffix = new int[states];
        _ends = new int[states];
        Array.Fill(_literal, -1);
        Build(states);
    }

    public Hits Find(ReadOnlySpan<char> text) => new(this, text);

    /// <summary>The nodes of the trie: the root, and for each literal in sorted order what it does not share with the one before.</summary>
    private static int CountStates(string[] literals)
    {
        int count = 1;
        string last = "";
        foreach (string literal in literals.Order(StringComparer.Ordinal))
        {
            count += literal.Length - literal.AsSpan().CommonPrefixLength(last);
            last = literal;
        }
        return count;
    }

    // This runs once, at start-up: without the attribute it would run through the slow first tier of the JIT.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Build(int states)
    {
        int used = 1;
        for (int i = 0; i < _literals.Length; i++)
        {
            int state = 0;
            foreach (char c in _literals[i])
            {
                ref int next = ref _next[(state * _width) + _columns[c]];
                if (next == 0)
                    next = used++;
                state = next;
            }
            _literal[state] = i;
        }

        // Breadth first, so that the failure state, which is nearer to the root, is complete when it is copied from.
        int[] queue = new int[states];
        int[] failure = new int[states];
        int tail = 1;
        for (int head = 0; head < tail; head++)
        {
            int state = queue[head];
            int row = state * _width;
            int failureRow = failure[state] * _width;
            for (int column = 1; column < _width; column++)
            {
                int child = _next[row + column];
                int fallback = state == 0 ? 0 : _next[failureRow + column];
                if (child == 0)
                {
                    _next[row + column] = fallback;
                    continue;
                }
                failure[child] = fallback;
                _suffix[child] = _ends[fallback];
                _ends[child] = _literal[child] >= 0 ? child : _suffix[child];
                queue[tail++] = child;
            }
        }
    }

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
            _pending = automaton._suffix[_pending];
            return true;
        }

        /// <summary>Goes on to the next character at which a literal ends: the loop that all the time is spent in.</summary>
        private bool Advance()
        {
            int[] next = automaton._next;
            int[] ends = automaton._ends;
            ushort[] columns = automaton._columns;
            int width = automaton._width;
            int state = _state;
            for (int at = _at; at < _text.Length; at++)
            {
                state = next[(state * width) + columns[_text[at]]];
                if (ends[state] != 0)
                {
                    (_at, _state, _pending) = (at + 1, state, ends[state]);
                    return true;
                }
            }
            _at = _text.Length;
            return false;
        }
    }
}
