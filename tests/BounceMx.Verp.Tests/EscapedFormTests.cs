namespace BounceMx.Verp.Tests;

public sealed class EscapedFormTests
{
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [Keys.OurDomain] });

    [Theory]
    [InlineData("jörg@example.com", "=j=c3=b6rg=40example.com")]
    [InlineData("user@bücher.example", "=user=40b=c3=bccher.example")]
    [InlineData("𐐷@example.com", "==f0=90=90=b7=40example.com")]
    [InlineData("\"a b\"@example.com", "=a=20b=40example.com")]
    [InlineData("\"a@b\"@example.com", "=a=40b=40example.com")]
    [InlineData("\"a\\\"b\\\\c\"@example.com", "=a=22b=5cc=40example.com")]
    [InlineData("=user@example.com", "==3duser=40example.com")]
    [InlineData("a=b!@example.com", "=a=3db=21=40example.com")]
    [InlineData("a+b!@example.com", "=a=2bb=21=40example.com")]
    [InlineData("A.Z_a-z.0!@Example.Com", "=A.Z_a-z.0=21=40Example.Com")]
    public void Escapes_what_would_not_survive(string recipient, string payload) =>
        Codec.Mint(recipient).ShouldBe($"bounces+{payload}@{Keys.OurDomain}");

    [Theory]
    [InlineData(".a@example.com", "==2ea=40example.com")]
    [InlineData("a.@example.com", "=a=2e=40example.com")]
    [InlineData("a..b@example.com", "=a=2e=2eb=40example.com")]
    [InlineData("a...b@example.com", "=a=2e=2e=2eb=40example.com")]
    [InlineData(".@example.com", "==2e=40example.com")]
    [InlineData("a.b.!@example.com", "=a.b.=21=40example.com")]
    public void Escapes_dots_only_where_an_atom_may_have_none(string recipient, string payload) =>
        Codec.Mint(recipient).ShouldBe($"bounces+{payload}@{Keys.OurDomain}");

    [Fact]
    public void Every_other_character_of_ASCII_is_escaped()
    {
        foreach (char character in " !\"#$%&'()*,/:;<>?@[\\]^`{|}~")
        {
            VerpEncoding minted = Codec.Encode(Recipient(character), Keys.OurDomain);
            minted.Address.ShouldBe($"bounces+=a={(int)character:x2}b=40example.com@{Keys.OurDomain}");
            minted.Form.ShouldBe(VerpForm.Escaped);
        }

        static string Recipient(char c) =>
            c is '"' or '\\' ? $"\"a\\{c}b\"@example.com"
            : " (),:;<>@[]".Contains(c, StringComparison.Ordinal) ? $"\"a{c}b\"@example.com"
            : $"a{c}b@example.com";
    }

    [Fact]
    public void Letters_digits_and_what_nobody_changes_stay_plain()
    {
        foreach (char character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+=")
            Codec.Mint($"a{character}b@example.com").ShouldBe($"bounces+a{character}b=example.com@{Keys.OurDomain}");
    }

    [Theory]
    [InlineData("=j=c3=b6rg=40example.com", "jörg@example.com")]
    [InlineData("=j=C3=B6rg=40example.com", "jörg@example.com")]
    [InlineData("=75ser=40example.com", "75ser@example.com")]
    [InlineData("==75ser=40example.com", "user@example.com")]
    [InlineData("=user=40example=2ecom", "user@example.com")]
    [InlineData("=user=40b=c3=bccher.example", "user@bücher.example")]
    [InlineData("=a=20b=40example.com", "\"a b\"@example.com")]
    [InlineData("=a=40b=40example.com", "\"a@b\"@example.com")]
    [InlineData("=a=22b=5cc=40example.com", "\"a\\\"b\\\\c\"@example.com")]
    [InlineData("=a=2e=2eb=40example.com", "a..b@example.com")]
    [InlineData("=a..b=40example.com", "a..b@example.com")]
    public void Reads_it_back(string payload, string recipient)
    {
        VerpDecoding decoding = Codec.Decode("bounces+" + payload, Keys.OurDomain);
        (decoding.Form, decoding.ToAddress()?.Recipient).ShouldBe((VerpForm.Escaped, recipient));
    }

    [Fact]
    public void Reads_the_tags_behind_it() =>
        Codec
            .Decode("bounces+=j=c3=b6rg=40example.com+Spring+list-7", Keys.OurDomain)
            .ToAddress()
            .ShouldBe(new VerpAddress("jörg@example.com", ["Spring", "list-7"]));

    [Theory]
    [InlineData("=user=example.org", "=user@example.org")] // =us is no hex
    [InlineData("=a=ex.org", "=a@ex.org")]
    [InlineData("=a=4.b=c.org", "=a=4.b@c.org")]
    [InlineData("=abc=41.org", "=abc@41.org")] // no =40
    [InlineData("=a!b=40example.org", "=a!b@40example.org")]
    [InlineData("=a=40b.org+t=example.org", "=a=40b.org+t@example.org")]
    [InlineData("=a=40=c=example.org", "=a=40=c@example.org")]
    public void What_is_not_in_the_form_is_read_as_somebody_s_plain_form(string payload, string recipient)
    {
        VerpDecoding decoding = Codec.Decode("bounces+" + payload, Keys.OurDomain);
        (decoding.Form, decoding.ToAddress()?.Recipient).ShouldBe((VerpForm.Plain, recipient));
    }

    [Theory]
    [InlineData("=user=40i=e2=9d=a4.ws")] // a heart is no letter
    [InlineData("=user=40a=e3=80=82example")] // an ideographic full stop
    [InlineData("=user=40ex=c2=adample.org")] // a soft hyphen
    [InlineData("=j=f6rg=40example.org")] // Latin-1
    [InlineData("==c3=40example.org")] // not UTF-8
    [InlineData("==ed=a0=80=40example.org")] // half a surrogate pair
    [InlineData("==c1=81=40example.org")] // an overlong A
    [InlineData("==00=40example.org")]
    [InlineData("==c2=85=40example.org")] // a control character of C1
    [InlineData("==40example.org")] // no local part
    public void What_only_an_escaping_minter_writes_is_never_read_as_plain(string payload) =>
        Codec.Decode("bounces+" + payload, Keys.OurDomain).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("=user=example.org")]
    [InlineData("=abc=41.org")]
    [InlineData("=a=40b.org+t=example.org")]
    public void What_is_signed_and_begins_with_an_equals_sign_is_never_read_as_plain(string payload) =>
        Codec.Decode($"bounces+{payload}+1k12aaaaaaaaaaaaa", Keys.OurDomain).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("=")]
    [InlineData("==")]
    [InlineData("=a=40b_c")]
    [InlineData("=a=0ab=40b_c")]
    [InlineData("=a=40b.org+")]
    [InlineData("=a=40b.org++tag")]
    public void What_is_in_neither_form_is_malformed(string payload) =>
        Codec.Decode("bounces+" + payload, Keys.OurDomain).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("+_", "a_b+c!@example.org", "bounces+_a_5fb_2bc_21_40example.org")]
    [InlineData("_=", "a_b+c!@example.org", "bounces_=a=5fb=2bc=21=40example.org")]
    [InlineData("+_", "_ab@example.org", "bounces+__5fab_40example.org")]
    [InlineData("+_", "a_b@example.org", "bounces+a_b_example.org")]
    [InlineData("#*", "=ab@example.org", "bounces#=ab*example.org")]
    public void Escapes_configured_delimiters(string delimiters, string recipient, string localPart)
    {
        var codec = new VerpCodec(new VerpOptions { Delimiters = delimiters });
        codec.Mint(recipient).ShouldBe($"{localPart}@{Keys.OurDomain}");
        codec.Decode(localPart, Keys.OurDomain).ToAddress()!.Recipient.ShouldBe(recipient);
    }

    [Fact]
    public void An_escaped_recipient_as_long_as_a_local_part_may_be_is_read()
    {
        string localPart = "bounces+=" + new string('x', 128 - 9 - 4) + "=40a";
        Codec.Decode(localPart + "b", Keys.OurDomain).Fault.ShouldBe(DecodingFault.Malformed);
        Codec.Decode(localPart, Keys.OurDomain).Form.ShouldBe(VerpForm.Escaped);
    }
}
