namespace BounceMx.Verp.Tests;

public sealed class VerpOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new VerpOptions().Check().ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData(".bounces")]
    [InlineData("bounces.")]
    [InlineData("b..c")]
    [InlineData("b c")]
    [InlineData("b@c")]
    [InlineData("bönces")]
    [InlineData("a-prefix-of-thirty-three-letters-")]
    public void A_prefix_must_be_a_short_ASCII_dot_string(string prefix) => OnlyFault(new() { Prefix = prefix }).Name.ShouldBe("Prefix");

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("++")]
    [InlineData("+=~")]
    [InlineData("-=")]
    [InlineData("+.")]
    [InlineData("+@")]
    [InlineData("x=")]
    public void Delimiters_are_two_different_characters_that_no_domain_has(string delimiters) =>
        OnlyFault(new() { Delimiters = delimiters }).Name.ShouldBe("Delimiters");

    [Fact]
    public void A_domain_that_is_none_is_named_with_its_index()
    {
        VerpOptionsFault fault = OnlyFault(new() { Domains = ["bounces.example.com", "a b"] });
        (fault.Name, fault.Value).ShouldBe(("Domains:1", "a b"));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public void A_domain_has_at_most_255_octets(int length, bool valid)
    {
        string domain = string.Concat(Enumerable.Repeat("abcdefg.", 32))[..(length - 1)] + "z";
        new VerpOptions { Domains = [domain] }
            .Check()
            .Count.ShouldBe(valid ? 0 : 1);
    }

    [Fact]
    public void The_codec_refuses_invalid_options() =>
        Should.Throw<ArgumentException>(() => new VerpCodec(new VerpOptions { Prefix = "" }));

    private static VerpOptionsFault OnlyFault(VerpOptions options) => options.Check().ShouldHaveSingleItem();
}
