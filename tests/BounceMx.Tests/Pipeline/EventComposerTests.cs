using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Storage;
using static BounceMx.Tests.Pipeline.ReportSample;

namespace BounceMx.Tests.Pipeline;

public sealed class EventComposerTests
{
    private static readonly AcceptedRecipient User = Sample.Verp("user@recipient.test", "campaign42");

    [Fact]
    public void A_bounce_about_the_VERP_recipient_is_one_event() =>
        Compose(Sample.Bounce, User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("bounce"),
                e => e.Severity.ShouldBe("hard"),
                e => e.Reason.ShouldBe("user_unknown"),
                e => e.Recipient.ShouldBe("user@recipient.test"),
                e => e.RecipientSource.ShouldBe("verp"),
                e => e.Tags.ShouldBe(["campaign42"]),
                e => e.BounceAddress.ShouldBe("bounces+user=recipient.test+campaign42@bounces.test"),
                e => e.Evidence.ShouldContain("the report names the VERP recipient")
            );

    // The least that Redis' proto-max-bulk-len can be, beyond which it closes the connection.
    [Fact]
    public void An_event_is_far_below_a_mebioctet_whatever_the_message_holds()
    {
        // Of one octet that stands as six.
        string endless = new('<', 50_000);
        string[] fields =
        [
            .. "From To Date Message-ID Auto-Submitted X-Failed-Recipients Subject".Split(' ').Select(name => $"{name}: {endless}\n"),
        ];
        string message = string.Concat(fields) + Sample.Bounce[Sample.Bounce.IndexOf("MIME-Version", StringComparison.Ordinal)..];
        foreach (string name in (string[])["Reporting-MTA: dns;", "Remote-MTA: dns;", "Diagnostic-Code: smtp;", "Message-ID:", "List-Id:"])
            message = message.Replace($"\n{name}", $"\n{name} {endless}", StringComparison.Ordinal);
        AcceptedRecipient[] recipients = [.. Enumerable.Range(0, 100).Select(i => Sample.Verp($"{new string('<', 60)}{i}@recipient.test"))];

        Compose(message, recipients).ShouldAllBe(e => EventJson.Write(e).Length < 128 * 1024);
    }

    [Fact]
    public void What_it_was_forwarded_to_stands_beside_the_address_that_was_mailed() =>
        Compose(Bounce("inbox@elsewhere.test"), User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("bounce"),
                e => e.Recipient.ShouldBe("user@recipient.test"),
                e => e.RecipientSource.ShouldBe("verp"),
                e => e.FinalRecipient.ShouldBe("inbox@elsewhere.test"),
                e => e.Reason.ShouldBe("user_unknown"),
                e => e.Evidence.ShouldContain("the report does not name the VERP recipient")
            );

    [Fact]
    public void Several_recipients_at_a_plain_address_are_an_event_each() =>
        Compose(Bounce("a@recipient.test", "b@recipient.test"), Sample.Plain())
            .Select(e => (e.Recipient, e.RecipientSource, e.BounceAddress))
            .ShouldBe([
                ("a@recipient.test", "final_recipient", "bounces@bounces.test"),
                ("b@recipient.test", "final_recipient", "bounces@bounces.test"),
            ]);

    [Fact]
    public void Others_beside_the_VERP_recipient_are_events_of_their_own() =>
        Compose(Bounce("other@recipient.test", "user@recipient.test"), User)
            .Select(e => (e.Recipient, e.RecipientSource))
            .ShouldBe([("user@recipient.test", "verp"), ("other@recipient.test", "final_recipient")]);

    [Fact]
    public void A_message_to_two_bounce_addresses_is_an_event_each() =>
        Compose(Sample.Bounce, User, Sample.Verp("second@recipient.test"))
            .Select(e => e.Recipient)
            .ShouldBe(["user@recipient.test", "second@recipient.test"]);

    [Fact]
    public void A_message_to_very_many_addresses_does_not_repeat_them_all_in_each_event()
    {
        AcceptedRecipient[] many = [.. Enumerable.Range(0, 1000).Select(i => Sample.Verp($"user{i}@recipient.test"))];
        IReadOnlyList<BounceEvent> events = Compose(Sample.Bounce, many);
        events.Count.ShouldBe(1000);
        events.ShouldAllBe(e => e.Evidence.Contains("1000 envelope recipients"));
        events.Take(20).ShouldAllBe(e => e.Envelope.RcptTo.Count == 20 && e.Headers != null);
        events.Skip(20).ShouldAllBe(e => e.Envelope.RcptTo.Single() == e.BounceAddress && e.Headers == null);
    }

