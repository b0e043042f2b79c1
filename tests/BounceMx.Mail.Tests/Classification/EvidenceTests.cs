using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Classification;

/// <summary>What a verdict quotes, and which of two pieces of evidence goes first where both are there.</summary>
public sealed class EvidenceTests
{
    [Theory]
    [InlineData(ReportKind.Complaint, "feedback report")]
    [InlineData(ReportKind.AutoReply, "automatic reply")]
    [InlineData(ReportKind.Delivered, "delivery report")]
    public void The_kind_of_a_report_is_named(ReportKind kind, string evidence) =>
        Classify(Failed with { Action = DsnAction.None }, kind).Evidence.ShouldBe(evidence);

    [Fact]
    public void A_program_that_failed_in_words_that_no_rule_knows_is_a_mailer_error() =>
        Classify(Failed with { Diagnostic = "exit 77", IsFromProgram = true })
            .ShouldBe(new Verdict(BounceReason.MailerError, Severity.Soft, "program", "x-unix"));

    [Theory]
    [InlineData("no such user here, your server said", "of the sender")]
    [InlineData("no such user here, mailbox full", "beside a quota")]
    [InlineData("no such user here, junk mail", "beside spam")]
    [InlineData("no such user here, malware", "beside a virus")]
    [InlineData("no such user here, message size", "beside a size")]
    public void What_turned_the_words_is_named(string text, string about) =>
        Judge(text, Books.Rule(text: "no such user")).Evidence.ShouldBe($"no such user ({about})");

    [Theory]
    [InlineData(198, "", 200)]
    [InlineData(199, "", 200)]
    [InlineData(199, "\ud83d\udceb", 199)]
    [InlineData(198, "\ud83d\udceb", 200)]
    public void A_quote_is_cut_at_200_characters_but_not_within_one(int octets, string sign, int length)
    {
        string text = "ab " + new string('x', octets - 3) + sign + new string('x', 50) + " yz";
        string quote = Judge(text, Books.Rule(text: "ab*yz", reason: "filtered")).Evidence;

        quote.ShouldBe(text[..length]);
    }

    [Fact]
    public void The_quote_leaves_room_for_what_turned_the_words()
    {
        string quote = Judge("ab " + new string('x', 250) + " yz your server", Books.Rule(text: "ab*yz")).Evidence;

        quote.Length.ShouldBe(200);
        quote.ShouldEndWith("x (of the sender)");
    }

    [Theory]
    [InlineData(5, 450, Severity.Hard)]
    [InlineData(4, 550, Severity.Soft)]
    public void Whether_a_failure_may_pass_is_told_by_the_status_rather_than_by_the_reply(int @class, int reply, Severity severity) =>
        Classify(Failed with { Status = new EnhancedStatusCode(@class, 1, 2), Reply = new ReplyCode(reply) }).Severity.ShouldBe(severity);

