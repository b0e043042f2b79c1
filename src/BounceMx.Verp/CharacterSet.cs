namespace BounceMx.Verp;

/// <summary>
/// A set of characters as a value: the printable of ASCII one by one, and all others together. Letters are in it in both cases, because
/// relays fold case. Matching and the comparison of templates both ask it, so that they cannot disagree.
/// </summary>
internal readonly record struct CharacterSet
{
    // DEL is in no address, so its bit is free to stand for all that is not ASCII.
    private const int NotAscii = 127;
    private readonly UInt128 _bits;

    private CharacterSet(UInt128 bits) => _bits = bits;

    public static CharacterSet LettersAndDigits { get; } = Of("abcdefghijklmnopqrstuvwxyz0123456789");

    public static CharacterSet Digits { get; } = Of("0123456789");

    public static CharacterSet HexDigits { get; } = Of("0123456789abcdef");

    public static CharacterSet Base32Hex { get; } = Of("0123456789abcdefghijklmnopqrstuv");

    /// <summary>Letters of any script and digits: what a label of a domain name begins and ends with.</summary>
    public static CharacterSet LabelEnds { get; } = new(LettersAndDigits._bits | (UInt128.One << NotAscii));

    /// <summary>What a domain name is made of.</summary>
    public static CharacterSet OfDomains { get; } = LabelEnds.And("-.");

    /// <summary>Whatever is not a control character.</summary>
    public static CharacterSet Any { get; } = new(UInt128.MaxValue << ' ');

    public bool IsEmpty => _bits == UInt128.Zero;

    /// <summary>The set of these ASCII characters, and of their other case.</summary>
    public static CharacterSet Of(ReadOnlySpan<char> characters) => default(CharacterSet).And(characters);

    public bool Contains(char c) => (_bits >> Math.Min((int)c, NotAscii) & UInt128.One) != UInt128.Zero;

    /// <summary>This set with more ASCII characters in it.</summary>
    public CharacterSet And(ReadOnlySpan<char> characters)
    {
        UInt128 bits = _bits;
        foreach (char c in characters)
            bits |= (UInt128.One << char.ToLowerInvariant(c)) | (UInt128.One << char.ToUpperInvariant(c));
        return new(bits);
    }

    /// <summary>This set without some ASCII characters.</summary>
    public CharacterSet Without(ReadOnlySpan<char> characters) => new(_bits & ~Of(characters)._bits);

    /// <summary>What is in both.</summary>
    public CharacterSet Intersect(CharacterSet other) => new(_bits & other._bits);

    /// <summary>One of its ASCII characters, for an example: a letter or a digit if it has one. Every set but the empty one has one.</summary>
    public char Choose()
    {
        foreach (char c in "abcdefghijklmnopqrstuvwxyz0123456789")
        {
            if (Contains(c))
                return c;
        }
        return (char)UInt128.TrailingZeroCount(_bits);
    }
}
