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
    [InlineData("\"user\"@example.org", "bounces+user=example.org@bounces.example.com")]
    [InlineData("\"us\\er\"@example.org", "bounces+user=example.org@bounces.example.com")]
    public void Mints_an_address_for_the_recipient(string recipient, string address) =>
        Codec.Encode(recipient, OurDomain).Address.ShouldBe(address);

    [Fact]
    public void Appends_the_tags_in_their_order() =>
        Codec
            .Encode("user@example.org", OurDomain, "spring", "list-7")
            .Address.ShouldBe("bounces+user=example.org+spring+list-7@bounces.example.com");

    [Fact]
    public void Writes_other_prefixes_and_delimiters() =>
        new VerpCodec(new VerpOptions { Prefix = "b", Delimiters = "#*" })
            .Encode("a+b@example.org", OurDomain, "x-y")
            .Address.ShouldBe("b#a+b*example.org#x-y@bounces.example.com");

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
    [InlineData("\"\"@example.org", EncodingFault.NoLocalPart)]
    [InlineData("\"@example.org", EncodingFault.InvalidQuotes)]
    [InlineData("\"user@example.org", EncodingFault.InvalidQuotes)]
    [InlineData("\"us\"er@example.org", EncodingFault.InvalidQuotes)]
    [InlineData("\"us\"er\"@example.org", EncodingFault.InvalidQuotes)]
    [InlineData("\"user\\\"@example.org", EncodingFault.InvalidQuotes)]
    [InlineData("<user@example.org>", EncodingFault.InvalidDomain)]
    [InlineData("x@y.org, z@w.org", EncodingFault.InvalidQuotes)]
    [InlineData("a@b@x.org", EncodingFault.InvalidQuotes)]
    [InlineData("a b@x.org", EncodingFault.InvalidQuotes)]
    [InlineData(" user@x.org", EncodingFault.InvalidQuotes)]
    [InlineData("User <user@x.org", EncodingFault.InvalidQuotes)]
    [InlineData("a\\b@x.org", EncodingFault.InvalidQuotes)]
    [InlineData("user@i\u2764.ws", EncodingFault.InvalidDomain)]
    [InlineData("user@a\u3002example", EncodingFault.InvalidDomain)]
    [InlineData("user@ex\u00ADample.org", EncodingFault.InvalidDomain)]
    public void Says_what_is_wrong_with_a_recipient(string recipient, EncodingFault fault) =>
        Codec.Encode(recipient, OurDomain).ShouldBe(VerpEncoding.Refused(fault));

    [Fact]
    public void Every_special_and_the_space_needs_quotes()
    {
        foreach (char character in " \"(),:;<>@[\\]")
            Codec.Encode($"a{character}b@example.org", OurDomain).Fault.ShouldBe(EncodingFault.InvalidQuotes);
    }

    [Fact]
    public void The_default_value_is_no_success() => default(VerpEncoding).Fault.ShouldBe(Codec.Encode("", OurDomain).Fault);

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
    [InlineData(".a")]
    [InlineData("ä")]
    [InlineData("a%b")]
    [InlineData("a!b")]
    [InlineData("~a")]
    [InlineData("a'b")]
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
    [InlineData("0123456789abcdefv")]
    [InlineData("0123456789ABCDEFV")]
    public void Refuses_a_tag_that_would_be_read_as_a_signature(string tag)
    {
        Codec.Encode("user@example.org", OurDomain, tag).Fault.ShouldBe(EncodingFault.InvalidTag);
        Codec.Encode("user@example.org", OurDomain, tag, "last").Fault.ShouldBe(EncodingFault.InvalidTag);
    }

    [Theory]
    [InlineData("0123456789abcdef")]
    [InlineData("0123456789abcdef00")]
    [InlineData("0123456789abcdefw")]
    public void Takes_a_tag_that_is_nearly_a_signature(string tag) =>
        Codec.Decode(Codec.Mint("user@example.org", tag)).ToAddress()!.Tags.ShouldBe([tag]);

    [Theory]
    [InlineData(43, VerpForm.Plain)] // "bounces+" and "=example.org" take 20 of the 64
    [InlineData(44, VerpForm.Plain)]
    [InlineData(45, VerpForm.Hashed)]
    public void Mints_up_to_64_octets_of_local_part(int letters, VerpForm form)
    {
        VerpEncoding minted = Codec.Encode(new string('x', letters) + "@example.org", OurDomain);
        (minted.Form, minted.Address!.Split('@')[0].Length).ShouldBe((form, form is VerpForm.Plain ? letters + 20 : 25));
    }

    [Theory]
    [InlineData(6, VerpForm.Escaped)] // "bounces+=" and "=40example.org" take 23, each letter 6
    [InlineData(7, VerpForm.Hashed)]
    public void Counts_escaped_octets_into_the_64(int letters, VerpForm form) =>
        Codec.Encode(new string('é', letters) + "@example.org", OurDomain).Form.ShouldBe(form);

    [Theory]
    [InlineData(22, VerpForm.Escaped, 64)] // "bounces+=", ten times "=21", "=40" and the domain
    [InlineData(23, VerpForm.Hashed, 25)]
    public void Fills_the_64_octets_in_the_escaped_form(int domainLength, VerpForm form, int octets)
    {
        VerpEncoding minted = Codec.Encode("!!!!!!!!!!@" + new string('x', domainLength), OurDomain);
        (minted.Form, minted.Address!.Split('@')[0].Length).ShouldBe((form, octets));
    }

    [Theory]
    [InlineData(37, VerpForm.Plain)]
    [InlineData(38, VerpForm.Hashed)]
    public void Counts_the_tags_into_the_64_octets(int letters, VerpForm form) =>
        Codec.Encode("a-user@example.org", OurDomain, new string('t', letters)).Form.ShouldBe(form);

    [Theory]
    [InlineData(38, EncodingFault.None)] // "bounces+" and the hash take 25
    [InlineData(39, EncodingFault.TooLong)]
    [InlineData(100_000, EncodingFault.TooLong)]
    public void Tags_that_leave_no_room_for_a_hash_are_too_long(int letters, EncodingFault fault)
    {
        Codec.Encode(new string('x', 60) + "@example.org", OurDomain, new string('t', letters)).Fault.ShouldBe(fault);
        new VerpCodec(new VerpOptions { HideRecipients = true })
            .Encode("user@example.org", OurDomain, new string('t', letters))
            .Fault.ShouldBe(fault);
    }

    [Fact]
    public void A_million_tags_are_too_long() =>
        Codec.Encode("user@example.org", OurDomain, [.. Enumerable.Repeat("t", 1_000_000)]).Fault.ShouldBe(EncodingFault.TooLong);

    [Theory]
    [InlineData(20, EncodingFault.None)]
    [InlineData(21, EncodingFault.TooLong)]
    public void Counts_the_signature_into_the_64_octets(int letters, EncodingFault fault)
    {
        VerpEncoding minted = new VerpCodec(Keys.Options(Keys.Of('1'))).Encode(
            new string('x', 60) + "@example.org",
            OurDomain,
            new string('t', letters)
        );
        minted.Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData(254, EncodingFault.None)]
    [InlineData(255, EncodingFault.TooLong)]
    [InlineData(1000, EncodingFault.TooLong)]
    public void A_recipient_has_up_to_254_octets(int octets, EncodingFault fault) =>
        Codec.Encode(new string('x', octets - 12) + "@example.org", OurDomain).Fault.ShouldBe(fault);

    [Theory]
    [InlineData(121, EncodingFault.None)]
    [InlineData(122, EncodingFault.TooLong)]
    public void The_octets_of_a_recipient_are_those_of_UTF_8(int letters, EncodingFault fault) =>
        Codec.Encode(new string('é', letters) + "@example.org", OurDomain).Fault.ShouldBe(fault);

    [Fact]
    public void Quotes_do_not_count_among_the_254_octets() =>
        Codec.Encode($"\"{string.Concat(Enumerable.Repeat("\\\"", 242))}\"@example.org", OurDomain).Form.ShouldBe(VerpForm.Hashed);

    [Theory]
    [InlineData(189, VerpForm.Plain)] // 64 octets before the "@"
    [InlineData(190, VerpForm.Hashed)]
    [InlineData(228, VerpForm.Hashed)] // 25 octets before the "@"
    [InlineData(229, VerpForm.None)]
    [InlineData(255, VerpForm.None)]
    public void Mints_up_to_254_octets_in_all(int domainLength, VerpForm form)
    {
        string domain = string.Concat(Enumerable.Repeat("abcdefg.", 32))[..(domainLength - 4)] + "xorg";
        VerpEncoding minted = new VerpCodec(new VerpOptions()).Encode(new string('x', 44) + "@example.org", domain);
        (minted.Form, minted.Fault).ShouldBe((form, form is VerpForm.None ? EncodingFault.TooLong : EncodingFault.None));
    }

    [Theory]
    [InlineData("éa", VerpForm.Plain)] // 64 octets before the "@", 189 behind it
    [InlineData("éab", VerpForm.Hashed)]
    public void Counts_the_octets_of_a_bounce_domain_in_UTF_8(string lastLabel, VerpForm form)
    {
        string domain = string.Concat(Enumerable.Repeat("é.", 62)) + lastLabel;
        new VerpCodec(new VerpOptions()).Encode(new string('x', 44) + "@example.org", domain).Form.ShouldBe(form);
    }
}