    [Theory]
    [InlineData(450, Severity.Soft)]
    [InlineData(550, Severity.Hard)]
    public void Where_the_status_is_missing_the_reply_tells_it(int reply, Severity severity) =>
        new BounceClassifier(Books.Load(Books.Rule(text: "no such host", reason: "host_unknown")))
            .Classify(
                new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [] },
                Failed with
                {
                    Diagnostic = "no such host",
                    Reply = new ReplyCode(reply),
                }
            )
            .Severity.ShouldBe(severity);

    [Fact]
    public void A_rule_asks_the_host_that_refused_before_the_one_that_reports()
    {
        BounceClassifier classifier = new(Books.Load(Books.Rule(when: "\"remote_mta\": \"b.test\"")));
        RecipientStatus recipient = Failed with { Diagnostic = "user unknown", RemoteMta = "mx.b.test" };
        DeliveryReport report = new()
        {
            Kind = ReportKind.Bounce,
            Recipients = [recipient],
            ReportingMta = "mx.c.test",
        };

        classifier.Classify(report, recipient).RuleId.ShouldBe("x.rule");
        classifier.Classify(report with { ReportingMta = "mx.b.test" }, recipient with { RemoteMta = "mx.c.test" }).RuleId.ShouldBe("none");
    }

    [Theory]
    [InlineData("5", 5, 0, 0, true)]
    [InlineData("5", 5, 2, 2, true)]
    [InlineData("5.0", 5, 0, 0, true)]
    [InlineData("5.0", 5, 1, 0, false)]
    [InlineData("5.1.0", 5, 1, 0, true)]
    [InlineData("5.1.0", 5, 1, 1, false)]
    [InlineData("5.1", 5, 1, 3, true)]
    public void A_stated_part_of_a_status_is_compared_even_if_it_is_zero(string condition, int @class, int subject, int detail, bool holds)
    {
        StatusPrefix.TryParse(condition, out StatusPrefix prefix).ShouldBeTrue();
        prefix.Holds(new EnhancedStatusCode(@class, subject, detail)).ShouldBe(holds);
    }

    [Fact]
    public void A_book_may_hold_any_number_of_texts_with_gaps()
    {
        string[] files = [.. Enumerable.Range(100, 300).Select(i => Books.Rule($"x.r{i}", $"w{i}*gone"))];
        foreach (int i in new[] { 100, 256, 399 })
            Judge($"w{i} is gone", files).RuleId.ShouldBe($"x.r{i}");
    }

    [Fact]
    public void A_segment_of_many_alternatives_goes_on_behind_them()
    {
        string rule = Books.Rule(text: "{" + string.Join('|', Enumerable.Range(1000, 300)) + "} gone");
        Judge("1000 gone", rule).RuleId.ShouldBe("x.rule");
        Judge("1000 here", rule).RuleId.ShouldBe("none");
    }

    [Fact]
    public void A_rule_that_lost_is_quoted_where_it_is_longest() =>
        Explain(
            "user unknown here, user",
            Books.Rule("x.won", "user unknown here"),
            Books.Rule("x.lost", "{user|user unknown}", "filtered")
        )
            .Candidates.Single(candidate => candidate.RuleId == "x.lost")
            .Evidence.ShouldBe("user unknown");

    [Fact]
    public void Rules_that_lost_stand_by_the_length_of_what_they_found() =>
        Explain(
            "user unknown here",
            Books.Rule("x.won", "user unknown here", "filtered"),
            Books.Rule("x.a", "user", "filtered"),
            Books.Rule("x.b", "user unknown", "filtered"),
            Books.Rule("x.c", "unknown", "filtered")
        )
            .Candidates.Take(4)
            .Select(candidate => candidate.RuleId)
            .ShouldBe(["x.won", "x.b", "x.c", "x.a"]);

    [Fact]
    public void A_condition_that_lost_to_more_conditions_says_so() =>
        Explain(
            "user unknown",
            Books.Rule("x.two", "user", "filtered", "\"reply\": \"550\", \"status\": \"5\""),
            Books.Rule("x.one", "user unknown", "filtered", "\"reply\": \"550\""),
            Books.Rule("x.both", "use*", "filtered", "\"reply\": \"550\", \"status\": \"5\"")
        )
            .Candidates.Take(3)
            .Select(candidate => $"{candidate.RuleId} {candidate.Loss}")
            .ShouldBe(["x.two None", "x.both ShorterText", "x.one FewerConditions"]);

    [Theory]
    [InlineData("\u0080x")]
    [InlineData("\u007fx")]
    public void Words_are_found_on_both_sides_of_the_end_of_ASCII(string word)
    {
        AhoCorasick.Hits hits = new AhoCorasick([word]).Find("a" + word);
        hits.MoveNext().ShouldBeTrue();
        hits.Current.Start.ShouldBe(1);
    }

    private static RecipientStatus Failed =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
        };

    private static Verdict Classify(RecipientStatus recipient, ReportKind kind = ReportKind.Bounce) =>
        new BounceClassifier(RuleBook.Default).Classify(new DeliveryReport { Kind = kind, Recipients = [recipient] }, recipient);

    private static Verdict Judge(string text, params string[] rules) => Explain(text, rules).Verdict;

    private static Explanation Explain(string text, params string[] rules)
    {
        RecipientStatus recipient = Failed with { Diagnostic = text, Reply = new ReplyCode(550), Status = new EnhancedStatusCode(5, 0, 0) };
        return new BounceClassifier(Books.Load(rules)).Explain(
            new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] },
            recipient
        );
    }
}
