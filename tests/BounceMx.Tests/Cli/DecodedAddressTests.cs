using System.Text.Json.Nodes;
using BounceMx.Cli;
using BounceMx.Publishing;
using BounceMx.Verp;

namespace BounceMx.Tests.Cli;

public sealed class DecodedAddressTests
{
    private static readonly VerpKey Key = new('1', new byte[16]);
    private readonly ManualTime _time = new("2026-11-22T12:00:00Z");

    [Fact]
    public void A_signed_address_says_who_and_what_about()
    {
        DecodedAddress decoded = Read(Mint("user@example.test", "spring", "k7"));

        decoded.Recipient.ShouldBe("user@example.test");
        decoded.Tags.ShouldBe(["spring", "k7"]);
        decoded.Form.ShouldBe(VerpForm.Plain);
        decoded.Signature.ShouldBe(SignatureState.Valid);
        decoded.IsFaulty.ShouldBeFalse();
    }

    [Fact]
    public void Angle_brackets_and_quotes_are_taken_off()
    {
        Read("<bounces+user=example.test@b.test>").Recipient.ShouldBe("user@example.test");
        Read("\"bounces+us\\er=example.test\"@b.test").Recipient.ShouldBe("user@example.test");
    }

    [Fact]
    public void An_unsigned_address_is_no_fault()
    {
        DecodedAddress decoded = Read("bounces+user=example.test@b.test");

        decoded.Signature.ShouldBe(SignatureState.Unsigned);
        decoded.IsFaulty.ShouldBeFalse();
    }

    [Fact]
    public void Without_keys_nothing_is_checked() =>
        DecodedAddress.Read(new VerpCodec(new VerpOptions()), Mint("user@example.test")).Signature.ShouldBe(SignatureState.NotChecked);

    [Fact]
    public void A_changed_address_still_says_whom_it_names()
    {
        DecodedAddress decoded = Read(Mint("user@example.test").Replace("user", "usex", StringComparison.Ordinal));

        decoded.Fault.ShouldBe(DecodingFault.BadSignature);
        decoded.Signature.ShouldBe(SignatureState.Bad);
        decoded.Recipient.ShouldBe("usex@example.test");
    }

    [Fact]
    public void An_old_address_has_expired()
    {
        string address = Mint("user@example.test");
        _time.Now += TimeSpan.FromDays(31);

        Read(address).Signature.ShouldBe(SignatureState.Expired);
    }

    [Theory]
    [InlineData("User@example.test", true)]
    [InlineData("other@example.test", false)]
    public void A_hash_is_compared_with_the_recipient_who_is_asked_for(string recipient, bool confirmed)
    {
        VerpOptions options = Options with { HideRecipients = true };
        string address = new VerpCodec(options, _time).Encode("user@example.test", "b.test").Address!;

        DecodedAddress decoded = DecodedAddress.Read(new VerpCodec(options, _time), address, recipient);

        decoded.Confirmed.ShouldBe(confirmed);
        decoded.IsFaulty.ShouldBe(!confirmed);
    }

    [Theory]
    [InlineData("bounces-news@b.test", null)]
    [InlineData("bounces+x@b.test", DecodingFault.Malformed)]
    [InlineData("user@b.test", DecodingFault.UnknownPrefix)]
    [InlineData("bounces+user=example.test@c.test", DecodingFault.NotOurs)]
    [InlineData("", DecodingFault.NotOurs)]
    [InlineData("@", DecodingFault.NotOurs)]
    [InlineData("\"", DecodingFault.NotOurs)]
    public void What_names_nobody_has_no_form(string address, DecodingFault? fault)
    {
        DecodedAddress decoded = Read(address);

        decoded.Form.ShouldBeNull();
        decoded.Fault.ShouldBe(fault);
    }

    [Fact]
    public void For_people_it_is_a_line_a_fact() =>
        Write(output => new TextDecodedAddressWriter(output), Mint("user@example.test", "spring"))
            .Split('\n')[1..]
            .ShouldBe(["  recipient   user@example.test", "  tags        spring", "  form        plain", "  signature   valid", ""]);

    [Fact]
    public void What_a_terminal_could_be_led_by_is_not_shown() =>
        Write(output => new TextDecodedAddressWriter(output), "bounces+\u001B[31m=example.test@b.test").ShouldNotContain('\u001B');

