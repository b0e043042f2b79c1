namespace BounceMx.Verp.Tests;

public sealed class HashFormTests
{
    private const string Long = "a-local-part-of-many-letters-and-hyphens@a.long.domain.example";
    private static readonly ManualTime Time = new("2026-03-02T12:00:00Z");
    private static readonly VerpCodec Codec = Keys.Codec(Time, Keys.Of('1'));
    private static readonly VerpCodec Unsigned = Keys.Codec(Time);

    [Fact]
    public void An_address_that_would_be_too_long_is_hashed()
    {
        VerpEncoding minted = Codec.Encode(Long, Keys.OurDomain, "tag");
        minted.Form.ShouldBe(VerpForm.Hashed);
        VerpDecoding decoding = Codec.Decode(minted.Address!);
        (decoding.Form, decoding.IsSigned).ShouldBe((VerpForm.Hashed, true));
        VerpAddress address = decoding.ToAddress()!;
        (address.Recipient, address.RecipientHash!.Length, string.Join('+', address.Tags)).ShouldBe((null, 16, "tag"));
    }

    [Theory]
    [InlineData("user@example.org")]
    [InlineData("jörg@example.org")]
    public void A_sender_may_ask_for_it(string recipient)
    {
        var codec = new VerpCodec(Keys.Options() with { HideRecipients = true });
        VerpEncoding minted = codec.Encode(recipient, Keys.OurDomain);
        (minted.Form, minted.Address!.Length).ShouldBe((VerpForm.Hashed, "bounces+~0123456789abcdef@bounces.example.com".Length));
    }

    [Theory]
    [InlineData("User@Example.org", "user@example.org")]
    [InlineData("user@example.org", "USER@EXAMPLE.ORG")]
    [InlineData("\"user\"@example.org", "user@example.org")]
    [InlineData("\"a b\"@example.org", "a b@example.org")]
    [InlineData("jörg@example.org", "JöRG@example.org")]
    public void A_recipient_is_confirmed_however_it_is_written(string minted, string reported) =>
        Hash(Codec, minted)
            .ShouldSatisfyAllConditions(
                hash => Codec.Confirms(hash, reported).ShouldBeTrue(),
                hash => Codec.Confirms(hash, minted).ShouldBeTrue()
            );

    [Theory]
    [InlineData("usex@example.org")]
    [InlineData("user@example.net")]
    [InlineData("user@example.orgs")]
    [InlineData("")]
    [InlineData("user")]
    [InlineData("@example.org")]
    [InlineData("\"user@example.org")]
    public void Another_recipient_is_not_confirmed(string reported) =>
        Codec.Confirms(Hash(Codec, "user@example.org"), reported).ShouldBeFalse();

    [Fact]
    public void Only_A_to_Z_are_folded() => Codec.Confirms(Hash(Codec, "jörg@example.org"), "jÖrg@example.org").ShouldBeFalse();

    [Fact]
    public void Every_key_confirms() =>
        Keys.Codec(Time, Keys.Of('2', 7), Keys.Of('1')).Confirms(Hash(Codec, "user@example.org"), "user@example.org").ShouldBeTrue();

    [Fact]
    public void Another_secret_does_not_confirm() =>
        Keys.Codec(Time, Keys.Of('1', 7)).Confirms(Hash(Codec, "user@example.org"), "user@example.org").ShouldBeFalse();

    [Fact]
    public void Without_keys_it_is_a_check_sum_by_the_empty_key()
    {
        Unsigned.Confirms(Hash(Unsigned, "user@example.org"), "user@example.org").ShouldBeTrue();
        Codec.Confirms(Hash(Unsigned, "user@example.org"), "user@example.org").ShouldBeFalse();
        Unsigned.Confirms(Hash(Codec, "user@example.org"), "user@example.org").ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcde")]
    [InlineData("0123456789abcdef0")]
    [InlineData("öööööööööööööööö")]
    public void What_is_no_hash_confirms_nobody(string? hash) =>
        Codec.Confirms(new VerpAddress(null, []) { RecipientHash = hash }, "user@example.org").ShouldBeFalse();

    [Fact]
    public void The_hash_is_read_in_any_case_and_given_in_lower_case() =>
        Unsigned
            .Decode("BOUNCES+~0123456789ABCDEF+Tag@bounces.example.com")
            .ToAddress()
            .ShouldBe(new VerpAddress(null, ["Tag"]) { RecipientHash = "0123456789abcdef" });

    [Theory]
    [InlineData("~0123456789abcde")]
    [InlineData("~0123456789abcdef0")]
    [InlineData("~0123456789abcdew")]
    [InlineData("0123456789abcdef")]
    [InlineData("~")]
    [InlineData("~0123456789abcdef+")]
    [InlineData("~0123456789abcdef++tag")]
    public void What_has_not_its_shape_is_malformed(string payload) =>
        Unsigned.Decode($"bounces+{payload}@{Keys.OurDomain}").Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData("~0123456789abcdef=example.org", "~0123456789abcdef@example.org")]
    [InlineData("~0123456789abcdef+a=example.org", "~0123456789abcdef+a@example.org")]
    [InlineData("~user=example.org", "~user@example.org")]
    public void A_recipient_that_begins_with_a_tilde_is_read_plainly(string payload, string recipient) =>
        Unsigned.Decode($"bounces+{payload}@{Keys.OurDomain}").ToAddress()!.Recipient.ShouldBe(recipient);

    [Fact]
    public void The_hash_form_of_another_recipient_is_another() =>
        Codec.Mint(Long).Split('+')[1].ShouldNotBe(Codec.Mint("x" + Long).Split('+')[1]);

    private static VerpAddress Hash(VerpCodec codec, string recipient)
    {
        var hiding = new VerpCodec(new VerpOptions { HideRecipients = true, Keys = codec.HasKeys ? [Keys.Of('1')] : [] }, Time);
        return hiding.Decode(hiding.Mint(recipient)).ToAddress()!;
    }
}
