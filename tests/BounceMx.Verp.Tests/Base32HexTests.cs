using System.Text;

namespace BounceMx.Verp.Tests;

public sealed class Base32HexTests
{
    // RFC 4648 section 10, without padding and in lower case.
    [Theory]
    [InlineData("f", "c")]
    [InlineData("fo", "cpn")]
    [InlineData("foo", "cpnm")]
    [InlineData("foob", "cpnmuo")]
    [InlineData("fooba", "cpnmuoj1")]
    [InlineData("foobar", "cpnmuoj1e")]
    public void Writes_whole_characters_as_RFC_4648_does(string octets, string expected)
    {
        Span<char> text = stackalloc char[expected.Length];
        Base32Hex.Write(Encoding.ASCII.GetBytes(octets), text);
        text.ToString().ShouldBe(expected);
    }

    [Fact]
    public void Knows_the_value_of_every_character_in_any_case()
    {
        const string alphabet = "0123456789abcdefghijklmnopqrstuv";
        for (int value = 0; value < 32; value++)
        {
            Base32Hex.ValueOf(alphabet[value]).ShouldBe(value);
            Base32Hex.ValueOf(char.ToUpperInvariant(alphabet[value])).ShouldBe(value);
            Base32Hex.CharacterOf(value + 64).ShouldBe(alphabet[value]);
        }
    }

    [Fact]
    public void No_other_character_is_in_the_alphabet()
    {
        for (char character = '\0'; character < 0x300; character++)
        {
            bool known = char.IsAsciiDigit(character) || char.ToLowerInvariant(character) is >= 'a' and <= 'v';
            (Base32Hex.ValueOf(character) >= 0, Base32Hex.IsAll([character])).ShouldBe((known, known), $"U+{(int)character:X4}");
        }
    }
}
