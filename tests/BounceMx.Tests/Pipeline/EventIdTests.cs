using BounceMx.Pipeline;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Tests.Pipeline;

public sealed class EventIdTests
{
    private const string Address = "bounces+user=recipient.test@bounces.test";
    private const string Recipient = "user@recipient.test";

    private static readonly byte[] Digest = [.. Enumerable.Range(0, ContentDigest.Size).Select(i => (byte)i)];

    // SHA-256 over type NUL address NUL recipient NUL digest, its first 130 bits; computed apart from this program.
    [Theory]
    [InlineData("bounce", Address, Recipient, "fcma4i2s4kppv1ahmmnlcl29pr")]
    [InlineData("other", "postmaster@bounces.test", null, "ffsl44jql2bf0n45t6p4kfil53")]
    public void Never_changes_silently(string type, string address, string? recipient, string id) =>
        EventId.Create(Digest, type, address, recipient).ShouldBe(id);

    [Fact]
    public void Is_26_characters_of_base32hex_whatever_goes_into_it() =>
        Prop.ForAll<string, string, byte[]>(
                (address, recipient, digest) =>
                    EventId.Create(digest ?? [], "bounce", address, recipient) is { Length: 26 } id
                    && id.All("0123456789abcdefghijklmnopqrstuv".Contains)
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("BOUNCES+User=Recipient.TEST@Bounces.test", Recipient)]
    [InlineData(Address, "User@Recipient.TEST")]
    public void Is_the_same_for_addresses_whose_case_a_relay_folded(string address, string recipient) =>
        EventId.Create(Digest, "bounce", address, recipient).ShouldBe(EventId.Create(Digest, "bounce", Address, Recipient));

    [Theory]
    [InlineData("delay", Address, Recipient)]
    [InlineData("bounce", "bounces@bounces.test", Recipient)]
    [InlineData("bounce", Address, "other@recipient.test")]
    [InlineData("bounce", Address, null)]
    public void Is_another_for_another_type_address_or_recipient(string type, string address, string? recipient) =>
        EventId.Create(Digest, type, address, recipient).ShouldNotBe(EventId.Create(Digest, "bounce", Address, Recipient));

    [Fact]
    public void Is_another_for_each_bit_of_the_digest()
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (int bit = 0; bit < Digest.Length * 8; bit++)
        {
            byte[] digest = [.. Digest];
            digest[bit / 8] ^= (byte)(1 << (bit % 8));
            ids.Add(EventId.Create(digest, "bounce", Address, Recipient));
        }
        ids.Count.ShouldBe(Digest.Length * 8);
    }

    [Fact]
    public void Does_not_confuse_what_stands_in_one_field_with_what_stands_in_the_next() =>
        EventId.Create(Digest, "bounce", "ab", "c").ShouldNotBe(EventId.Create(Digest, "bounce", "a", "bc"));
}
