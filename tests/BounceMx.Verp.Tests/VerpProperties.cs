using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Verp.Tests;

public sealed class VerpProperties
{
    private const string OurDomain = "bounces.example.com";
    private const string AtomText = "abcxyzABZ0189!#$%&'*+-/=?^_`{|}~+=+=";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [OurDomain] });
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(5000);

    /// <summary>Recipients as people have them: dots, delimiters, letters of other scripts and planes; sometimes too long to mint.</summary>
    private static readonly Gen<string> Recipients =
        from localPart in Joined(1, 3, ".", Text(1, 8, [.. AtomText.Select(c => c.ToString()), "é", "日", "𐐷"]))
        from domain in Joined(1, 3, ".", Label())
        select $"{localPart}@{domain}";

    private static readonly Gen<string> Tags = Joined(1, 2, ".", Text(1, 6, [.. "abzAZ019-_~".Select(c => c.ToString())]));

    private static readonly Gen<VerpAddress> Addresses =
        from recipient in Recipients
        from count in Gen.Choose(0, 3)
        from tags in Tags.ArrayOf(count)
        select new VerpAddress(recipient, tags);

    /// <summary>Local parts made of what the grammar turns on, so that most are nearly right.</summary>
    private static readonly Gen<string> NearlyBounceAddresses =
        from head in Gen.Elements("bounces+", "Bounces+", "bounces-", "bounces", "", "bounces+user=", "bounces+u=d+")
        from rest in Text(
            0,
            20,
            "+",
            "=",
            "-",
            ".",
            "@",
            "%",
            "\"",
            "\\",
            " ",
            "a",
            "Z",
            "0",
            "é",
            "\0",
            "\u0085",
            "\uD83D",
            "\uDE00",
            "日"
        )
        select head + rest;

    [Fact]
    public void Decoding_gives_back_what_was_encoded() =>
        Check(
            Addresses,
            address =>
            {
                VerpEncoding minted = Encode(address);
                return minted.Address is null
                    ? minted.Fault is EncodingFault.TooLong && Length(address) > 64
                    : Length(address) <= 64 && Decode(minted.Address).Address!.Equals(address);
            }
        );

    [Fact]
    public void Decoding_survives_a_relay_that_folds_case() =>
        Check(
            Addresses,
            address =>
                Encode(address).Address is not { } minted
                || string.Equals(
                    Decode(minted.ToLowerInvariant()).Address!.Recipient,
                    address.Recipient,
                    StringComparison.OrdinalIgnoreCase
                )
        );

    [Fact]
    public void What_decodes_and_can_be_minted_is_minted_the_same() =>
        Check(
            NearlyBounceAddresses,
            localPart =>
                Codec.Decode(localPart, OurDomain).Address is not { } address
                || Encode(address).Address is not { } minted
                || string.Equals(minted, $"{localPart}@{OurDomain}", StringComparison.OrdinalIgnoreCase)
        );

    [Fact]
    public void No_local_part_and_domain_make_decoding_throw() =>
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string, string>((localPart, domain) => new VerpCodec(new()).Decode(localPart, domain).Fault >= DecodingFault.None)
        );

    [Fact]
    public void A_nearly_right_local_part_is_accepted_or_refused_but_never_both() =>
        Check(
            NearlyBounceAddresses,
            localPart => Codec.Decode(localPart, OurDomain) is { IsAccepted: true } or { Address: null, Stream: null }
        );

    [Fact]
    public void A_decoded_recipient_has_no_control_characters() =>
        Check(
            NearlyBounceAddresses,
            localPart => Codec.Decode(localPart, OurDomain).Address is not { } address || !address.Recipient.Any(char.IsControl)
        );

    [Fact]
    public void No_strings_make_encoding_throw() =>
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string, string, string>(
                (recipient, domain, tag) =>
                {
                    VerpEncoding minted = new VerpCodec(new()).Encode(recipient, domain, tag);
                    return minted.Fault is EncodingFault.None == minted.Address is not null;
                }
            )
        );

    private static void Check<T>(Gen<T> values, Func<T, bool> property) =>
        FsCheck.Check.One(Thousands, Prop.ForAll(values.ToArbitrary(), property));

    private static VerpEncoding Encode(VerpAddress address) => Codec.Encode(address.Recipient, OurDomain, [.. address.Tags]);

    private static VerpDecoding Decode(string minted)
    {
        int at = minted.LastIndexOf('@');
        return Codec.Decode(minted.AsSpan(0, at), minted.AsSpan(at + 1));
    }

    private static int Length(VerpAddress address) =>
        "bounces+".Length + Encoding.UTF8.GetByteCount(address.Recipient) + address.Tags.Sum(tag => tag.Length + 1);

    private static Gen<string> Text(int min, int max, params string[] letters) => Joined(min, max, "", Gen.Elements(letters));

    private static Gen<string> Joined(int min, int max, string separator, Gen<string> parts) =>
        from count in Gen.Choose(min, max)
        from chosen in parts.ArrayOf(count)
        select string.Join(separator, chosen);

    private static Gen<string> Label() =>
        from first in Gen.Elements("a", "Z", "7", "ü", "日")
        from inner in Text(0, 6, "a", "-", "0", "ü")
        from last in Gen.Elements("z", "9", "é")
        select first + inner + last;
}
