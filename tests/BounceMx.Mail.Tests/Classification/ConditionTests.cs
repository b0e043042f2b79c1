using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class ConditionTests
{
    [Theory]
    [InlineData("5.1", 5, 1, 1, true)]
    [InlineData("5.1", 5, 10, 0, false)]
    [InlineData("5.1", 4, 1, 1, false)]
    [InlineData("x.1.1", 4, 1, 1, true)]
    [InlineData("x.1.1", 4, 1, 10, false)]
    [InlineData("4 5.2", 5, 2, 0, true)]
    public void Status_is_compared_by_whole_parts(string condition, int @class, int subject, int detail, bool holds) =>
        Holds("status", condition, r => r with { Status = new EnhancedStatusCode(@class, subject, detail) }).ShouldBe(holds);

    [Theory]
    [InlineData("5", 550, true)]
    [InlineData("55", 550, true)]
    [InlineData("55", 545, false)]
    [InlineData("450 550", 550, true)]
    public void Reply_is_compared_from_the_front(string condition, int reply, bool holds) =>
        Holds("reply", condition, r => r with { Reply = new ReplyCode(reply) }).ShouldBe(holds);

    [Theory]
    [InlineData("RCPT", "RCPT", true)]
    [InlineData("MAIL RCPT", "RCPT", true)]
    [InlineData("DATA", "RCPT", false)]
    public void Command_is_one_of_the_alternatives(string condition, string command, bool holds) =>
        Holds("command", condition, r => r with { Command = command }).ShouldBe(holds);

    [Theory]
    [InlineData("b.test", "b.test", true)]
    [InlineData("b.test", "MX.B.Test.", true)]
    [InlineData("b.test", "mxb.test", false)]
    [InlineData("c.test b.test", "mx.b.test", true)]
    public void A_host_is_or_is_under_the_domain(string condition, string host, bool holds) =>
        Holds("remote_mta", condition, r => r with { RemoteMta = host }).ShouldBe(holds);

    [Fact]
    public void Without_a_remote_host_the_reporting_one_refused() => Holds("remote_mta", "reporter.test", r => r).ShouldBeTrue();

    [Theory]
    [InlineData("status", "5")]
    [InlineData("reply", "5")]
    [InlineData("command", "DATA")]
    [InlineData("remote_mta", "b.test")]
    public void A_condition_does_not_hold_on_what_is_not_known(string key, string condition) =>
        Holds(key, condition, r => r).ShouldBeFalse();

    [Fact]
    public void A_rule_with_a_condition_goes_before_a_longer_one_without()
    {
        BounceClassifier classifier = new(
            Books.Load(Books.Rule("x.long", "user unknown here"), Books.Rule("x.short", "user", "filtered", "\"command\": \"DATA\""))
        );
        Classify(classifier, r => r with { Command = "DATA" }, "user unknown here").RuleId.ShouldBe("x.short");
    }

    [Fact]
    public void The_order_of_files_counts_for_nothing()
    {
        string[] files = [Books.Rule("x.long", "user unknown"), Books.Rule("x.short", "unknown", "filtered")];
        foreach (string[] order in new[] { files, [.. files.Reverse()] })
            Classify(new BounceClassifier(Books.Load(order)), r => r, "user unknown").RuleId.ShouldBe("x.long");
    }

    [Theory]
    [InlineData("account of a is disabled", true)]
    [InlineData("account:disabled", true)]
    [InlineData("disabled account", false)]
    [InlineData("accoundisabled", false)]
    [InlineData("disabled account was disabled", true)]
    public void A_star_is_any_run_and_segments_keep_their_order(string text, bool holds) =>
        (Classify(new BounceClassifier(Books.Load(Books.Rule(text: "account*disabled"))), r => r, text).RuleId == "x.rule").ShouldBe(holds);

    [Fact]
    public void Segments_do_not_overlap() =>
        Classify(new BounceClassifier(Books.Load(Books.Rule(text: "abab*abab"))), r => r, "ababab").RuleId.ShouldBe("none");

    private static bool Holds(string key, string condition, Func<RecipientStatus, RecipientStatus> with)
    {
        BounceClassifier classifier = new(Books.Load(Books.Rule(when: $"\"{key}\": \"{condition}\"")));
        return Classify(classifier, with, "user unknown").RuleId == "x.rule";
    }

    private static Verdict Classify(BounceClassifier classifier, Func<RecipientStatus, RecipientStatus> with, string text)
    {
        RecipientStatus recipient = with(
            new()
            {
                Recipient = "a@b.test",
                RecipientSource = RecipientSource.FinalRecipient,
                Action = DsnAction.Failed,
                Diagnostic = text,
            }
        );
        string? reporter = recipient.RemoteMta is null && text.Length > 0 ? "mx.reporter.test" : null;
        return classifier.Classify(
            new()
            {
                Kind = ReportKind.Bounce,
                Recipients = [recipient],
                ReportingMta = reporter,
            },
            recipient
        );
    }
}
