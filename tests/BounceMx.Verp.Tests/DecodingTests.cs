namespace BounceMx.Verp.Tests;

public sealed class DecodingTests
{
    private const string OurDomain = "bounces.example.com";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [OurDomain] });

    [Theory]
    [InlineData("bounces+user=example.org", "user@example.org")]
    [InlineData("bounces+user+list=example.org", "user+list@example.org")]
    [InlineData("bounces+a=b=example.org", "a=b@example.org")]
    [InlineData("bounces+a=b+c=example.org", "a=b+c@example.org")]
    [InlineData("bounces++=example.org", "+@example.org")]
    [InlineData("bounces+==example.org", "=@example.org")]
    [InlineData("bounces+user=localhost", "user@localhost")]
    [InlineData("bounces+abc.=docomo.example", "abc.@docomo.example")]
    [InlineData("bounces+a%b=example.org", "a%b@example.org")]
    [InlineData("bounces+jörg=bücher.example", "jörg@bücher.example")]
    [InlineData("bounces+user=xn--bcher-kva.example", "user@xn--bcher-kva.example")]
    public void Reads_the_recipient(string localPart, string recipient) => Decode(localPart).ToAddress()!.Recipient.ShouldBe(recipient);

    [Fact]
    public void Reads_tags_in_their_order_as_written() =>
        Decode("bounces+user=example.org+Spring+list-7+x").ToAddress()!.Tags.ShouldBe(["Spring", "list-7", "x"]);

    [Fact]
    public void An_equals_sign_in_a_tag_moves_the_split_because_the_last_one_decides() =>
        Decode("bounces+user=example.org+a=b").ToAddress()!.Recipient.ShouldBe("user=example.org+a@b");

    [Fact]
    public void An_address_without_tags_has_an_empty_list() => Decode("bounces+user=example.org").ToAddress()!.Tags.ShouldBeEmpty();

    [Fact]
    public void Keeps_the_case_of_the_recipient() =>
        Decode("bounces+John.Doe=Example.ORG").ToAddress()!.Recipient.ShouldBe("John.Doe@Example.ORG");

    [Fact]
    public void Compares_the_prefix_caselessly() => Decode("BOUNCES+user=example.org").IsAccepted.ShouldBeTrue();

    [Fact]
    public void Compares_the_domain_caselessly() =>
        Codec.Decode("bounces+user=example.org", "Bounces.EXAMPLE.Com").IsAccepted.ShouldBeTrue();

    [Theory]
    [InlineData("bounces+john doe=example.org", "\"john doe\"@example.org")]
    [InlineData("bounces+a@b=example.org", "\"a@b\"@example.org")]
    [InlineData("bounces+a\"b\\c=example.org", "\"a\\\"b\\\\c\"@example.org")]
    public void Quotes_a_recipient_that_needs_quotes(string localPart, string recipient) =>
        Decode(localPart).ToAddress()!.Recipient.ShouldBe(recipient);

    [Fact]
    public void The_default_value_is_refused() =>
        (default(VerpDecoding).IsAccepted, default(VerpDecoding).Fault, default(VerpDecoding).ToAddress()).ShouldBe(
            (false, DecodingFault.Malformed, null)
        );

    [Theory]
    [InlineData("bounces")]
    [InlineData("Bounces")]
    public void Accepts_the_plain_address(string localPart)
    {
        VerpDecoding decoding = Decode(localPart);
        (decoding.IsAccepted, decoding.Form, decoding.Stream.Length, decoding.ToAddress()).ShouldBe((true, VerpForm.None, 0, null));
    }

    [Theory]
    [InlineData("bounces-news", "news")]
    [InlineData("bounces-Spring-2026", "Spring-2026")]
    [InlineData("bounces-news+user=example.org", "news+user=example.org")]
    public void Accepts_a_plain_address_with_its_stream(string localPart, string stream)
    {
        VerpDecoding decoding = Decode(localPart);
        (decoding.Fault, decoding.ToAddress(), decoding.Stream.ToString()).ShouldBe((DecodingFault.None, null, stream));
    }

    [Theory]
    [InlineData("example.com")]
    [InlineData("sub.bounces.example.com")]
    [InlineData("[127.0.0.1]")]
    [InlineData("")]
    public void Another_domain_is_not_ours(string domain) =>
        Codec.Decode("bounces+user=example.org", domain).Fault.ShouldBe(DecodingFault.NotOurs);

    [Theory]
    [InlineData("user%example.org")]
    [InlineData("example.org!user")]
    [InlineData("user@example.org")]
    [InlineData("bounces-user%example.org")]
    [InlineData("bounces-user@example.org")]
    public void A_local_part_that_asks_for_relaying_is_not_ours(string localPart) =>
        Decode(localPart).Fault.ShouldBe(DecodingFault.NotOurs);

    [Theory]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("bounce")]
    [InlineData("bounce+user=example.org")]
    [InlineData("bouncesx+user=example.org")]
    [InlineData("bounces=example.org")]
    [InlineData("+user=example.org")]
    public void Another_prefix_is_unknown(string localPart) => Decode(localPart).Fault.ShouldBe(DecodingFault.UnknownPrefix);

    [Theory]
    [InlineData("bounces+")]
    [InlineData("bounces-")]
    [InlineData("bounces+user")]
    [InlineData("bounces+user+tag")]
    [InlineData("bounces+=example.org")]
    [InlineData("bounces+user=")]
    [InlineData("bounces+user=+tag")]
    public void A_missing_part_is_malformed(string localPart) => Decode(localPart).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("bounces+user=example.org+")]
    [InlineData("bounces+user=example.org++tag")]
    [InlineData("bounces+user=example.org+tag+")]
    public void An_empty_tag_is_malformed(string localPart) => Decode(localPart).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("example..org")]
    [InlineData(".example.org")]
    [InlineData("example.org.")]
    [InlineData("-example.org")]
    [InlineData("example-.org")]
    [InlineData("exa_mple.org")]
    [InlineData("exa mple.org")]
    [InlineData("[192.0.2.1]")]
    [InlineData("a☃.example")]
    public void A_recipient_at_no_domain_name_is_malformed(string domain) =>
        Decode($"bounces+user={domain}").Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("bounces+us\ter=example.org")]
    [InlineData("bounces+user=example.org+t\0")]
    [InlineData("bounces+us\u007Fer=example.org")]
    [InlineData("bounces+us\u0085er=example.org")]
    [InlineData("bounces-ne\rws")]
    public void A_control_character_is_malformed(string localPart) => Decode(localPart).Fault.ShouldBe(DecodingFault.Malformed);

    [Fact]
    public void Half_a_surrogate_pair_is_malformed() => Decode("bounces+us\uD83Der=example.org").Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("x", 128, DecodingFault.None)]
    [InlineData("x", 129, DecodingFault.Malformed)]
    [InlineData("é", 128, DecodingFault.None)]
    [InlineData("é", 130, DecodingFault.Malformed)]
    public void Accepts_a_local_part_up_to_128_octets(string letter, int octets, DecodingFault fault)
    {
        const string frame = "bounces+=a.example"; // 18 octets
        int letters = (octets - frame.Length) / (letter == "x" ? 1 : 2);
        string localPart = frame.Replace("+", "+" + string.Concat(Enumerable.Repeat(letter, letters)), StringComparison.Ordinal);
        Decode(localPart).Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData(63, DecodingFault.None)]
    [InlineData(64, DecodingFault.Malformed)]
    public void Accepts_a_label_up_to_63_characters(int length, DecodingFault fault) =>
        Decode($"bounces+user={new string('x', length)}.org").Fault.ShouldBe(fault);

    [Fact]
    public void Without_domains_every_domain_name_is_ours() =>
        new VerpCodec(new VerpOptions()).Decode("bounces+user=example.org", "mx.example.net").IsAccepted.ShouldBeTrue();

    [Fact]
    public void Without_domains_an_address_literal_is_still_not_ours() =>
        new VerpCodec(new VerpOptions()).Decode("bounces+user=example.org", "[127.0.0.1]").Fault.ShouldBe(DecodingFault.NotOurs);

    [Fact]
    public void A_listed_address_literal_is_ours() =>
        new VerpCodec(new VerpOptions { Domains = ["[127.0.0.1]"] }).Decode("bounces", "[127.0.0.1]").IsAccepted.ShouldBeTrue();

    [Fact]
    public void Other_delimiters_part_as_the_configuration_says()
    {
        var codec = new VerpCodec(new VerpOptions { Delimiters = "#*" });
        codec.Decode("bounces#a+b=c*example.org#tag", OurDomain).ToAddress().ShouldBe(new VerpAddress("a+b=c@example.org", ["tag"]));
    }

    [Fact]
    public void A_signature_is_taken_off_and_not_checked_where_there_are_no_keys()
    {
        VerpDecoding decoding = Decode("bounces+user=example.org+tag+0123456789abcdeFV");
        (decoding.IsAccepted, decoding.IsSigned).ShouldBe((true, false));
        decoding.ToAddress()!.Tags.ShouldBe(["tag"]);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef01")]
    [InlineData("0123456789abcdefw")]
    public void What_has_not_the_shape_of_a_signature_is_a_tag(string tag) =>
        Decode("bounces+user=example.org+" + tag).ToAddress()!.Tags.ShouldBe([tag]);

    [Theory]
    [InlineData(255, DecodingFault.None)]
    [InlineData(256, DecodingFault.NotOurs)]
    public void Without_domains_a_domain_is_ours_up_to_255_octets(int length, DecodingFault fault) =>
        new VerpCodec(new VerpOptions()).Decode("bounces", new string('x', length)).Fault.ShouldBe(fault);

    private static VerpDecoding Decode(string localPart) => Codec.Decode(localPart, OurDomain);
}