    [Fact]
    public void Every_fault_has_words()
    {
        foreach (DecodingFault fault in Enum.GetValues<DecodingFault>().Where(fault => fault is not DecodingFault.None))
            TextDecodedAddressWriter.Describe(fault).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void For_programs_it_is_a_line_of_JSON()
    {
        var json = JsonNode.Parse(Write(output => new JsonDecodedAddressWriter(output, AsItIs), Mint("user@example.test", "spring")))!;

        ((string?)json["recipient"]).ShouldBe("user@example.test");
        json["tags"]!.AsArray().Select(tag => (string?)tag).ShouldBe(["spring"]);
        ((string?)json["signature"]).ShouldBe("valid");
        json.AsObject().ContainsKey("fault").ShouldBeFalse();
    }

    [Fact]
    public void Words_in_JSON_are_parted_by_underscores()
    {
        string address = Mint("user@example.test").Replace("user", "usex", StringComparison.Ordinal);

        ((string?)JsonNode.Parse(Write(output => new JsonDecodedAddressWriter(output, AsItIs), address))!["fault"]).ShouldBe(
            "bad_signature"
        );
    }

    [Fact]
    public void CSV_has_a_header_row_and_a_cell_for_each_fact() =>
        Write(output => new CsvDecodedAddressWriter(output, AsItIs), "bounces+user=example.test+a+b@b.test")
            .ShouldBe(
                "address,recipient,recipient_hash,confirmed,tags,form,template,fields,layers,stream,signature,fault\n"
                    + "bounces+user=example.test+a+b@b.test,user@example.test,,,a b,plain,,,,,unsigned,\n"
            );

    [Fact]
    public void Programs_get_the_recipient_as_it_is()
    {
        const string Recipient = "a\u200Db@example.test";

        Write(output => new CsvDecodedAddressWriter(output, AsItIs), Mint(Recipient)).ShouldContain(Recipient);
        ((string?)JsonNode.Parse(Write(output => new JsonDecodedAddressWriter(output, AsItIs), Mint(Recipient)))!["recipient"]).ShouldBe(
            Recipient
        );
    }

    [Fact]
    public void A_terminal_gets_no_cell_that_could_lead_it() =>
        Write(output => new CsvDecodedAddressWriter(output, TerminalText.Clean), Mint("a\u202Eb@example.test")).ShouldNotContain('\u202E');

    [Fact]
    public void In_JSON_a_plus_sign_is_one_and_a_line_separator_is_escaped()
    {
        Write(output => new JsonDecodedAddressWriter(output, AsItIs), "bounces+user=example.test@b.test")
            .ShouldContain("\"bounces+user=example.test@b.test\"");
        Write(output => new JsonDecodedAddressWriter(output, AsItIs), Mint("a\u2028b@example.test")).ShouldContain("a\\u2028b");
    }

    [Fact]
    public void A_CR_in_a_cell_is_quoted() =>
        Write(output => new CsvDecodedAddressWriter(output, AsItIs), "bounces+a\rb@b.test").ShouldContain("\n\"bounces+a\rb@b.test\",");

    [Fact]
    public void What_was_not_UTF_8_names_nobody()
    {
        const string Address = "bounces+a\uFFFD=example.test@b.test";

        DecodedAddress decoded = Read(Address);

        decoded.Fault.ShouldBe(DecodingFault.Malformed);
        decoded.Recipient.ShouldBeNull();
        Write(output => new TextDecodedAddressWriter(output), Address).ShouldContain("not UTF-8");
    }

    private static VerpOptions Options => new() { Domains = ["b.test"], Keys = [Key] };

    private static string AsItIs(string text) => text;

    private string Mint(string recipient, params string[] tags) => new VerpCodec(Options, _time).Encode(recipient, "b.test", tags).Address!;

    private DecodedAddress Read(string address) => DecodedAddress.Read(new VerpCodec(Options, _time), address);

    private string Write(Func<TextWriter, IDecodedAddressWriter> create, string address)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using (IDecodedAddressWriter writer = create(output))
            writer.Write(Read(address));
        return output.ToString();
    }
}
