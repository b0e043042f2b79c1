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

    private readonly List<(int Hash, Mention Mention)> _mentions = [];
    private readonly List<Mention> _found = [];
    private string? _last;

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
            var mention = new Mention(text, from + where.Start.Value, from + where.End.Value, number);
            Limited = _mentions.Count == MaxMentions;
            if (!Limited)
                _mentions.Add((Hash(mention.Address), mention));
            from = mention.End;
        }
    }

    /// <summary>The mentions of one address in the order of the texts, the first 16; valid until the next call.</summary>
    public ReadOnlySpan<Mention> Find(string address)
    {
        if (!ReferenceEquals(_last, address))
        {
            _last = address;
            _found.Clear();
            int hash = Hash(address);
            foreach ((int other, Mention mention) in CollectionsMarshal.AsSpan(_mentions))
            {
                if (other == hash && _found.Count < MaxFound && AddressText.IsSame(mention.Address, address))
                    _found.Add(mention);
            }
        }

        return CollectionsMarshal.AsSpan(_found);
    }

    /// <summary>The same for the octets and the characters of one ASCII address, whatever its case; others are few.</summary>
    private static int Hash(ReadOnlySpan<byte> address)
    {
        int hash = 0;
        foreach (byte octet in address)
            hash = octet < 0x80 ? (hash * 31) + (octet | 0x20) : hash;
        return hash;
    }

    private static int Hash(string address)
    {
        int hash = 0;
        foreach (char character in address)
            hash = character < 0x80 ? (hash * 31) + (character | 0x20) : hash;
        return hash;
    }

    /// <summary>One mention.</summary>
    /// <param name="Text">The text.</param>
    /// <param name="Start">Where the address starts.</param>
    /// <param name="End">Where it ends.</param>
    /// <param name="Number">The number of the text.</param>
    internal readonly record struct Mention(ReadOnlyMemory<byte> Text, int Start, int End, int Number)
    {
        public ReadOnlySpan<byte> Address => Text.Span[Start..End];
    }
}
