using System.Runtime.InteropServices;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Where addresses stand in some texts, so that each of 1,000 recipients need not be searched for in all of them. Makes no strings.
/// </summary>
internal sealed class AddressIndex
{
    /// <summary>How many mentions of all addresses are kept: two for each of 1,000 recipients.</summary>
    private const int MaxMentions = 2048;

    /// <summary>How many mentions of one address are looked at.</summary>
    private const int MaxFound = 16;

    /// <summary>So few mentions are looked through one after the other.</summary>
    private const int Few = 64;

    private const int Buckets = 1024;

    private readonly List<Mention> _mentions = [];

    /// <summary>By the hash of the address: its first mention, and by mention the next with a hash in the same bucket; -1 when there is none.</summary>
    private int[]? _first;
    private int[] _next = [];

    /// <summary>Whether there were more mentions than are kept.</summary>
    public bool Limited { get; private set; }

    /// <summary>Adds the addresses of a text.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="number">Whatever tells the text apart from others.</param>
    public void Add(ReadOnlyMemory<byte> text, int number = 0)
    {
        int from = 0;
        while (!Limited && AddressText.TryFind(text.Span[from..], out Range where))
        {
            (int start, int end) = (from + where.Start.Value, from + where.End.Value);
            Limited = _mentions.Count == MaxMentions;
            if (!Limited)
                _mentions.Add(new Mention(text, start, end, number, Hash(text.Span[start..end])));
            from = end;
        }
    }

    /// <summary>The mentions of one address in the order of the texts, the first 16.</summary>
    public Matches Find(string address)
    {
        int hash = Hash(address);
        if (_mentions.Count > Few && _first is null)
            Chain();
        return new(CollectionsMarshal.AsSpan(_mentions), _next, _first is null ? 0 : _first[hash % Buckets], address, hash);
    }

    private void Chain()
    {
        _first = new int[Buckets];
        _next = new int[_mentions.Count];
        Array.Fill(_first, -1);
        for (int i = _mentions.Count - 1; i >= 0; i--)
        {
            ref int first = ref _first[_mentions[i].Hash % Buckets];
            (_next[i], first) = (first, i);
        }
    }

    /// <summary>The same for the octets and the characters of an address, whatever its case.</summary>
    private static int Hash(ReadOnlySpan<byte> address)
    {
        int hash = 0;
        foreach (byte octet in address)
            hash = octet < 0x80 ? (hash * 31) + (octet | 0x20) : hash;
        return hash & int.MaxValue;
    }

    private static int Hash(string address)
    {
        int hash = 0;
        foreach (char character in address)
            hash = character < 0x80 ? (hash * 31) + (character | 0x20) : hash;
        return hash & int.MaxValue;
    }

    /// <summary>One mention.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Start">Where the address starts.</param>
    /// <param name="End">Where it ends.</param>
    /// <param name="Number">The number of the text.</param>
    /// <param name="Hash">Of the address.</param>
    internal readonly record struct Mention(ReadOnlyMemory<byte> Text, int Start, int End, int Number, int Hash);

    /// <summary>The mentions of one address.</summary>
    internal ref struct Matches(ReadOnlySpan<Mention> mentions, ReadOnlySpan<int> next, int first, string address, int hash)
    {
        private readonly ReadOnlySpan<Mention> _mentions = mentions;
        private readonly ReadOnlySpan<int> _next = next;
        private int _at = first;
        private int _found;

        public Mention Current { get; private set; }

        public readonly Matches GetEnumerator() => this;

        public bool MoveNext()
        {
            while ((uint)_at < (uint)_mentions.Length && _found < MaxFound)
            {
                ref readonly Mention mention = ref _mentions[_at];
                _at = _next.IsEmpty ? _at + 1 : _next[_at];
                if (mention.Hash != hash || !AddressText.IsSame(mention.Text.Span[mention.Start..mention.End], address))
                    continue;
                Current = mention;
                _found++;
                return true;
            }

            return false;
        }
    }
}
