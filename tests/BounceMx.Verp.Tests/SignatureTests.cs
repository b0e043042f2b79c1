namespace BounceMx.Verp.Tests;

public sealed class SignatureTests
{
    private readonly ManualTime _time = new("2026-03-02T12:00:00Z");
    private readonly VerpCodec _codec;

    public SignatureTests() => _codec = Keys.Codec(_time, Keys.Of('1'));

    [Fact]
    public void A_minted_address_is_signed()
    {
        VerpDecoding decoding = _codec.Decode(_codec.Mint("user@example.org", "tag"));
        (decoding.Fault, decoding.IsSigned).ShouldBe((DecodingFault.None, true));
        decoding.ToAddress().ShouldBe(new VerpAddress("user@example.org", ["tag"]));
    }

    [Fact]
    public void An_address_without_a_signature_is_accepted_as_unsigned()
    {
        VerpDecoding decoding = _codec.Decode("bounces+user=example.org@bounces.example.com");
        (decoding.IsAccepted, decoding.IsSigned).ShouldBe((true, false));
    }

    [Fact]
    public void A_signature_takes_18_octets() =>
        _codec.Mint("user@example.org").Length.ShouldBe("bounces+user=example.org@bounces.example.com".Length + 18);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_signature_survives_folded_case(bool upper)
    {
        string address = _codec.Mint("John.Doe@Example.ORG", "Spring");
        _codec.Decode(upper ? address.ToUpperInvariant() : address.ToLowerInvariant()).IsSigned.ShouldBeTrue();
    }

    [Fact]
    public void A_signature_holds_for_its_bounce_domain_alone()
    {
        var codec = new VerpCodec(Keys.Options(Keys.Of('1')) with { Domains = [Keys.OurDomain, "b.example.net"] }, _time);
        string address = codec.Mint("user@example.org");
        codec.Decode(address.Replace(Keys.OurDomain, "b.example.net", StringComparison.Ordinal)).Fault.ShouldBe(DecodingFault.BadSignature);
    }

    [Fact]
    public void The_signature_of_one_address_does_not_hold_for_another()
    {
        string signature = _codec.Mint("user@example.org").Split('@')[0][^17..];
        _codec.Decode($"bounces+other=example.org+{signature}@bounces.example.com").Fault.ShouldBe(DecodingFault.BadSignature);
    }

    [Theory]
    [InlineData(29)]
    [InlineData(30)]
    public void A_signature_holds_for_the_days_of_its_age(int days)
    {
        string address = _codec.Mint("user@example.org");
        _time.Now += TimeSpan.FromDays(days);
        _codec.Decode(address).IsSigned.ShouldBeTrue();
    }

    [Fact]
    public void A_signature_expires_with_the_day_and_not_the_hour()
    {
        _time.Now = new(2026, 3, 2, 23, 59, 59, TimeSpan.Zero);
        string address = _codec.Mint("user@example.org");
        _time.Now = new(2026, 4, 1, 23, 59, 59, TimeSpan.Zero);
        _codec.Decode(address).Fault.ShouldBe(DecodingFault.None);
        _time.Now += TimeSpan.FromSeconds(1);
        _codec.Decode(address).Fault.ShouldBe(DecodingFault.Expired);
    }

    [Fact]
    public void Days_are_those_of_UTC()
    {
        _time.Now = new(2026, 3, 3, 1, 0, 0, TimeSpan.FromHours(2));
        string address = _codec.Mint("user@example.org");
        _time.Now = new(2026, 3, 2, 23, 0, 0, TimeSpan.Zero);
        _codec.Mint("user@example.org").ShouldBe(address);
    }

