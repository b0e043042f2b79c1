using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Mail.Tests.Classification;

public sealed class BounceClassifierTests
{
    private static readonly BounceClassifier Classifier = new(RuleBook.Default);

    [Fact]
    public void Names_the_rule_and_quotes_the_words_that_decided() =>
        Classify("550 5.1.1 <a@b.test>... User Unknown", "5.1.1")
            .ShouldBe(new Verdict(BounceReason.UserUnknown, Severity.Hard, "general.user-unknown", "User Unknown"));

    [Theory]
    [InlineData(DsnAction.Delivered)]
    [InlineData(DsnAction.Relayed)]
    [InlineData(DsnAction.Expanded)]
    public void What_was_passed_on_is_delivered_whatever_the_text_says(DsnAction action) =>
        Classify("550 user unknown", "5.1.1", action: action)
            .ShouldBe(new Verdict(BounceReason.Delivered, Severity.None, "action", action.ToString().ToLowerInvariant()));

    [Theory]
    [InlineData(ReportKind.Complaint, BounceReason.Feedback)]
    [InlineData(ReportKind.AutoReply, BounceReason.Vacation)]
    [InlineData(ReportKind.Delivered, BounceReason.Delivered)]
    public void The_kind_of_a_report_goes_before_its_words(ReportKind kind, BounceReason reason)
    {
        Verdict verdict = Classify("user unknown", action: DsnAction.None, kind: kind);
        (verdict.Reason, verdict.Severity, verdict.RuleId).ShouldBe((reason, Severity.None, "kind"));
    }

    [Fact]
    public void Words_go_before_the_status() => Classify("550 5.1.1 Mailbox full", "5.1.1").Reason.ShouldBe(BounceReason.MailboxFull);

    [Fact]
    public void A_generic_local_status_does_not_outvote_a_code_in_the_text() =>
        Classify("550 5.1.1 gone", "5.0.0").ShouldBe(new Verdict(BounceReason.UserUnknown, Severity.Hard, "status", "5.1.1"));

    [Fact]
    public void An_IP_address_is_no_status() => Classify("host 192.5.1.1 said no", "5.2.2").Evidence.ShouldBe("5.2.2");

    [Fact]
    public void A_specific_status_goes_before_the_reply() => Classify("521 gone", "5.2.2", 521).Reason.ShouldBe(BounceReason.MailboxFull);

    [Fact]
    public void A_specific_reply_goes_before_a_generic_status() =>
        Classify("521 gone", "5.7.1", 521).ShouldBe(new Verdict(BounceReason.NotAccept, Severity.Hard, "reply", "521"));

    [Fact]
    public void A_generic_status_goes_before_a_generic_reply() =>
        Classify("451 no", "4.4.0", 451).ShouldBe(new Verdict(BounceReason.NetworkError, Severity.Soft, "status", "4.4.0"));

    [Fact]
    public void A_bare_550_says_nothing() =>
        Classify("550 no", null, 550).ShouldBe(new Verdict(BounceReason.Undefined, Severity.Undetermined, "none", ""));

    [Theory]
    [InlineData("MAIL", BounceReason.Rejected)]
    [InlineData("CONN", BounceReason.Blocked)]
    [InlineData("RCPT", BounceReason.Undefined)]
    public void A_bare_550_means_what_the_command_asked_for(string command, BounceReason reason) =>
        Classify("550 no", null, 550, command: command).Reason.ShouldBe(reason);

    [Fact]
    public void A_delay_without_a_cause_is_expired() =>
        Classify(null, "4.0.0", action: DsnAction.Delayed).ShouldBe(new Verdict(BounceReason.Expired, Severity.Soft, "action", "delayed"));

    [Theory]
    [InlineData("550 : User unknown", null, BounceReason.Filtered)]
    [InlineData("550 <a@b.test>: User unknown", null, BounceReason.UserUnknown)]
    public void KDDI_names_the_address_of_an_unknown_user_but_not_of_a_filtered_one(string text, string? command, BounceReason reason) =>
        Classify(text, null, 550, command: command).Reason.ShouldBe(reason);

    [Theory]
    [InlineData("5.1.1", "RCPT", BounceReason.UserUnknown)]
    [InlineData("5.1.1", "DATA", BounceReason.UserUnknown)]
    [InlineData("5.0.0", "RCPT", BounceReason.UserUnknown)]
    [InlineData("5.0.0", "DATA", BounceReason.Filtered)]
    [InlineData("5.2.0", "DATA", BounceReason.Filtered)]
    [InlineData("5.2.0", null, BounceReason.Filtered)]
    public void Docomo_says_unknown_user_for_its_filter_too(string status, string? command, BounceReason reason) =>
        Classify("550 Unknown user a@b.test", status, 550, command: command).Reason.ShouldBe(reason);

    [Fact]
    public void Words_are_found_across_the_lines_of_a_reply() =>
        Classify("550-5.7.26 not accepted: the sender 550-5.7.26 is 550 5.7.26 unauthenticated, sender is 550-5.7.26 unauthenticated")
            .Reason.ShouldBe(BounceReason.AuthFailure);

