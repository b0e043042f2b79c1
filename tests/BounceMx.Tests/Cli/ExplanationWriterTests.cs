using System.Text;
using BounceMx.Cli;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Tests.Rules;

namespace BounceMx.Tests.Cli;

public sealed class ExplanationWriterTests
{
    private static readonly RuleBook Known = RuleFiles.Book(
        RuleFiles.Rule("x.user-unknown", "user unknown", "user_unknown", "550 user unknown"),
        RuleFiles.Rule("x.unknown", "unknown", "on_hold", "550 unknown"),
        """
        [{ "id": "x.unknown-after-data", "text": "unknown", "when": { "command": "DATA MAIL" }, "reason": "filtered",
           "source": { "mta": "X", "reference": "x(8)" }, "examples": ["550 unknown"] }]
        """
    );

    [Fact]
    public void Tells_what_was_found_where_and_what_decided_over_what() =>
        Explain(Sample.Bounce)
            .ShouldBe(
                """
                a.eml
                  message       a bounce: delivery failed
                  subject       Undelivered Mail Returned to Sender
                  written by    mx.sender.test
                  returns       the message "News" 42@sender.test
                  known by      message/delivery-status: bounce

                  user@recipient.test
                    verdict       hard user_unknown: there is no such mailbox
                    advice        remove: stop mailing this recipient
                    recipient     from the report's field Final-Recipient
                    action        failed: given up
                    status        5.1.1, in the diagnostic
                    reply         550, in the diagnostic
                    in answer to  RCPT
                    refused by    mx.recipient.test
                    diagnostic    550 5.1.1 <user@recipient.test>: User unknown
                    decided by    rule x.user-unknown: "User unknown" means user_unknown (Greenhouse: seen on the wire; a.jsonc)
                    over          rule x.unknown: "unknown" means on_hold; its text is shorter
                                  status 5.1.1 in the diagnostic means user_unknown; words tell more than codes


                """
            );

    [Fact]
    public void Ordinary_mail_is_told_to_be_no_report()
    {
        string text = Explain("From: a@b.test\nSubject: Lunch\n\nAt noon?\n");
        text.ShouldContain("message       no report: ordinary mail");
        text.ShouldContain("recipients    none is named");
    }

    [Theory]
    [InlineData(DsnAction.Delayed, 5, " (soft, as delivery is still being tried)")]
    [InlineData(DsnAction.None, 4, " (soft, as a 4xx may pass)")]
    [InlineData(DsnAction.Failed, 5, "")]
    public void What_is_not_as_severe_as_its_reason_says_why(DsnAction action, int @class, string why) =>
        Explain(Status("550 user unknown") with { Action = action, Status = new EnhancedStatusCode(@class, 1, 1) })
            .ShouldContain($"user_unknown: there is no such mailbox{why}\n");

    [Fact]
    public void Terminal_escapes_of_a_mail_are_not_written() =>
        Explain(Status("550 5.1.1 \e[31mred\a user unknown") with { Recipient = "\e]0;title\a@b.test", RemoteMta = "\e[2J" })
            .Where(char.IsControl)
            .ShouldAllBe(c => c == '\n');

    [Fact]
    public void Markup_of_a_mail_is_shown_as_it_stands() =>
        Explain(Status("550 [red]user unknown[/] [[")).ShouldContain("diagnostic    550 [red]user unknown[/] [[");

    [Fact]
    public void A_rule_of_ones_own_is_shown_with_its_file() =>
        Explain(Status("550 user gone to the greenhouse"), RuleFiles.Book(RuleFiles.Rule()))
            .ShouldContain(
                "decided by    rule own.greenhouse: \"gone to the greenhouse\" means has_moved (Greenhouse: seen on the wire; a.jsonc)"
            );

    [Fact]
    public void The_conditions_of_the_rule_that_decided_are_shown() =>
        Explain(Status("550 user unknown") with { Command = "DATA" }).ShouldContain(" means filtered, when command DATA or MAIL (X: x(8)");

    [Fact]
    public void Every_word_of_reports_and_verdicts_has_a_meaning()
    {
        foreach (BounceReason reason in Enum.GetValues<BounceReason>())
            Meanings.Of(reason).ShouldNotBeEmpty();
        foreach (Advice advice in Enum.GetValues<Advice>())
            Meanings.Of(advice).ShouldNotBeEmpty();
        foreach (ReportKind kind in Enum.GetValues<ReportKind>())
            Meanings.Of(kind).ShouldNotBeEmpty();
        foreach (RecipientSource source in Enum.GetValues<RecipientSource>())
            Meanings.Of(source).ShouldNotBeEmpty();
        foreach (DsnAction action in Enum.GetValues<DsnAction>())
            Meanings.Of(action).ShouldNotBeEmpty();
    }

    private static RecipientStatus Status(string diagnostic) =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.Text,
            Action = DsnAction.Failed,
            Diagnostic = diagnostic,
        };

    private static string Explain(string mail) => Explain(ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(mail))), Known);

    private static string Explain(RecipientStatus status, RuleBook? book = null) =>
        Explain(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [status] }, book ?? Known);

    private static string Explain(DeliveryReport report, RuleBook book)
    {
        var text = new StringWriter { NewLine = "\n" };
        using (var writer = new ExplanationWriter(Consoles.Plain(text), new BounceClassifier(book)))
            writer.Write(new Analysis("a.eml", report, []));
        return text.ToString();
    }
}
