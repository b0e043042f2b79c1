namespace BounceMx.Verp.Tests;

public sealed class VerpOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => new VerpOptions().Check().ShouldBeEmpty();

    [Theory]
    [InlineData("")]
    [InlineData(".bounces")]
    [InlineData("-bounces")]
    [InlineData("~bounces")]
    [InlineData("=bounces")]
    [InlineData("bounces.")]
    [InlineData("b..c")]
    [InlineData("b c")]
    [InlineData("b@c")]
    [InlineData("bönces")]
    [InlineData("b%c")]
    [InlineData("b!c")]
    [InlineData("b|c")]
    [InlineData("b/c")]
    [InlineData("b$c")]
    [InlineData("b&c")]
    [InlineData("b*c")]
    [InlineData("b?c")]
    [InlineData("b'c")]
    [InlineData("b`c")]
    [InlineData("b#c")]
    [InlineData("b~c")]
    [InlineData("a-prefix-of-thirty-three-letters-")]
    public void A_prefix_is_short_begins_with_a_letter_or_digit_and_holds_what_nobody_changes(string prefix) =>
        OnlyFault(new() { Prefix = prefix }).Name.ShouldBe("Prefix");

    [Theory]
    [InlineData("")]
    [InlineData("+")]
    [InlineData("++")]
    [InlineData("+=~")]
    [InlineData("-=")]
    [InlineData("+.")]
    [InlineData("+@")]
    [InlineData("x=")]
    [InlineData("+~")]
    [InlineData("~=")]
    [InlineData("|$")]
    [InlineData("/=")]
    [InlineData("+&")]
    [InlineData("+?")]
    [InlineData("+^")]
    public void Delimiters_are_two_different_characters_that_no_domain_has_and_nobody_changes(string delimiters) =>
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

    [Theory]
    [InlineData(0)]
    [InlineData(3651)]
    [InlineData(-1)]
    [InlineData(1.5)]
    public void The_age_is_1_to_3650_whole_days(double days) =>
        OnlyFault(new() { MaxAge = TimeSpan.FromDays(days) }).Name.ShouldBe("MaxAge");

    [Theory]
    [InlineData(1)]
    [InlineData(3650)]
    public void The_age_may_be_a_day_or_ten_years(int days) =>
        new VerpOptions { MaxAge = TimeSpan.FromDays(days) }
            .Check()
            .ShouldBeEmpty();

    [Fact]
    public void Two_keys_of_one_id_are_a_fault_that_does_not_show_the_secret()
    {
        VerpOptionsFault fault = OnlyFault(new() { Keys = [Keys.Of('1'), Keys.Of('2'), Keys.Of('1', 7)] });
        (fault.Name, fault.Value).ShouldBe(("Keys:2", "key 1"));
    }

    [Fact]
    public void Null_is_a_fault_and_never_thrown()
    {
        new VerpOptions
        {
            Prefix = null!,
            Delimiters = null!,
            Domains = null!,
            Keys = null!,
            Templates = null!,
        }
            .Check()
            .Select(fault => (fault.Name, fault.Value))
            .ShouldBe([("Prefix", ""), ("Delimiters", ""), ("Domains", ""), ("Keys", ""), ("Templates", "")]);
        OnlyFault(new() { Keys = [null!] }).Name.ShouldBe("Keys:0");
        OnlyFault(new() { Domains = [null!] }).Name.ShouldBe("Domains:0");
        OnlyFault(new() { Templates = [null!] }).Name.ShouldBe("Templates:0");
        new VerpOptions { Keys = [null!, Keys.Of('1'), null!, Keys.Of('1')] }
            .Check()
            .Select(fault => fault.Name)
            .ShouldBe(["Keys:0", "Keys:2", "Keys:3"]);
        Should.Throw<ArgumentException>(() => new VerpCodec(new VerpOptions { Keys = null! }));
    }

    [Fact]
    public void A_codec_does_not_change_with_the_lists_that_it_was_made_of()
    {
        List<string> domains = [Keys.OurDomain];
        List<VerpKey> keys = [Keys.Of('1')];
        var codec = new VerpCodec(new VerpOptions { Domains = domains, Keys = keys });
        VerpAddress hashed = codec.Decode(codec.Mint(new string('x', 60) + "@example.org")).ToAddress()!;
        (domains[0], keys[0]) = ("example.net", Keys.Of('1', 7));
        codec.IsOurs(Keys.OurDomain).ShouldBeTrue();
        codec.Confirms(hashed, new string('x', 60) + "@example.org").ShouldBeTrue();
    }

    [Fact]
    public void As_text_they_show_no_secret() => Keys.Options(Keys.Of('1')).ToString().ShouldNotContain("5a5a", Case.Insensitive);

    [Fact]
    public void The_codec_refuses_invalid_options() =>
        Should.Throw<ArgumentException>(() => new VerpCodec(new VerpOptions { Prefix = "" }));

    private static VerpOptionsFault OnlyFault(VerpOptions options) => options.Check().ShouldHaveSingleItem();
}