    [Fact]
    public void A_bounce_address_named_twice_in_one_transaction_is_one_event() => Compose(Sample.Bounce, User, User).ShouldHaveSingleItem();

    [Fact]
    public void What_is_no_report_is_of_type_other_and_says_no_more_than_the_bounce_address() =>
        Compose(Ordinary, User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("other"),
                e => e.Reason.ShouldBe("undefined"),
                e => e.Severity.ShouldBe("undetermined"),
                e => e.Rule.ShouldBe("none"),
                e => e.Recipient.ShouldBe("user@recipient.test"),
                e => e.Action.ShouldBeNull(),
                e => e.Status.ShouldBeNull(),
                e => e.SpoolId.ShouldBe(1)
            );

    [Fact]
    public void What_is_no_report_at_a_plain_address_names_nobody() =>
        Compose(Ordinary, Sample.Plain())
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("other"),
                e => e.Recipient.ShouldBeNull(),
                e => e.RecipientSource.ShouldBeNull(),
                e => e.BounceAddress.ShouldBe("bounces@bounces.test")
            );

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("no header at all")]
    public void Even_nothing_is_an_event(string content) => Compose(content, User).ShouldHaveSingleItem().Type.ShouldBe("other");

    [Fact]
    public void A_delay_is_never_hard() =>
        Compose(Bounce("user@recipient.test").Replace("Action: failed", "Action: delayed", StringComparison.Ordinal), User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(e => e.Type.ShouldBe("delay"), e => e.Severity.ShouldNotBe("hard"));

    [Theory]
    [InlineData("delivered")]
    [InlineData("relayed")]
    [InlineData("expanded")]
    public void A_success_is_delivered(string action) =>
        Compose(Report($"Final-Recipient: rfc822; user@recipient.test\nAction: {action}\nStatus: 2.0.0"), User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("delivered"),
                e => e.Reason.ShouldBe("delivered"),
                e => e.Severity.ShouldBe("none"),
                e => e.Action.ShouldBe(action)
            );

    [Fact]
    public void Recipients_of_one_report_with_different_fates_are_of_different_types() =>
        Compose(
                Report(
                    "Final-Recipient: rfc822; a@recipient.test\nAction: failed\nStatus: 5.1.1\n\n"
                        + "Final-Recipient: rfc822; b@recipient.test\nAction: delayed\nStatus: 4.4.1\n\n"
                        + "Final-Recipient: rfc822; c@recipient.test\nAction: relayed\nStatus: 2.0.0"
                ),
                Sample.Plain()
            )
            .Select(e => e.Type)
            .ShouldBe(["bounce", "delay", "delivered"]);

    [Fact]
    public void A_feedback_report_is_a_complaint() =>
        Compose(Complaint, User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("complaint"),
                e => e.Reason.ShouldBe("feedback"),
                e => e.Severity.ShouldBe("none"),
                e => e.Recipient.ShouldBe("user@recipient.test")
            );

    [Fact]
    public void An_automatic_answer_is_an_auto_reply() =>
        Compose(AutoReply, User)
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                e => e.Type.ShouldBe("auto_reply"),
                e => e.Reason.ShouldBe("vacation"),
                e => e.Severity.ShouldBe("none"),
                e => e.Recipient.ShouldBe("user@recipient.test")
            );

    [Fact]
    public void A_report_by_the_null_path_that_names_the_VERP_recipient_is_likely() =>
        Compose(Sample.Bounce, User).ShouldHaveSingleItem().Trust.ShouldBe("likely");

    [Fact]
    public void A_report_that_names_another_is_unproven() =>
        Compose(Bounce("inbox@elsewhere.test"), User).ShouldHaveSingleItem().Trust.ShouldBe("unproven");

    [Fact]
    public void A_report_to_a_plain_address_is_unproven() =>
        Compose(Sample.Bounce, Sample.Plain()).ShouldHaveSingleItem().Trust.ShouldBe("unproven");

    [Fact]
    public void A_report_to_several_addresses_is_unproven() =>
        Compose(Sample.Bounce, User, Sample.Plain()).ShouldAllBe(e => e.Trust == "unproven");

    [Fact]
    public void A_report_by_a_person_s_reverse_path_is_unproven()
    {
        SpooledMessage message = Sample.Message(Sample.Bounce, User);
        message = message with { Envelope = message.Envelope with { MailFrom = "person@sender.test" } };
        BounceEvent e = Compose(message).ShouldHaveSingleItem();
        e.Trust.ShouldBe("unproven");
        e.Evidence.ShouldContain("reverse path is not null");
    }

    [Theory]
    [InlineData("Sun, 22 Nov 2026 10:14:03 +0100", "2026-11-22T09:14:03Z")]
    [InlineData("Sun, 22 Nov 2026 09:14:06 +0000", "2026-11-22T09:14:05Z")]
    [InlineData("Fri, 31 Dec 9999 23:59:59 +0000", "2026-11-22T09:14:05Z")]
    public void Nothing_occurs_after_it_was_received(string lastAttempt, string occurred) =>
        Compose(
                Report($"Final-Recipient: rfc822; user@recipient.test\nAction: failed\nStatus: 5.1.1\nLast-Attempt-Date: {lastAttempt}"),
                User
            )
            .ShouldHaveSingleItem()
            .OccurredAt.ShouldBe(DateTimeOffset.Parse(occurred));

    [Theory]
    [InlineData("Sat, 21 Nov 2026 09:00:00 +0000", "2026-11-21T09:00:00Z")]
    [InlineData("not a date", "2026-11-22T09:14:05Z")]
    public void Without_a_last_attempt_the_report_s_own_date_counts(string date, string occurred) =>
        Compose(Sample.Bounce.Replace("Sun, 22 Nov 2026 09:14:05 +0000", date, StringComparison.Ordinal), User)
            .ShouldHaveSingleItem()
            .OccurredAt.ShouldBe(DateTimeOffset.Parse(occurred));

    [Fact]
    public void Header_fields_are_told_by_an_allow_list() =>
        Compose("Received: from inside.test [192.0.2.7]\nX-Originating-IP: 192.0.2.8\nBcc: hidden@sender.test\n" + Sample.Bounce, User)
            .ShouldHaveSingleItem()
            .Headers!.Keys.ShouldBe(["from", "to", "date", "message-id", "auto-submitted"]);

    [Fact]
    public void No_text_of_an_event_holds_a_control_character()
    {
        string hostile = Sample
            .Bounce.Replace("Subject: ", "Subject: =?utf-8?q?=1B[2J=0D=0A=E2=80=AE?=\u001b]0;x\u0007", StringComparison.Ordinal)
            .Replace("User unknown", "User \u001b[31munknown\u0000\u202e", StringComparison.Ordinal)
            .Replace("mx.recipient.test\n", "mx\u001b[1m.recipient.test\n", StringComparison.Ordinal);
        BounceEvent e = Compose(hostile, User).ShouldHaveSingleItem();
        string[] texts = [e.Subject!, e.Diagnostic!, e.RemoteMta!, .. e.Headers!.Values, .. e.Evidence];
        texts.ShouldAllBe(text => !text.Any(char.IsControl) && !text.Contains('\u202e'));
    }

    [Fact]
    public void A_copy_by_another_route_has_the_same_id() =>
        Id("Received: from a.test by b.test; Sun, 22 Nov 2026 09:14:06 +0000\nReturn-Path: <>\n" + Sample.Bounce, User)
            .ShouldBe(Id(Sample.Bounce, User));

    [Fact]
    public void A_copy_to_an_address_in_another_case_has_the_same_id() =>
        Id(Sample.Bounce, Sample.Verp("User@Recipient.TEST", "CAMPAIGN42")).ShouldBe(Id(Sample.Bounce, User));

    [Fact]
    public void Another_copy_in_the_spool_received_later_has_the_same_id()
    {
        SpooledMessage message = Sample.Message(Sample.Bounce, User);
        SpooledMessage later = message with { Id = new SpoolId(99), ReceivedAt = message.ReceivedAt.AddDays(1) };
        Compose(later).ShouldHaveSingleItem().Id.ShouldBe(Id(Sample.Bounce, User));
    }

    [Fact]
    public void Another_body_has_another_id() => Id(Bounce("user@recipient.test") + " ", User).ShouldNotBe(Id(Sample.Bounce, User));

    [Fact]
    public void Other_tags_have_another_id() =>
        Id(Sample.Bounce, Sample.Verp("user@recipient.test", "campaign43")).ShouldNotBe(Id(Sample.Bounce, User));

    [Fact]
    public void The_recipients_of_one_report_have_ids_of_their_own() =>
        Compose(Bounce("a@recipient.test", "b@recipient.test"), Sample.Plain()).Select(e => e.Id).Distinct().Count().ShouldBe(2);

    private static string Id(string content, AcceptedRecipient recipient) => Compose(content, recipient).ShouldHaveSingleItem().Id;

    private static IReadOnlyList<BounceEvent> Compose(string content, params AcceptedRecipient[] recipients) =>
        Compose(Sample.Message(content, recipients));

    private static IReadOnlyList<BounceEvent> Compose(SpooledMessage message) => Sample.Composer().Compose(message, message.Raw!);
}
