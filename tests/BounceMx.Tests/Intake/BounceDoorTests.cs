using BounceMx.Intake;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Tests.Intake;

/// <summary>Which addresses get in, by keys and policy.</summary>
public sealed class BounceDoorTests
{
    private const string Unsigned = "bounces+user=recipient.test@bounces.test";
    private const string Hour = "2026-11-22T09:14:05Z";

    private static readonly string Signed = Sample.Signed("user@recipient.test", "news");
    private static readonly string Changed = Signed.Replace("user=", "usex=", StringComparison.Ordinal);
    private static readonly string OtherKey = Signed.Replace("+news+1", "+news+2", StringComparison.Ordinal);

    public static TheoryData<string> EveryCharacter =>
        [.. Enumerable.Range(0, Signed.IndexOf('@', StringComparison.Ordinal)).Select(ChangeAt)];

    [Fact]
    public void What_is_signed_is_let_in() =>
        Judge(Signed).ShouldBe(new Admission(VerpResult.Signed, null, SignatureOutcome.Valid, IsMarked: false));

    [Fact]
    public void What_a_relay_folded_is_let_in() => Judge(Signed.ToUpperInvariant()).Result.ShouldBe(VerpResult.Signed);

    [Theory]
    [InlineData("SRS0=K9aZ=7T=bounces.test=")]
    [InlineData("prvs=0123a1b2c3=")]
    public void What_another_system_put_around_a_signed_address_changes_nothing(string layer) =>
        Judge(layer + Signed).Signature.ShouldBe(SignatureOutcome.Valid);

    [Theory]
    [MemberData(nameof(EveryCharacter))]
    public void One_changed_character_and_it_is_proven_no_more(string address) =>
        Judge(address).Signature.ShouldNotBe(SignatureOutcome.Valid);

    [Fact]
    public void A_signature_of_another_address_is_refused() =>
        Judge(Changed).ShouldBe(new Admission(VerpResult.BadSignature, SmtpReplies.BadSignature, SignatureOutcome.Bad));

    [Fact]
    public void A_signature_for_another_domain_is_refused() =>
        Judge(Signed.Replace("bounces.test", "other.test", StringComparison.Ordinal)).Refusal.ShouldBe(SmtpReplies.BadSignature);

    [Fact]
    public void A_key_that_we_do_not_have_is_refused() =>
        Judge(OtherKey).ShouldBe(new Admission(VerpResult.UnknownKey, SmtpReplies.BadSignature, SignatureOutcome.Bad));

    [Theory]
    [InlineData("2026-12-22T23:59:59Z", VerpResult.Signed)]
    [InlineData("2026-12-23T00:00:00Z", VerpResult.Expired)]
    [InlineData("2026-11-21T12:00:00Z", VerpResult.Signed)] // the minter's clock is ahead
    [InlineData("2026-11-20T12:00:00Z", VerpResult.Expired)]
    public void A_signature_holds_for_thirty_days(string now, object result) => Judge(Signed, now: now).Result.ShouldBe((VerpResult)result);

    [Fact]
    public void What_is_expired_is_refused() => Judge(Signed, now: "2027-01-22T00:00:00Z").Refusal.ShouldBe(SmtpReplies.BadSignature);

    [Theory]
    [InlineData(Unsigned, VerpResult.Unsigned)]
    [InlineData("bounces@bounces.test", VerpResult.Plain)]
    [InlineData("bounces-news@bounces.test", VerpResult.Plain)]
    [InlineData("news-return-42-user=recipient.test@bounces.test", VerpResult.Foreign)]
    public void What_bears_no_signature_is_marked(string address, object result) =>
        Judge(address).ShouldBe(new Admission((VerpResult)result, null, SignatureOutcome.Unsigned, IsMarked: true));

    [Theory]
    [InlineData(Unsigned)]
    [InlineData("bounces-news@bounces.test")]
    public void Without_keys_nothing_is_checked_or_marked(string address)
    {
        Admission admission = Judge(address, keys: "");
        (admission.Refusal, admission.Signature, admission.IsMarked).ShouldBe((null, SignatureOutcome.NotChecked, false));
    }

    [Fact]
    public void Without_keys_a_signature_is_neither_good_nor_bad() =>
        Judge(Changed, keys: "").ShouldBe(new Admission(VerpResult.Unsigned, null, SignatureOutcome.NotChecked));

    [Theory]
    [InlineData(nameof(DoorPolicy.Refuse), false)]
    [InlineData(nameof(DoorPolicy.Mark), true)]
    [InlineData(nameof(DoorPolicy.Accept), false)]
    public void Each_kind_has_its_policy(string name, bool isMarked)
    {
        DoorPolicy policy = Enum.Parse<DoorPolicy>(name);
        SmtpReply? refusal = policy is DoorPolicy.Refuse ? SmtpReplies.BadSignature : null;
        (string, DoorSettings, string)[] cases =
        [
            (Unsigned, new() { Unsigned = policy }, Hour),
            (Changed, new() { BadlySigned = policy }, Hour),
            (Signed, new() { Expired = policy }, "2027-01-22T00:00:00Z"),
        ];
        foreach ((string address, DoorSettings settings, string now) in cases)
        {
            Admission admission = Judge(address, settings, now: now);
            (admission.Refusal, admission.IsMarked).ShouldBe((refusal, isMarked));
        }
    }

