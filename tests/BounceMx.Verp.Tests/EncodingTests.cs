namespace BounceMx.Verp.Tests;

public sealed class EncodingTests
{
    private const string OurDomain = "bounces.example.com";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [OurDomain] });

    [Theory]
    [InlineData("user@example.org", "bounces+user=example.org@bounces.example.com")]
    [InlineData("user+list@example.org", "bounces+user+list=example.org@bounces.example.com")]
    [InlineData("a=b@example.org", "bounces+a=b=example.org@bounces.example.com")]
    [InlineData("John.Doe@Example.ORG", "bounces+John.Doe=Example.ORG@bounces.example.com")]
    [InlineData("jörg@bücher.example", "bounces+jörg=bücher.example@bounces.example.com")]
    [InlineData("abc.@docomo.example", "bounces+abc.=docomo.example@bounces.example.com")]
    public void Mints_an_address_for_the_recipient(string recipient, string address) =>
        Codec.Encode(recipient, OurDomain).Address.ShouldBe(address);

    [Fact]
    public void Appends_the_tags_in_their_order() =>
        Codec
            .Encode("user@example.org", OurDomain, "spring", "list-7")
            .Address.ShouldBe("bounces+user=example.org+spring+list-7@bounces.example.com");

    [Fact]
    public void Writes_other_prefixes_and_delimiters() =>
        new VerpCodec(new VerpOptions { Prefix = "b", Delimiters = "#~" })
            .Encode("a+b@example.org", OurDomain, "x=y")
            .Address.ShouldBe("b#a+b~example.org#x=y@bounces.example.com");

    [Theory]
    [InlineData("", EncodingFault.NoDomain)]
    [InlineData("user", EncodingFault.NoDomain)]
    [InlineData("user@", EncodingFault.NoDomain)]
    [InlineData("@example.org", EncodingFault.NoLocalPart)]
    [InlineData("user@[192.0.2.1]", EncodingFault.InvalidDomain)]
    [InlineData("user@example..org", EncodingFault.InvalidDomain)]
    [InlineData("user@example.org ", EncodingFault.InvalidDomain)]
    [InlineData("us\ner@example.org", EncodingFault.ControlCharacter)]
    [InlineData("user@example.org\r", EncodingFault.ControlCharacter)]
    [InlineData("\"john doe\"@example.org", EncodingFault.NeedsQuotes)]
    [InlineData("john doe@example.org", EncodingFault.NeedsQuotes)]
    [InlineData("a@b@example.org", EncodingFault.NeedsQuotes)]
    [InlineData("a..b@example.org", EncodingFault.NeedsQuotes)]
    [InlineData("<user@example.org>", EncodingFault.NeedsQuotes)]
    public void Says_what_is_wrong_with_a_recipient(string recipient, EncodingFault fault) =>
        Codec.Encode(recipient, OurDomain).ShouldBe(VerpEncoding.Refused(fault));

    [Fact]
    public void Half_a_surrogate_pair_counts_as_a_control_character() =>
        Codec.Encode("us\uD83Der@example.org", OurDomain).Fault.ShouldBe(EncodingFault.ControlCharacter);

    [Theory]
    [InlineData("")]
    [InlineData("a+b")]
    [InlineData("a=b")]
    [InlineData("a@b")]
    [InlineData("a b")]
    [InlineData("a\tb")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("ä")]
    public void Refuses_a_tag_that_would_not_come_back(string tag) =>
        Codec.Encode("user@example.org", OurDomain, "good", tag).Fault.ShouldBe(EncodingFault.InvalidTag);

    [Theory]
    [InlineData("")]
    [InlineData("example.net")]
    [InlineData("[127.0.0.1]")]
    public void Refuses_a_bounce_domain_that_is_not_ours(string domain) =>
        Codec.Encode("user@example.org", domain).Fault.ShouldBe(EncodingFault.InvalidBounceDomain);

    [Fact]
    public void Refuses_a_bounce_domain_that_is_no_name_even_when_every_domain_is_ours() =>
        new VerpCodec(new VerpOptions()).Encode("user@example.org", "a b").Fault.ShouldBe(EncodingFault.InvalidBounceDomain);

    [Theory]
    [InlineData("x", 44, EncodingFault.None)] // "bounces+" and "=example.org" take 20 of the 64
    [InlineData("x", 45, EncodingFault.TooLong)]
    [InlineData("é", 22, EncodingFault.None)]
    [InlineData("é", 23, EncodingFault.TooLong)]
    public void Mints_up_to_64_octets_of_local_part(string letter, int count, EncodingFault fault) =>
        Codec.Encode(string.Concat(Enumerable.Repeat(letter, count)) + "@example.org", OurDomain).Fault.ShouldBe(fault);

    [Fact]
    public void Counts_the_tags_into_the_64_octets() =>
        Codec.Encode("user@example.org", OurDomain, new string('t', 40)).Fault.ShouldBe(EncodingFault.TooLong);

    [Theory]
    [InlineData(189, EncodingFault.None)] // 64 octets before the "@"
    [InlineData(190, EncodingFault.TooLong)]
    public void Mints_up_to_254_octets_in_all(int domainLength, EncodingFault fault)
    {
        string domain = string.Concat(Enumerable.Repeat("abcdefg.", 30))[..(domainLength - 4)] + "xorg";
        new VerpCodec(new VerpOptions()).Encode(new string('x', 44) + "@example.org", domain).Fault.ShouldBe(fault);
    }
}
