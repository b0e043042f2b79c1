using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Tests.Pipeline;

/// <summary>How far events are believed: what forgers come to, and what becomes of true bounces that look odd.</summary>
public sealed class TrustJudgeTests
{
    private const string Unsigned = "bounces+user=recipient.test@bounces.test";
    private const string ReturnPathField = "Return-Path: <bounces+user=recipient.test@bounces.test>";

    private static readonly string Signed = Sample.Signed("user@recipient.test");
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
    public void A_hash_of_an_older_key_is_confirmed_too()
    {
        const string Newer = "2:f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff\n" + Sample.Key;
        Judge(Sample.Bounce, Hidden("user@recipient.test"), Newer).ShouldHaveSingleItem().Trust.ShouldBe("proven");
    }

    [Theory]
    [InlineData(ReturnPathField)]
    [InlineData("Return-Path: <BOUNCES+User=Recipient.test@Bounces.TEST>")]
    [InlineData("Received: from a by b (envelope-from <bounces+user=recipient.test@bounces.test>)")]
    [InlineData("Return-Path: <SRS0=K9aZ=7T=bounces.test=bounces+user=recipient.test@forwarder.test>")]
    [InlineData("Return-Path: <SRS1=B0bX=one.test==K9aZ=7T=bounces.test=bounces+user=recipient.test@two.test>")]
    [InlineData("Return-Path: <joe+SRS=44ldt=IX=bounces.test=bounces+user=recipient.test@contoso.test>")] // Exchange Online
    [InlineData("Return-Path: <prvs=0123a1b2c3=bounces+user=recipient.test@bounces.test>")]
    [InlineData("Return-Path: <prvs=bounces+user=recipient.test=0123a1b2c3@bounces.test>")]
    public void Without_keys_an_original_that_was_sent_from_the_bounce_address_makes_it_likely(string field) =>
        // It names another, as after forwarding, so that by itself it would not be.
        Judge(Returning(field, "inbox@elsewhere.test"), Unsigned, keys: "")
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("likely"),
                e => e.Evidence.ShouldContain("the returned original was sent from this bounce address")
            );

    [Fact]
    public void Without_keys_too_whom_a_report_names_besides_is_unproven() =>
        Judge(Returning(ReturnPathField, "user@recipient.test", "victim@recipient.test"), Unsigned, keys: "")
            .Select(e => (e.Recipient, e.Trust))
            .ShouldBe([("user@recipient.test", "likely"), ("victim@recipient.test", "unproven")]);

    [Fact]
    public void The_layers_of_the_bounce_address_itself_are_looked_through_too() =>
        Judge(Returning(ReturnPathField), $"prvs=0123a1b2c3={Unsigned}", keys: "").ShouldHaveSingleItem().Trust.ShouldBe("likely");

    [Theory]
    [InlineData("bounces+other=recipient.test@bounces.test")]
    [InlineData("prvs=0123a1b2c3=bounces+other=recipient.test@bounces.test")]
    public void A_bounce_of_a_mail_to_another_is_suspect(string sender) =>
        Judge(Returning($"Return-Path: <{sender}>"), Unsigned, keys: "")
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Trust.ShouldBe("suspect"),
                e => e.Evidence.ShouldContain("the returned original was sent to another recipient")
            );

    // True bounces whose original does not show the bounce address.
    [Theory]
    [InlineData("bounces+SRS=44ldt=IX@contoso.test")] // Exchange Online, the address hidden
    [InlineData("joe+caf_=joe=elsewhere.test@gmail.test")] // Gmail's forwarding
    [InlineData("list-owner@lists.test")] // a mailing list
    public void A_bounce_of_what_was_forwarded_is_not_suspect(string sender)
    {
        string report = Returning($"Return-Path: <{sender}>", "inbox@elsewhere.test");
        Judge(report, Unsigned, keys: "").ShouldHaveSingleItem().Trust.ShouldBe("unproven");
        Judge(report, Signed).ShouldHaveSingleItem().Trust.ShouldBe("proven");
    }

    [Fact]
    public void An_original_that_was_sent_from_elsewhere_is_never_likely() =>
        Judge(Returning("Return-Path: <news@elsewhere.test>\nFrom: news@sender.test"), Unsigned, keys: "", senderDomains: "sender.test")
            .ShouldHaveSingleItem()
            .Trust.ShouldBe("unproven");

    // Postfix with XVERP makes the address behind the cleanup that writes the original's trace.
    [Fact]
    public void An_original_that_shows_the_plain_address_is_not_suspect() =>
        Judge(Returning("Return-Path: <bounces@bounces.test>"), Unsigned, keys: "").ShouldHaveSingleItem().Trust.ShouldBe("likely");

    [Theory]
    [InlineData("From: News <news@sender.test>")]
    [InlineData("From: news@mail.Sender.test")]
    [InlineData("From: shop@customer.test\nMessage-ID: <42@sender.test>")]
    [InlineData("From: shop@customer.test\nMessage-ID: <42@esp.test>\nDKIM-Signature: v=1; d=sender.test; s=one")]
    public void An_original_of_a_sender_domain_makes_a_plain_address_likely(string fields) =>
        Judge(Returning(fields), "bounces@bounces.test", keys: "", senderDomains: "sender.test")
            .ShouldHaveSingleItem()
            .Trust.ShouldBe("likely");

    [Theory]
    [InlineData("From: spam@elsewhere.test\nMessage-ID: <1@elsewhere.test>")]
    [InlineData("From: \"news@sender.test\" <spam@elsewhere.test>")]
    [InlineData("From: news@notsender.test")]
    public void An_original_of_no_sender_domain_is_suspect(string fields)
    {
        Judge(Returning(fields), Unsigned, keys: "", senderDomains: "sender.test").ShouldHaveSingleItem().Trust.ShouldBe("suspect");
        Judge(Returning(fields), Signed, senderDomains: "sender.test").ShouldHaveSingleItem().Trust.ShouldBe("proven");
    }

    // Providers give messages ids of their own domain, and some bounces return little more.
    [Fact]
    public void An_original_without_a_From_is_not_suspect() =>
        Judge(Returning("Message-ID: <1@esp.test>"), Unsigned, keys: "", senderDomains: "sender.test")
            .ShouldHaveSingleItem()
            .Trust.ShouldBe("likely");

    [Fact]
    public void A_complaint_about_a_mail_of_ours_is_not_suspect_for_its_return_path()
    {
        string complaint = Returning("Return-Path: <bounces+other=recipient.test@bounces.test>")
            .Replace("delivery-status", "feedback-report", StringComparison.Ordinal)
            .Replace("Reporting-MTA", "Feedback-Type: abuse\nReporting-MTA", StringComparison.Ordinal);
        BounceEvent e = Judge(complaint, Unsigned, keys: "").ShouldHaveSingleItem();
        (e.Type, e.Trust).ShouldBe(("complaint", "unproven"));
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
        TrustSigns all = Enum.GetValues<TrustSigns>().Aggregate((one, other) => one | other);
        TrustJudge.Level(all & ~TrustSigns.ValidSignature).ShouldNotBe("proven");
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

    /// <summary>A report on user@recipient.test, or on others, which returns an original with these fields.</summary>
    private static string Returning(string fields, params string[] recipients) =>
        Report(recipients.Length == 0 ? ["user@recipient.test"] : recipients)
            .Replace("--b--", $"--b\nContent-Type: message/rfc822\n\nSubject: News\n{fields}\n\nNews.\n\n--b--", StringComparison.Ordinal);

    private static string Report(params string[] recipients) =>
        $"""
            From: MAILER-DAEMON@mx.sender.test
            Subject: Delivery report
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.sender.test

            {string.Join(
                "\n\n",
                recipients.Select(recipient => $"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1")
            )}

            --b--

            """;

    private static IReadOnlyList<BounceEvent> Judge(
        string content,
        string address,
        string keys = Sample.Key,
        DoorSettings? policy = null,
        string? senderDomains = null
    ) => Compose(Sample.Message(content, Sample.Accepted(address, keys, policy)), keys, senderDomains is null ? [] : [senderDomains]);

    private static IReadOnlyList<BounceEvent> Compose(SpooledMessage message, string keys = Sample.Key, params string[] senderDomains) =>
        Sample.Composer(Sample.Codec(keys), senderDomains).Compose(message, message.Raw!);
}
