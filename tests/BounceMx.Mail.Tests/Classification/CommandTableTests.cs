using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class CommandTableTests
{
    [Theory]
    [InlineData(BounceReason.UserUnknown)]
    [InlineData(BounceReason.HostUnknown)]
    [InlineData(BounceReason.HasMoved)]
    [InlineData(BounceReason.NotAccept)]
    public void What_is_unknown_in_answer_to_MAIL_is_the_sender(BounceReason said) =>
        CommandTable.Turn(said, "MAIL", null).ShouldBe(BounceReason.Rejected);

    [Theory]
    [InlineData(null, BounceReason.UserUnknown)]
    [InlineData("RCPT", BounceReason.UserUnknown)]
    [InlineData("DATA", BounceReason.Filtered)]
    public void A_user_who_was_accepted_before_DATA_exists(string? command, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, command, null).ShouldBe(meant);

    [Theory]
    [InlineData(5, 1, 1, BounceReason.UserUnknown)]
    [InlineData(5, 1, 0, BounceReason.Filtered)]
    [InlineData(5, 0, 0, BounceReason.Filtered)]
    public void A_pipelined_answer_to_RCPT_is_told_by_its_status(int @class, int subject, int detail, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, "DATA", new EnhancedStatusCode(@class, subject, detail)).ShouldBe(meant);

    [Theory]
    [InlineData(0, null, BounceReason.Filtered)]
    [InlineData(1, null, BounceReason.Filtered)]
    [InlineData(1, "DATA", BounceReason.Filtered)]
    [InlineData(1, "RCPT", BounceReason.UserUnknown)]
    [InlineData(2, null, BounceReason.UserUnknown)]
    public void The_status_of_a_mailbox_says_that_it_is_there(int detail, string? command, BounceReason meant) =>
        CommandTable.Turn(BounceReason.UserUnknown, command, new EnhancedStatusCode(5, 2, detail)).ShouldBe(meant);

    [Theory]
    [InlineData(BounceReason.MailboxFull, "MAIL")]
    [InlineData(BounceReason.MailboxFull, "DATA")]
    [InlineData(BounceReason.HostUnknown, "DATA")]
    [InlineData(BounceReason.Suspend, null)]
    public void Other_words_mean_what_they_say(BounceReason said, string? command) =>
        CommandTable.Turn(said, command, new EnhancedStatusCode(5, 2, 1)).ShouldBe(said);

    [Theory]
    [InlineData("MAIL", null, BounceReason.Rejected, "user unknown (to MAIL)")]
    [InlineData(null, "5.2.0", BounceReason.Filtered, "user unknown (5.2.0)")]
    [InlineData("RCPT", "5.2.0", BounceReason.UserUnknown, "user unknown")]
    public void The_evidence_names_what_turned_the_words(string? command, string? status, BounceReason reason, string evidence)
    {
        Verdict verdict = Classify(Books.Rule(), command, status);
        (verdict.Reason, verdict.RuleId, verdict.Evidence).ShouldBe((reason, "x.rule", evidence));
    }

    [Fact]
    public void A_rule_that_asks_for_the_command_means_what_it_says() =>
        Classify(Books.Rule(when: "\"command\": \"DATA\""), "DATA", null).Reason.ShouldBe(BounceReason.UserUnknown);

    private static Verdict Classify(string rule, string? command, string? status)
    {
        RecipientStatus recipient = new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
            Diagnostic = "user unknown",
            Command = command,
            Status = EnhancedStatusCode.TryParse(Encoding.ASCII.GetBytes(status ?? ""), out EnhancedStatusCode code) ? code : null,
        };
        return new BounceClassifier(Books.Load(rule)).Classify(
            new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] },
            recipient
        );
    }
}
