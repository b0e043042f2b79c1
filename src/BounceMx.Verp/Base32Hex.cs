using System.Buffers;

namespace BounceMx.Verp;

/// <summary>
/// Base32 with the extended hex alphabet (RFC 4648 section 7), 0-9 and a-v: five bits a character, most significant first. Written in lower
/// case and read in any, so that a text survives a relay that folds case. No padding.
/// </summary>
internal static class Base32Hex
{
    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    private static readonly SearchValues<char> AnyCase = SearchValues.Create(Alphabet + "ABCDEFGHIJKLMNOPQRSTUV");

    /// <summary>Whether it consists of the alphabet's characters, in any case.</summary>
    public static bool IsAll(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(AnyCase);

    /// <summary>The five bits of a character; -1 for one that is not in the alphabet.</summary>
    public static int ValueOf(char character) =>
        character switch
        {
            >= '0' and <= '9' => character - '0',
            >= 'a' and <= 'v' => character - 'a' + 10,
            >= 'A' and <= 'V' => character - 'A' + 10,
            _ => -1,
        };

    /// <summary>The character of the lowest five bits.</summary>
    public static char CharacterOf(int value) => Alphabet[value & 31];

    /// <summary>Fills <paramref name="text"/> from the front of <paramref name="octets"/>, which hold five bits for each character of it.</summary>
    public static void Write(ReadOnlySpan<byte> octets, Span<char> text)
    {
        int buffer = 0;
        int bits = 0;
        int next = 0;
        foreach (ref char character in text)
        {
            if (bits < 5)
            {
                buffer = (buffer << 8) | octets[next++];
                bits += 8;
            }
            bits -= 5;
            character = CharacterOf(buffer >> bits);
        }
    }
}