    [Theory]
    [InlineData(BounceReason.UserUnknown, "5.1.1", DsnAction.Failed, Severity.Hard)]
    [InlineData(BounceReason.UserUnknown, "4.1.1", DsnAction.Failed, Severity.Hard)]
    [InlineData(BounceReason.UserUnknown, "4.1.1", DsnAction.Delayed, Severity.Soft)]
    [InlineData(BounceReason.UserUnknown, "5.1.1", DsnAction.Delayed, Severity.Soft)]
    [InlineData(BounceReason.UserUnknown, "4.1.1", DsnAction.None, Severity.Soft)]
    [InlineData(BounceReason.UserUnknown, "5.1.1", DsnAction.None, Severity.Hard)]
    [InlineData(BounceReason.HostUnknown, "5.1.2", DsnAction.Failed, Severity.Hard)]
    [InlineData(BounceReason.HasMoved, "5.1.6", DsnAction.Failed, Severity.Hard)]
    [InlineData(BounceReason.NotAccept, "5.1.10", DsnAction.Failed, Severity.Hard)]
    [InlineData(BounceReason.NotAccept, "4.1.10", DsnAction.Failed, Severity.Soft)]
    [InlineData(BounceReason.MailboxFull, "5.2.2", DsnAction.Failed, Severity.Soft)]
    [InlineData(BounceReason.AuthFailure, "5.7.26", DsnAction.Failed, Severity.Block)]
    public void Only_a_recipient_that_was_given_up_is_hard(BounceReason reason, string status, DsnAction action, Severity severity)
    {
        Verdict verdict = Classify(null, status, action: action);
        (verdict.Reason, verdict.Severity).ShouldBe((reason, severity));
    }

    [Fact]
    public void A_severity_can_be_overridden()
    {
        BounceClassifier strict = new(RuleBook.Default, new Dictionary<BounceReason, Severity> { [BounceReason.Suspend] = Severity.Hard });
        RecipientStatus recipient = Recipient(null, "5.2.1");
        strict.Classify(Report(recipient), recipient).Severity.ShouldBe(Severity.Hard);
    }

    [Fact]
    public void An_overridden_severity_is_not_hard_for_a_delay_either()
    {
        BounceClassifier strict = new(RuleBook.Default, new Dictionary<BounceReason, Severity> { [BounceReason.Suspend] = Severity.Hard });
        RecipientStatus recipient = Recipient(null, "4.2.1", action: DsnAction.Delayed);
        strict.Classify(Report(recipient, ReportKind.Delay), recipient).Severity.ShouldBe(Severity.Soft);
    }

    [Fact]
    public void Evidence_is_cut_to_200_characters()
    {
        string text = "domain of sender address " + new string('x', 500) + " does not resolve";
        Classify(text).Evidence.Length.ShouldBe(200);
    }

    [Fact]
    public void Nothing_behind_the_first_1024_characters_counts() =>
        Classify(new string('x', 1013) + "user unknown").RuleId.ShouldBe("none");

    [Fact]
    public void The_last_of_the_first_1024_characters_counts() =>
        Classify(new string('.', 1012) + "user unknown").Reason.ShouldBe(BounceReason.UserUnknown);

    [Fact]
    public void No_text_throws_or_leaves_control_characters_in_the_evidence() =>
        Prop.ForAll<string?, int, int>(
                (text, reply, action) =>
                {
                    // A rule's words around the noise, so that evidence is quoted from it.
                    RecipientStatus recipient = Recipient(
                        "account " + text + " disabled\r\n" + text,
                        null,
                        reply,
                        action: (DsnAction)(Math.Abs(action % 6))
                    );
                    Verdict verdict = Classifier.Classify(Report(recipient), recipient);
                    return verdict.Evidence.Length <= 200 && !verdict.Evidence.Any(char.IsControl);
                }
            )
            .QuickCheckThrowOnFailure();

    private static Verdict Classify(
        string? text,
        string? status = null,
        int? reply = null,
        DsnAction action = DsnAction.Failed,
        string? command = null,
        ReportKind kind = ReportKind.Bounce
    )
    {
        RecipientStatus recipient = Recipient(text, status, reply, action, command);
        return Classifier.Classify(Report(recipient, kind), recipient);
    }

    private static DeliveryReport Report(RecipientStatus recipient, ReportKind kind = ReportKind.Bounce) =>
        new() { Kind = kind, Recipients = [recipient] };

    private static RecipientStatus Recipient(
        string? text,
        string? status,
        int? reply = null,
        DsnAction action = DsnAction.Failed,
        string? command = null
    ) =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = action,
            Status = EnhancedStatusCode.TryParse(Encoding.ASCII.GetBytes(status ?? ""), out EnhancedStatusCode code) ? code : null,
            Reply = reply is { } r ? new ReplyCode(r) : null,
            Diagnostic = text,
            Command = command,
        };
}