    [Fact]
    public void A_domain_may_have_a_policy_of_its_own()
    {
        var policies = new Dictionary<string, DoorSettings> { ["Other.test"] = new() { Unsigned = DoorPolicy.Refuse } };
        Judge(Unsigned, policies: policies).Refusal.ShouldBeNull();
        Judge("bounces+user=recipient.test@OTHER.test", policies: policies).Refusal.ShouldBe(SmtpReplies.BadSignature);
    }

    [Theory]
    [InlineData("SRS0=AAAA=BB=bounces.test=bounces+user=recipient.test@lists.test", true)]
    [InlineData("SRS0=AAAA=BB=lists.test=bounces+user=recipient.test@bounces.test", false)]
    public void A_forwarders_domain_has_no_say_in_whose_address_it_forwards(string address, bool isMarked)
    {
        var policies = new Dictionary<string, DoorSettings> { ["lists.test"] = new() { Unsigned = DoorPolicy.Accept } };
        Judge(address, policies: policies).ShouldBe(new Admission(VerpResult.Unsigned, null, SignatureOutcome.Unsigned, isMarked));
    }

    [Theory]
    [InlineData("bounces-news", true)]
    [InlineData("BOUNCES-NEWS", true)]
    [InlineData("bounces", true)]
    [InlineData("bounces-new", false)]
    [InlineData("bounces-news+user=recipient.test", false)]
    public void Only_streams_that_are_configured_are_there(string localPart, bool isThere) =>
        Judge($"{localPart}@bounces.test", streams: ["news", "receipts"]).Refusal.ShouldBe(isThere ? null : SmtpReplies.NoSuchRecipient);

    [Theory]
    [InlineData("user@elsewhere.test", VerpResult.NotOurs, "5.7.1")]
    [InlineData("user@bounces.test", VerpResult.UnknownPrefix, "5.1.1")]
    [InlineData("bounces+user@bounces.test", VerpResult.Malformed, "5.1.1")]
    public void What_is_no_bounce_address_of_ours_is_refused(string address, object result, string status)
    {
        Admission admission = Judge(address);
        admission.Result.ShouldBe((VerpResult)result);
        admission.Refusal!.Status.ToString().ShouldBe(status);
    }

    [Theory]
    [InlineData(nameof(DoorPolicy.Refuse), true)]
    [InlineData(nameof(DoorPolicy.Mark), true)]
    [InlineData(nameof(DoorPolicy.Accept), false)]
    public void Postmaster_is_never_refused_and_no_more_proven_than_others(string policy, bool isMarked)
    {
        Admission admission = Door(Sample.Key, new() { Unsigned = Enum.Parse<DoorPolicy>(policy) }).JudgeRole("bounces.test");
        (admission.Refusal, admission.IsMarked).ShouldBe((null, isMarked));
    }

    [Theory]
    [InlineData("bounces+usex=recipient.test+news+1abcdefghijklmnop", "bounces.test")]
    [InlineData("bounces+user=recipient.test", "bounces.test")]
    [InlineData("user", "bounces.test")]
    [InlineData("user", "elsewhere.test")]
    public void What_is_refused_costs_no_memory(string localPart, string domain)
    {
        // That decoding costs none is the codec's to show.
        VerpDecoding decoding = Sample.Codec(Sample.Key).Decode(localPart, domain);
        BounceDoor door = Door(Sample.Key, new() { Unsigned = DoorPolicy.Refuse });
        door.Judge(decoding);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            door.Judge(decoding);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    // The next character of the alphabet, so that what was a signature still looks like one.
    private static string ChangeAt(int i)
    {
        char character = Signed[i] switch
        {
            'v' => '0',
            '9' => 'a',
            '=' or '+' or '.' => 'x',
            var c => (char)(c + 1),
        };
        return Signed[..i] + character + Signed[(i + 1)..];
    }

    private static BounceDoor Door(string keys, DoorSettings? policy = null) => new(keys.Length > 0, policy ?? new DoorSettings());

    private static Admission Judge(
        string address,
        DoorSettings? policy = null,
        string keys = Sample.Key,
        string now = Hour,
        Dictionary<string, DoorSettings>? policies = null,
        string[]? streams = null
    )
    {
        int at = address.LastIndexOf('@');
        var options = new VerpOptions { Domains = ["bounces.test", "other.test", "lists.test"], Keys = Sample.Keys(keys) };
        VerpDecoding decoding = new VerpCodec(options, new ManualTime(now)).Decode(address.AsSpan(0, at), address.AsSpan(at + 1));
        return new BounceDoor(keys.Length > 0, policy ?? new DoorSettings(), policies, streams).Judge(decoding);
    }
}