    [Theory]
    [InlineData(1, DecodingFault.None)]
    [InlineData(2, DecodingFault.Expired)]
    public void A_minter_s_clock_may_be_a_day_ahead(int days, DecodingFault fault)
    {
        string address = _codec.Mint("user@example.org");
        _time.Now -= TimeSpan.FromDays(days);
        _codec.Decode(address).Fault.ShouldBe(fault);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3650)]
    public void The_age_is_configurable(int days)
    {
        var codec = new VerpCodec(Keys.Options(Keys.Of('1')) with { MaxAge = TimeSpan.FromDays(days) }, _time);
        string address = codec.Mint("user@example.org");
        _time.Now += TimeSpan.FromDays(days);
        codec.Decode(address).IsSigned.ShouldBeTrue();
        _time.Now += TimeSpan.FromDays(1);
        codec.Decode(address).Fault.ShouldBe(DecodingFault.Expired);
    }

    [Fact]
    public void The_15_bits_of_a_day_may_begin_anew()
    {
        _time.Now = DateTimeOffset.UnixEpoch.AddDays(32767);
        string address = _codec.Mint("user@example.org");
        _time.Now = _time.Now.AddDays(30);
        _codec.Decode(address).IsSigned.ShouldBeTrue();
        _time.Now = _time.Now.AddDays(1);
        _codec.Decode(address).Fault.ShouldBe(DecodingFault.Expired);
    }

    [Fact]
    public void The_first_key_signs() =>
        Keys.Codec(_time, Keys.Of('2'), Keys.Of('1')).Mint("user@example.org").Split('@')[0][^17].ShouldBe('2');

    [Fact]
    public void Every_key_verifies() =>
        Keys.Codec(_time, Keys.Of('2', 7), Keys.Of('1')).Decode(_codec.Mint("user@example.org")).IsSigned.ShouldBeTrue();

    [Fact]
    public void A_key_that_was_removed_is_unknown() =>
        Keys.Codec(_time, Keys.Of('2')).Decode(_codec.Mint("user@example.org")).Fault.ShouldBe(DecodingFault.UnknownKey);

    [Fact]
    public void Another_secret_of_the_same_id_makes_a_bad_signature() =>
        Keys.Codec(_time, Keys.Of('1', 7)).Decode(_codec.Mint("user@example.org")).Fault.ShouldBe(DecodingFault.BadSignature);

    [Fact]
    public void A_signature_of_a_forged_day_is_bad_rather_than_expired()
    {
        string address = _codec.Mint("user@example.org");
        int day = address.IndexOf('@', StringComparison.Ordinal) - 16;
        _codec.Decode(address[..day] + "000" + address[(day + 3)..]).Fault.ShouldBe(DecodingFault.BadSignature);
    }

    [Theory]
    [InlineData("user@example.org", VerpForm.Plain)]
    [InlineData("jörg@example.org", VerpForm.Escaped)]
    [InlineData("a-local-part-of-many-letters@example.org", VerpForm.Hashed)]
    public void A_refused_signature_still_says_whom_the_address_names(string recipient, VerpForm form)
    {
        string address = _codec.Mint(recipient, "tag");
        VerpDecoding signed = _codec.Decode(address);
        VerpDecoding refused = Keys.Codec(_time, Keys.Of('1', 7)).Decode(address);
        (refused.IsAccepted, refused.IsSigned, refused.Form).ShouldBe((false, false, form));
        refused.ToAddress().ShouldNotBeNull().ShouldBe(signed.ToAddress());
    }

    [Fact]
    public void A_malformed_address_is_malformed_whatever_its_signature()
    {
        VerpDecoding decoding = _codec.Decode("bounces+user=exa_mple.org+1000aaaaaaaaaaaaa@bounces.example.com");
        (decoding.Fault, decoding.ToAddress()).ShouldBe((DecodingFault.Malformed, null));
    }

    [Fact]
    public void A_signed_local_part_of_128_octets_in_UTF_8_is_checked()
    {
        string localPart = "bounces+" + new string('é', 45) + "=example.org+10008888888888888";
        System.Text.Encoding.UTF8.GetByteCount(localPart).ShouldBe(128);
        _codec.Decode(localPart, Keys.OurDomain).Fault.ShouldBe(DecodingFault.BadSignature);
    }

    [Fact]
    public void A_bounce_domain_of_255_octets_is_signed_for()
    {
        string domain = string.Concat(Enumerable.Repeat("ü.", 84)) + "abc";
        System.Text.Encoding.UTF8.GetByteCount(domain).ShouldBe(255);
        var codec = new VerpCodec(new VerpOptions { Keys = [Keys.Of('1')] }, _time);
        codec.Decode("bounces+user=example.org+10008888888888888", domain).Fault.ShouldBe(DecodingFault.BadSignature);
    }

    [Fact]
    public void A_bounce_domain_longer_in_another_case_is_not_ours_and_nothing_throws()
    {
        // Ⱥ has two octets in UTF-8, and three in lower case.
        string domain = $"{new string('Ⱥ', 62)}.{new string('Ⱥ', 62)}.aaa";
        var codec = new VerpCodec(new VerpOptions { Domains = [domain], Keys = [Keys.Of('1')] }, _time);
        string localPart = "bounces+" + new string('x', 90) + "=example.org+10008888888888888";
        codec.Decode(localPart, domain).Fault.ShouldBe(DecodingFault.BadSignature);
        codec.Decode(localPart, domain.ToLowerInvariant()).Fault.ShouldBe(DecodingFault.NotOurs);
    }

    [Fact]
    public void A_listed_address_literal_that_is_too_long_is_not_ours()
    {
        string literal = $"[{new string('x', 300)}]";
        var codec = new VerpCodec(new VerpOptions { Domains = [literal], Keys = [Keys.Of('1')] }, _time);
        codec.Decode("bounces+user=example.org+10008888888888888", literal).Fault.ShouldBe(DecodingFault.NotOurs);
    }

    [Fact]
    public void A_bounce_domain_is_folded_in_A_to_Z_alone_as_the_mac_is()
    {
        var codec = new VerpCodec(new VerpOptions { Domains = ["b.Bücher.example"], Keys = [Keys.Of('1')] }, _time);
        string localPart = codec.Encode("user@example.org", "b.Bücher.example").Address!.Split('@')[0];
        codec.Decode(localPart, "B.bücher.EXAMPLE").IsSigned.ShouldBeTrue();
        codec.Decode(localPart, "b.bÜcher.example").Fault.ShouldBe(DecodingFault.NotOurs);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-2)]
    public void A_signature_says_its_key_and_day(int days)
    {
        string address = Keys.Codec(_time, Keys.Of('k')).Mint("user@example.org").ToUpperInvariant();
        _time.Now += TimeSpan.FromDays(days);
        VerpDecoding decoding = _codec.Decode(address);
        (decoding.Fault, decoding.KeyId, decoding.MintedOn).ShouldBe((DecodingFault.UnknownKey, 'k', new DateOnly(2026, 3, 2)));
        VerpDecoding unchecked_ = Keys.Codec(_time).Decode(address);
        (unchecked_.Fault, unchecked_.KeyId, unchecked_.MintedOn).ShouldBe((DecodingFault.None, 'k', new DateOnly(2026, 3, 2)));
    }

    [Fact]
    public void Without_a_signature_there_is_no_key_and_no_day()
    {
        VerpDecoding decoding = _codec.Decode("bounces+user=example.org@bounces.example.com");
        (decoding.KeyId, decoding.MintedOn).ShouldBe((null, null));
    }

    [Fact]
    public void The_day_of_a_signature_is_named_by_a_clock_of_any_year()
    {
        _time.Now = DateTimeOffset.MinValue;
        _codec.Decode("bounces+user=example.org+10008888888888888@bounces.example.com").MintedOn.ShouldNotBeNull();
        _time.Now = DateTimeOffset.MaxValue;
        _codec.Decode("bounces+user=example.org+10008888888888888@bounces.example.com").MintedOn.ShouldNotBeNull();
    }

    [Fact]
    public void Without_keys_nothing_is_signed()
    {
        Keys.Codec(_time).HasKeys.ShouldBeFalse();
        _codec.HasKeys.ShouldBeTrue();
        Keys.Codec(_time).Mint("user@example.org").ShouldBe("bounces+user=example.org@bounces.example.com");
    }

    [Fact]
    public void The_clock_is_the_system_s_where_none_is_given()
    {
        var codec = new VerpCodec(Keys.Options(Keys.Of('1')));
        Keys.Codec(TimeProvider.System, Keys.Of('1')).Decode(codec.Mint("user@example.org")).IsSigned.ShouldBeTrue();
    }
}
