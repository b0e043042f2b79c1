using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Verp.Tests;

public sealed class VerpProperties
{
    private const string PlainText = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+=~";
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = [Keys.OurDomain] });
    private static readonly Config Thousands = Config.QuickThrowOnFailure.WithMaxTest(5000);

    [Fact]
    public void Decoding_gives_back_what_was_encoded() =>
        Check(Generators.Mails, mail => mail.Mint().Address is not { } address || Says(mail, address, mail.Recipient.Expected, mail.Tags));

    [Fact]
    public void Decoding_survives_a_relay_that_folds_case() =>
        Check(
            Generators.Mails,
            mail =>
                mail.Mint().Address is not { } address
                || (
                    Says(mail, FoldLower(address), FoldLower(mail.Recipient.Expected), [.. mail.Tags.Select(FoldLower)])
                    && Says(mail, address.ToUpperInvariant(), FoldUpper(mail.Recipient.Expected), [.. mail.Tags.Select(FoldUpper)])
                )
        );

    [Fact]
    public void Every_recipient_is_minted_that_tags_leave_room_for() =>
        Check(Generators.Mails, mail => mail.Mint().Fault is EncodingFault.None || HashedLength(mail) > 64);

    [Fact]
    public void What_is_minted_has_64_octets_at_most_and_none_that_anybody_changes() =>
        Check(
            Generators.Mails,
            mail =>
                mail.Mint().Address is not { } address
                || (
                    address.Length <= 64 + 1 + Keys.OurDomain.Length
                    && address.Split('@') is [var localPart, Keys.OurDomain]
                    && localPart.All((PlainText + mail.Options.Delimiters).Contains)
                )
        );

    [Fact]
    public void No_address_verifies_that_was_changed_other_than_in_case() =>
        Check(
            from mail in Generators.Mails
            where mail.Options.Keys.Count > 0
            let address = mail.Mint().Address
            where address is not null
            from changed in Generators.Changed(address)
            select (mail, address, changed),
            sample =>
            {
                (SampleMail mail, string address, string changed) = sample;
                // Every domain is ours, so that a changed one is looked at too.
                VerpCodec codec = (mail with { Options = mail.Options with { Domains = [] } }).Codec;
                return !changed.Contains('@', StringComparison.Ordinal)
                    || codec.Decode(changed).IsSigned == string.Equals(FoldLower(changed), FoldLower(address), StringComparison.Ordinal);
            }
        );

    [Fact]
    public void Without_a_key_of_its_own_no_address_verifies() =>
        Check(
            from mail in Generators.Mails
            from other in Generators.Options
            select (mail, other.Keys),
            sample =>
                sample.mail.Mint().Address is not { } address
                || !(sample.mail with { Options = sample.mail.Options with { Keys = sample.Keys } }).Codec.Decode(address).IsSigned
        );

    [Fact]
    public void What_decodes_and_can_be_minted_decodes_the_same_again() =>
        Check(
            Generators.NearlyBounceAddresses,
            localPart =>
                Codec.Decode(localPart, Keys.OurDomain).ToAddress() is not { Recipient: { } recipient } address
                || Codec.Encode(recipient, Keys.OurDomain, [.. address.Tags]) is not { Form: VerpForm.Plain or VerpForm.Escaped } minted
                || Codec.Decode(minted.Address!).ToAddress()!.Equals(address)
        );

    [Fact]
    public void No_local_part_and_domain_make_decoding_throw()
    {
        var codec = new VerpCodec(new VerpOptions { Keys = [Keys.Of('1')] });
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string, string>(
                (localPart, domain) =>
                {
                    // ToAddress must not throw either, nor an address that begins rightly.
                    _ = codec.Decode(localPart, domain).ToAddress();
                    _ = codec.Decode("bounces+" + localPart, Keys.OurDomain).ToAddress();
                    _ = codec.Decode($"bounces+{localPart}+10000123456789abc", domain).ToAddress();
                }
            )
        );
    }

    [Fact]
    public void A_nearly_right_local_part_is_accepted_or_refused_but_never_both() =>
        Check(
            Generators.NearlyBounceAddresses,
            localPart =>
            {
                VerpDecoding decoding = Codec.Decode(localPart, Keys.OurDomain);
                return decoding.IsAccepted || (decoding.ToAddress() is null && decoding.Stream.IsEmpty && decoding.Form is VerpForm.None);
            }
        );

    [Fact]
    public void A_decoded_recipient_has_no_control_characters() =>
        Check(
            Generators.NearlyBounceAddresses,
            localPart => Codec.Decode(localPart, Keys.OurDomain).ToAddress()?.Recipient?.Any(char.IsControl) is not true
        );

    [Fact]
    public void No_strings_make_encoding_or_confirming_throw() =>
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string, string, string>(
                (recipient, domain, tag) =>
                {
                    VerpEncoding minted = new VerpCodec(new()).Encode(recipient, domain, tag ?? "");
                    var hashed = new VerpAddress(null, []) { RecipientHash = tag };
                    return !Codec.Confirms(hashed, recipient) && minted.Fault is EncodingFault.None == minted.Address is not null;
                }
            )
        );

    [Fact]
    public void No_text_makes_reading_keys_throw() =>
        FsCheck.Check.One(
            Thousands,
            Prop.ForAll<string>(text => VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out _) == keys.Count > 0)
        );

    private static void Check<T>(Gen<T> values, Func<T, bool> property) =>
        FsCheck.Check.One(Thousands, Prop.ForAll(values.ToArbitrary(), property));

    /// <summary>Whether an address says of whom and of what it was minted, and that it was we who did it.</summary>
    private static bool Says(SampleMail mail, string address, string recipient, string[] tags)
    {
        VerpCodec codec = mail.Codec;
        VerpDecoding decoding = codec.Decode(address);
        return decoding.IsSigned == codec.HasKeys
            && decoding.ToAddress() is { } found
            && found.Tags.SequenceEqual(tags, StringComparer.Ordinal)
            && (decoding.Form is VerpForm.Hashed ? codec.Confirms(found, recipient) : found.Recipient == recipient);
    }

    private static int HashedLength(SampleMail mail) =>
        mail.Options.Prefix.Length + 1 + 17 + mail.Tags.Sum(tag => 1 + tag.Length) + (mail.Options.Keys.Count > 0 ? 18 : 0);

    private static string FoldLower(string text) => string.Concat(text.Select(c => c is >= 'A' and <= 'Z' ? (char)(c | 0x20) : c));

    private static string FoldUpper(string text) => string.Concat(text.Select(c => c is >= 'a' and <= 'z' ? (char)(c & ~0x20) : c));
}
