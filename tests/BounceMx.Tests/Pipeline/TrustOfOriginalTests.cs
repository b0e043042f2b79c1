using BounceMx.Pipeline;
using BounceMx.Verp;
using static BounceMx.Tests.Pipeline.TrustSample;

namespace BounceMx.Tests.Pipeline;

/// <summary>What the original that a report returns says for an event and against it.</summary>
public sealed class TrustOfOriginalTests
{
    private const string ReturnPathField = $"Return-Path: <{Unsigned}>";

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

    [Fact]
    public void An_original_that_was_sent_from_a_token_names_nobody_else() =>
        Judge(Returning("Return-Path: <bounces+0f8fad5b-d9cb-469f-a165-70867728950e@bounces.test>"), Unsigned, keys: "")
            .ShouldHaveSingleItem()
            .Trust.ShouldBe("likely");

    [Theory]
    [InlineData("user@recipient.test", "likely")]
    [InlineData("other@recipient.test", "suspect")]
    public void A_hash_names_another_only_where_it_is_not_the_recipient_s(string mailed, string trust)
    {
        string hash = new VerpCodec(new VerpOptions { HideRecipients = true }).Encode(mailed, "bounces.test").Address!;
        string plain = $"bounces+{mailed.Replace('@', '=')}@bounces.test";
        string own = new VerpCodec(new VerpOptions { HideRecipients = true }).Encode("user@recipient.test", "bounces.test").Address!;

        Judge(Returning($"Return-Path: <{hash}>"), Unsigned, keys: "").ShouldHaveSingleItem().Trust.ShouldBe(trust);
        Judge(Returning($"Return-Path: <{plain}>"), own, keys: "").ShouldHaveSingleItem().Trust.ShouldBe(trust);
    }

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
    [InlineData("From: news@sender.test (Sales @ Sender)")]
    [InlineData("From: Sales (daily (@ noon) @ Sender) <news@sender.test>")]
    [InlineData("From: Sales <news@sender.test> (@ Sender)")]
    [InlineData("From: \"Sales (@ Sender\" <news@sender.test>")]
    [InlineData("From: Sales :( <news@sender.test>")]
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
    [InlineData("From: spam@elsewhere.test (news@sender.test)")]
    [InlineData("From: spam@elsewhere.test (Sales @ sender.test)")]
    [InlineData("From: \"<news@sender.test>\" <spam@elsewhere.test>")]
    public void An_original_of_no_sender_domain_is_suspect(string fields)
    {
        Judge(Returning(fields), Unsigned, keys: "", senderDomains: "sender.test").ShouldHaveSingleItem().Trust.ShouldBe("suspect");
        Judge(Returning(fields), Signed, senderDomains: "sender.test").ShouldHaveSingleItem().Trust.ShouldBe("proven");
    }

    // What a mailing list sends on is from whoever wrote it.
    [Fact]
    public void What_was_sent_from_the_bounce_address_is_not_suspect_for_its_From() =>
        Judge(Returning($"{ReturnPathField}\nFrom: poster@elsewhere.test"), Unsigned, keys: "", senderDomains: "sender.test")
            .ShouldHaveSingleItem()
            .Trust.ShouldBe("unproven");

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
}
