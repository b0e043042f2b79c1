using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Storage;
using BounceMx.Verp;
using static BounceMx.Tests.Pipeline.TrustSample;

namespace BounceMx.Tests.Pipeline;

/// <summary>How far events are believed: what forgers come to, and what becomes of true bounces that look odd.</summary>
public sealed class TrustJudgeTests
{
    private const string AnotherKey = "2:f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff";
    private const string Unconfirmable = "no key of ours can confirm the hash of the bounce address";

    private static readonly DoorSettings LetAllIn = new()
    {
        Unsigned = DoorPolicy.Accept,
        Expired = DoorPolicy.Accept,
        BadlySigned = DoorPolicy.Accept,
    };

    private static readonly DoorSettings MarkAll = new()
    {
        Unsigned = DoorPolicy.Mark,
        Expired = DoorPolicy.Mark,
        BadlySigned = DoorPolicy.Mark,
    };

    [Fact]
    public void A_valid_signature_proves_the_recipient_in_it() =>
        Judge(Sample.Bounce, Signed)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("proven"),
                e => e.RecipientSource.ShouldBe("verp_signed"),
                e => e.Evidence.ShouldContain("signature valid, key 1, of today")
            );

    [Theory]
    [InlineData(1, "signature valid, key 1, 1 day old")]
    [InlineData(29, "signature valid, key 1, 29 days old")]
    public void The_evidence_says_how_old_a_signature_is(int days, string phrase)
    {
        SpooledMessage message = Sample.Message(Sample.Bounce, Sample.Accepted(Signed, Sample.Key));
        Compose(message with { ReceivedAt = message.ReceivedAt.AddDays(days) }).ShouldHaveSingleItem().Evidence.ShouldContain(phrase);
    }

    [Fact]
    public void A_signature_proves_nobody_that_the_report_names_besides() =>
        Judge(Report("user@recipient.test", "victim@recipient.test"), Signed)
            .Select(e => (e.Recipient, e.Trust))
            .ShouldBe([("user@recipient.test", "proven"), ("victim@recipient.test", "unproven")]);

    [Fact]
    public void Who_holds_a_signed_address_can_tell_of_nobody_else() =>
        Judge(Report("victim@recipient.test"), Signed)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(e => e.Recipient.ShouldBe("user@recipient.test"), e => e.Trust.ShouldBe("proven"));

    [Fact]
    public void A_signed_address_beside_others_proves_its_own_recipient_only() =>
        Compose(
                Sample.Message(
                    Report("victim@recipient.test"),
                    Sample.Accepted(Signed, Sample.Key),
                    Sample.Accepted("bounces+victim=recipient.test@bounces.test", Sample.Key)
                )
            )
            .Select(e => (e.Recipient, e.Trust))
            .ShouldBe([("user@recipient.test", "proven"), ("victim@recipient.test", "unproven")]);

    [Theory]
    [InlineData(Unsigned)]
    [InlineData("bounces@bounces.test")]
    [InlineData("prvs=0123a1b2c3=bounces+user=recipient.test@bounces.test")]
    [InlineData("news-return-42-user=recipient.test@bounces.test")]
    public void With_keys_nothing_makes_up_for_a_missing_signature(string address) =>
        Judge(Returning($"Return-Path: <{address}>\nFrom: news@sender.test"), address, Sample.Key, senderDomains: "sender.test")
            .ShouldAllBe(e => e.Trust == "unproven");

    [Fact]
    public void With_keys_a_complaint_to_abuse_proves_nothing_whatever_it_returns()
    {
        Admission admission = new BounceDoor(hasKeys: true, new DoorSettings()).JudgeRole("bounces.test");
        AcceptedRecipient abuse = Sample.Plain("abuse") with { Signature = admission.Signature, IsMarked = admission.IsMarked };
        Compose(Sample.Message(Returning("From: news@sender.test"), abuse), Sample.Key, "sender.test")
            .ShouldAllBe(e => e.Trust == "unproven");
    }

    [Fact]
    public void An_expired_signature_that_is_let_in_proves_nothing_any_more()
    {
        AcceptedRecipient address = Sample.Accepted(Signed, Sample.Key) with { Signature = SignatureOutcome.Expired, IsMarked = true };
        Compose(Sample.Message(Sample.Bounce, address))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("unproven"),
                e => e.RecipientSource.ShouldBe("verp"),
                e => e.Evidence.ShouldContain("the signature has expired")
            );
    }

    [Fact]
    public void A_bad_signature_that_is_let_in_is_suspect() =>
        Judge(Sample.Bounce, Signed.Replace("user=", "usex=", StringComparison.Ordinal), Sample.Key, MarkAll)
            .ShouldAllBe(e => e.Trust == "suspect" && e.Evidence.Contains("the signature is not ours"));

    [Fact]
    public void Who_accepts_what_is_not_signed_is_told_as_without_keys() =>
        Judge(Sample.Bounce, Unsigned, Sample.Key, LetAllIn).ShouldHaveSingleItem().Trust.ShouldBe("likely");

    [Fact]
    public void A_hash_is_proven_when_the_report_confirms_it() =>
        Judge(Sample.Bounce, Hidden("user@recipient.test"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("proven"),
                e => e.Recipient.ShouldBe("user@recipient.test"),
                e => e.RecipientSource.ShouldBe("verp_signed"),
                e => e.RecipientHash.ShouldBeNull()
            );

    [Fact]
    public void A_hash_that_nobody_confirms_is_unproven_and_told_as_it_is() =>
        Judge(Report("victim@recipient.test"), Hidden("user@recipient.test"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("unproven"),
                e => e.Recipient.ShouldBeNull(),
                e => e.RecipientSource.ShouldBeNull(),
                e => e.RecipientHash!.Length.ShouldBe(16),
                e => e.FinalRecipient.ShouldBe("victim@recipient.test")
            );

    [Fact]
    public void A_hash_that_the_returned_original_confirms_is_proven_and_its_evidence_says_so() =>
        Judge(Returning("To: The user <user@recipient.test>", "inbox@elsewhere.test"), Hidden("user@recipient.test"))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("proven"),
                e => e.Evidence.ShouldContain("the returned original was sent to whom the hash names")
            );

    [Fact]
    public void Of_a_recipient_that_is_not_hashed_no_evidence_speaks_of_a_hash() =>
        Judge(Returning("To: user@recipient.test", "inbox@elsewhere.test"), Signed)
            .ShouldHaveSingleItem()
            .Evidence.ShouldNotContain("the returned original was sent to whom the hash names");

    [Theory]
    [InlineData(Sample.Key, "nobody that the report names has the hash of the bounce address")]
    [InlineData(AnotherKey, Unconfirmable)]
    [InlineData("", Unconfirmable)]
    public void A_hash_whose_key_has_gone_is_told_from_one_that_nobody_has(string keys, string phrase) =>
        Compose(Sample.Message(Report("victim@recipient.test"), Sample.Accepted(Hidden("user@recipient.test"), Sample.Key)), keys)
            .ShouldHaveSingleItem()
            .Evidence.Where(one => one.Contains("hash", StringComparison.Ordinal))
            .ShouldBe([phrase]);

    [Fact]
    public void A_hash_is_the_same_event_whether_or_not_its_key_is_there_to_confirm_it()
    {
        SpooledMessage message = Sample.Message(Sample.Bounce, Sample.Accepted(Hidden("user@recipient.test"), Sample.Key));
        BounceEvent confirmed = Compose(message).ShouldHaveSingleItem();
        BounceEvent later = Compose(message, AnotherKey).ShouldHaveSingleItem();
        (confirmed.Recipient, later.Recipient).ShouldBe(("user@recipient.test", null));
        later.Id.ShouldBe(confirmed.Id);
    }

    [Fact]
    public void Whom_a_report_names_beside_a_hash_is_an_event_of_its_own() =>
        Judge(Report("user@recipient.test", "one@recipient.test", "two@recipient.test"), Hidden("user@recipient.test"))
            .Select(e => e.Id)
            .Distinct()
            .Count()
            .ShouldBe(3);

    [Fact]
    public void A_hash_of_an_older_key_is_confirmed_too()
    {
        const string Newer = AnotherKey + "\n" + Sample.Key;
        Judge(Sample.Bounce, Hidden("user@recipient.test"), Newer).ShouldHaveSingleItem().Trust.ShouldBe("proven");
    }

    [Fact]
    public void Whatever_is_found_has_a_level()
    {
        foreach (TrustSigns one in Enum.GetValues<TrustSigns>())
        foreach (TrustSigns other in Enum.GetValues<TrustSigns>())
            TrustJudge.Level(one | other).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public void Nothing_is_proven_without_a_valid_signature()
    {
        (TrustSigns All, TrustSigns None, string Level)[] proven = [.. TrustJudge.Levels.Where(row => row.Level == "proven")];
        proven.ShouldNotBeEmpty();
        proven.ShouldAllBe(row => row.All.HasFlag(TrustSigns.ValidSignature));
    }

    [Fact]
    public void What_a_template_and_layers_said_stands_in_the_event() =>
        Judge(Sample.Bounce, "prvs=0123a1b2c3=news-return-42-user=recipient.test@bounces.test")
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Recipient.ShouldBe("user@recipient.test"),
                e => e.Template.ShouldBe("ezmlm"),
                e => e.Layers.ShouldBe(["prvs"]),
                e => e.Fields!["list"].ShouldBe("news"),
                e => e.Fields!["message"].ShouldBe("42")
            );

    [Fact]
    public void The_stream_of_a_plain_address_stands_in_the_event() =>
        Judge(Sample.Bounce, "bounces-Newsletter@bounces.test", keys: "").ShouldHaveSingleItem().Stream.ShouldBe("newsletter");

    private static string Hidden(string recipient) =>
        new VerpCodec(new VerpOptions { Keys = Sample.Keys(Sample.Key), HideRecipients = true }, new ManualTime("2026-11-22T09:14:05Z"))
            .Encode(recipient, "bounces.test")
            .Address!;
}
