using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Verp.Tests;

/// <summary>What forwarders (SRS) and taggers (BATV) put around our addresses is taken off, and what was inside stands on its own.</summary>
public sealed class WrapperTests
{
    private const string OurDomain = "bounces.example.com";
    private const string Inside = "bounces+user=example.org+spring";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [OurDomain] });
    private static readonly VerpAddress Address = new("user@example.org", ["spring"]);

    // Mail::SRS::Shortcut, compile(): SRS0, a separator of = + -, then hash, time, host and user, parted by "=".
    // Exim's srs_encode writes the same, and recognises it caselessly.
    [Theory]
    [InlineData($"SRS0=K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS0+K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS0-K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"srs0=k9az=7t={OurDomain}={Inside}")]
    [InlineData($"SRS0=+9/Z=7T={OurDomain}={Inside}")]
    public void Peels_SRS0(string localPart) => ShouldPeel(localPart, VerpLayer.Srs0);

    // Mail::SRS::Guarded, compile(): SRS1, a separator, hash and host of the first forwarder, then what stood behind its SRS0, with that
    // one's separator; and, in its parse(), the older form without a hash.
    [Theory]
    [InlineData($"SRS1=B0bX=forwarder.example==K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS1+B0bX=forwarder.example=+K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS1-B0bX=forwarder.example=-K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"srs1=b0bx=FORWARDER.example==k9az=7t={OurDomain}={Inside}")]
    [InlineData($"SRS1=forwarder.example==K9aZ=7T={OurDomain}={Inside}")]
    public void Peels_SRS1(string localPart) => ShouldPeel(localPart, VerpLayer.Srs1);

    // draft-levine-smtp-batv-01 section 2 and Exim's ${prvs}: a key digit, three of the day, six hex digits of the hash. Others leave the
    // key digit out, or have a longer hash (ezmlm-idx, lib/sender.c, takes nine hex digits and more).
    [Theory]
    [InlineData($"prvs=0123a1b2c3={Inside}")]
    [InlineData($"prvs=123a1b2c3={Inside}")]
    [InlineData($"prvs=0123a1b2c3d4e5f6={Inside}")]
    [InlineData($"PRVS=0123A1B2C3={Inside}")]
    public void Peels_prvs_with_the_tag_first(string localPart) => ShouldPeel(localPart, VerpLayer.Prvs);

    // ezmlm-idx, lib/sender.c: "prvs=USER=TAG".
    [Theory]
    [InlineData($"prvs={Inside}=0123a1b2c3")]
    [InlineData($"prvs={Inside}=123a1b2c3")]
    public void Peels_prvs_with_the_user_first(string localPart) => ShouldPeel(localPart, VerpLayer.Prvs);

    // The older drafts of BATV, and Exim before 4.67, parted user and tag by a slash.
    [Theory]
    [InlineData($"prvs={Inside}/0123a1b2c3")]
    [InlineData($"prvs=0123a1b2c3/{Inside}")]
    public void Peels_prvs_with_a_slash(string localPart) => ShouldPeel(localPart, VerpLayer.Prvs);

    // Barracuda's appliances, as seen on the wire and known to ezmlm-idx, lib/sender.c.
    [Theory]
    [InlineData($"btv1==1230a1b2c3d=={Inside}")]
    [InlineData($"BTV1==1230A1B2C3D=={Inside}")]
    public void Peels_btv1(string localPart) => ShouldPeel(localPart, VerpLayer.Btv1);

    [Fact]
    public void Peels_three_layers_and_reports_the_outermost_first() =>
        ShouldPeel($"prvs=0123a1b2c3=SRS0=K9aZ=7T={OurDomain}=btv1==1230a1b2c3d=={Inside}", VerpLayer.Prvs, VerpLayer.Srs0, VerpLayer.Btv1);

    [Fact]
    public void A_fourth_layer_is_malformed()
    {
        const string threeLayers = $"prvs=0123a1b2c3=prvs=0123a1b2c3=prvs=0123a1b2c3={Inside}";
        Codec.Decode(threeLayers, OurDomain).IsAccepted.ShouldBeTrue();
        Codec.Decode($"prvs=0123a1b2c3={threeLayers}", OurDomain).Fault.ShouldBe(DecodingFault.Malformed);
    }

    [Theory]
    [InlineData("prvs=0123a1b2c3=bounces", "")]
    [InlineData("prvs=0123a1b2c3=bounces-news", "news")]
    public void Reads_a_plain_address_inside(string localPart, string stream)
    {
        VerpDecoding decoding = Codec.Decode(localPart, OurDomain);
        (decoding.Fault, decoding.Form, decoding.Stream.ToString()).ShouldBe((DecodingFault.None, VerpForm.None, stream));
    }

    [Fact]
    public void Reads_another_programs_form_inside() =>
        Codec.Decode("prvs=0123a1b2c3=news-return-42-user=example.org", OurDomain).Template.ShouldBe("ezmlm");

    [Theory]
    [InlineData($"SRS0=K9aZ=7T=elsewhere.example={Inside}")]
    [InlineData($"SRS1=B0bX=forwarder.example==K9aZ=7T=elsewhere.example={Inside}")]
    [InlineData($"SRS0=K9aZ=7T=elsewhere.example=SRS0=K9aZ=7T={OurDomain}={Inside}")]
    public void An_address_at_another_domain_inside_is_not_ours(string localPart) =>
        Codec.Decode(localPart, OurDomain).Fault.ShouldBe(DecodingFault.NotOurs);

    [Fact]
    public void What_is_inside_must_be_ours_by_its_prefix_too() =>
        Codec.Decode("prvs=0123a1b2c3=somebody", OurDomain).Fault.ShouldBe(DecodingFault.UnknownPrefix);

    [Theory]
    [InlineData("SRS0=")]
    [InlineData("SRS0=K9aZ=7T=")]
    [InlineData($"SRS0=K9aZ=7T={OurDomain}=")]
    [InlineData($"SRS0=K9aZ=7T={OurDomain}")]
    [InlineData($"SRS0==7T={OurDomain}={Inside}")]
    [InlineData($"SRS0=K9_Z=7T={OurDomain}={Inside}")]
    [InlineData($"SRS0=K9aZ=7={OurDomain}={Inside}")]
    [InlineData($"SRS0=K9aZ=71={OurDomain}={Inside}")]
    [InlineData($"SRS0=K9aZ=7T=bounces..example.com={Inside}")]
    [InlineData($"SRS1=B0bX=forwarder.example=K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS1=B0bX=for warder==K9aZ=7T={OurDomain}={Inside}")]
    [InlineData("SRS1=B0bX=forwarder.example=")]
    [InlineData("prvs=")]
    [InlineData("prvs=0123a1b2c3")]
    [InlineData("prvs=0123a1b2c3=")]
    [InlineData($"prvs={Inside}")]
    [InlineData($"prvs=12345678={Inside}")]
    [InlineData($"prvs=0123a1b2g3={Inside}")]
    [InlineData($"prvs=0123456789012345678901234567890ab={Inside}")]
    [InlineData("btv1==1230a1b2c3d==")]
    [InlineData($"btv1==1230a1b2c3d={Inside}")]
    [InlineData($"btv1==1230a1b=={Inside}")]
    public void A_wrapper_out_of_its_grammar_is_malformed(string localPart) =>
        Codec.Decode(localPart, OurDomain).Fault.ShouldBe(DecodingFault.Malformed);

    [Theory]
    [InlineData($"SRS2=K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"SRS0K9aZ=7T={OurDomain}={Inside}")]
    [InlineData($"prvs+0123a1b2c3={Inside}")]
    [InlineData($"btv1=1230a1b2c3d=={Inside}")]
    [InlineData($"xprvs=0123a1b2c3={Inside}")]
    public void What_only_looks_like_a_wrapper_is_an_unknown_prefix(string localPart) =>
        Codec.Decode(localPart, OurDomain).Fault.ShouldBe(DecodingFault.UnknownPrefix);

    [Fact]
    public void A_long_wrapper_may_hold_an_address_of_128_octets()
    {
        string inside = $"bounces+{new string('x', 110)}=a.example";
        Codec.Decode($"SRS1=B0bX=forwarder.example==K9aZ=7T={OurDomain}={inside}", OurDomain).IsAccepted.ShouldBeTrue();
        Codec.Decode($"prvs=0123a1b2c3={inside}y", OurDomain).Fault.ShouldBe(DecodingFault.Malformed);
    }

    [Theory]
    [InlineData("SRS0", "+=")]
    [InlineData("srs1", "+=")]
    [InlineData("SRS0-x", "+=")]
    [InlineData("prvs", "=+")]
    [InlineData("btv1==a", "+=")]
    public void A_prefix_may_not_begin_as_a_wrapper_does(string prefix, string delimiters) =>
        new VerpOptions { Prefix = prefix, Delimiters = delimiters }
            .Check()
            .ShouldHaveSingleItem()
            .Name.ShouldBe("Prefix");

    [Fact]
    public void Our_signed_address_verifies_after_one_SRS_and_one_BATV_wrapping()
    {
        var key = new VerpKey('1', "sixteen octets.."u8);
        var codec = new VerpCodec(new VerpOptions { Domains = [OurDomain], Keys = [key] });
        Gen<string> words = Gen.NonEmptyListOf(Gen.Elements('a', 'Z', '7', '-', '_', '=', '+'))
            .Select(letters => string.Concat(letters.Take(8)));
        Gen<string> hashes = Gen.Elements("0123456789abcdefABCDEF".ToCharArray()).ArrayOf(6).Select(string.Concat);
        var wrapped =
            from user in words
            from hash in hashes
            from order in Gen.Choose(0, 2)
            from folded in Gen.Elements(false, true)
            let minted = codec.Encode($"x{user}x@example.org", OurDomain, "t").Address![..^(OurDomain.Length + 1)]
            let tagged = order switch
            {
                0 => $"prvs=1042{hash}=SRS0=K9aZ=7T={OurDomain}={minted}",
                1 => $"SRS0-K9aZ=7T={OurDomain}=prvs=1042{hash}={minted}",
                _ => $"SRS1=B0bX=forwarder.example=+K9aZ=7T={OurDomain}=btv1==10420{hash}=={minted}",
            }
            select folded ? tagged.ToLowerInvariant() : tagged;

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(1000),
            Prop.ForAll(wrapped.ToArbitrary(), localPart => codec.Decode(localPart, OurDomain) is { IsSigned: true, Layers.Count: 2 })
        );
    }

    private static void ShouldPeel(string localPart, params VerpLayer[] layers)
    {
        VerpDecoding decoding = Codec.Decode(localPart, OurDomain);
        decoding.Fault.ShouldBe(DecodingFault.None);
        VerpLayers peeled = decoding.Layers;
        Enumerable.Range(0, peeled.Count).Select(i => peeled[i]).ShouldBe(layers);
        VerpAddress address = decoding.ToAddress()!;
        (address.Recipient?.ToLowerInvariant(), address.Tags.Single()).ShouldBe((Address.Recipient, Address.Tags.Single()));
    }
}
