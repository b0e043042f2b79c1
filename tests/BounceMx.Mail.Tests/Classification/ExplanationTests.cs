using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using FsCheck;
using FsCheck.Fluent;

namespace BounceMx.Mail.Tests.Classification;

public sealed class ExplanationTests
{
    private static readonly BounceClassifier Classifier = new(RuleBook.Default);

    [Fact]
    public void Shows_all_that_held_in_the_order_of_weight() =>
        Explain(
                new BounceClassifier(Books.Load(Books.Rule())),
                Recipient("550 5.2.2 user unknown") with
                {
                    Status = new EnhancedStatusCode(5, 7, 509),
                    Reply = new ReplyCode(552),
                    Action = DsnAction.Delayed,
                }
            )
            .ShouldBe([
                new(EvidenceSource.Rule, "x.rule", BounceReason.Filtered, "user unknown (to DATA)"),
                new(EvidenceSource.WrittenStatus, "status", BounceReason.MailboxFull, "5.2.2", CandidateLoss.LessTelling),
                new(EvidenceSource.Status, "status", BounceReason.AuthFailure, "5.7.509", CandidateLoss.LessTelling),
                new(EvidenceSource.Delay, "action", BounceReason.Expired, "delayed", CandidateLoss.LessTelling),
                new(EvidenceSource.Reply, "reply", BounceReason.EmailTooLarge, "552", CandidateLoss.LessTelling),
            ]);

    [Fact]
    public void A_rule_with_fewer_conditions_loses_for_that() =>
        Losses(
                "user unknown here",
                Books.Rule("x.long", "user unknown here"),
                Books.Rule("x.short", "user", "filtered", "\"command\": \"DATA\"")
            )
            .ShouldBe(["x.short None", "x.long FewerConditions"]);

    [Fact]
    public void A_rule_with_less_text_loses_for_that() =>
        Losses("user unknown", Books.Rule("x.long", "user unknown"), Books.Rule("x.short", "unknown"), Books.Rule("x.middle", "user un*"))
            .ShouldBe(["x.long None", "x.middle ShorterText", "x.short ShorterText"]);

    [Fact]
    public void A_tie_is_shown_as_one() =>
        Losses("user unknown here", Books.Rule("x.one", "user unknown"), Books.Rule("x.two", "unknown here"))
            .ShouldBe(["x.one None", "x.two Tied"]);

    [Fact]
    public void Words_that_say_only_that_time_ran_out_leave_it_to_the_cause() =>
        Losses(
                "over quota: retry timeout exceeded",
                Books.Rule("x.late", "retry timeout exceeded", "expired"),
                Books.Rule("x.full", "over quota", "mailbox_full")
            )
            .ShouldBe(["x.full None", "x.late GivesUp"]);

    [Theory]
    [InlineData("connection refused: retry timeout exceeded", "connection refused", "network_error")]
    [InlineData("user unknown: retry timeout exceeded", "user unknown", "user_unknown")]
    [InlineData("retry timeout exceeded", "timeout", "rate_limited")]
    public void They_decide_beside_the_way_there_a_hard_reason_or_a_part_of_themselves(string text, string words, string reason) =>
        Losses(text, Books.Rule("x.late", "retry timeout exceeded", "expired"), Books.Rule("x.other", words, reason))
            .ShouldBe(["x.late None", "x.other ShorterText"]);

    [Fact]
    public void A_rule_whose_words_stand_twice_is_shown_once() =>
        Losses("user unknown, user unknown", Books.Rule("x.long", "user unknown"), Books.Rule("x.short", "unknown"))
            .ShouldBe(["x.long None", "x.short ShorterText"]);

    [Fact]
    public void A_rule_whose_condition_does_not_hold_is_not_shown() =>
        Losses("user unknown", Books.Rule("x.long", "user unknown"), Books.Rule("x.other", "unknown", when: "\"command\": \"MAIL\""))
            .ShouldBe(["x.long None"]);

    [Fact]
    public void The_words_of_a_rule_with_a_star_are_quoted_from_first_to_last() =>
        Explain(
                new BounceClassifier(Books.Load(Books.Rule("x.long", "user unknown"), Books.Rule("x.star", "user*here"))),
                Recipient("a user unknown here")
            )
            .ShouldContain(candidate => candidate.RuleId == "x.star" && candidate.Evidence == "user unknown here (to DATA)");

    [Fact]
    public void Words_that_did_not_count_are_shown_beside_what_did()
    {
        RecipientStatus recipient = Recipient("user unknown") with { Action = DsnAction.Delivered };
        Explain(new BounceClassifier(Books.Load(Books.Rule())), recipient)
            .Select(candidate => $"{candidate.Source} {candidate.Loss}")
            .ShouldBe(["PassedOn None", "Rule LessTelling"]);
    }

    [Fact]
    public void Where_nothing_holds_that_is_the_one_candidate() =>
        Explain(Classifier, Recipient("no")).ShouldBe([new(EvidenceSource.None, "none", BounceReason.Undefined, "")]);

    [Fact]
    public void The_first_candidate_is_what_the_classifier_decides_by() =>
        Prop.ForAll<int, NonNegativeInt, NonNegativeInt>(
                (rule, codes, words) =>
                {
                    IReadOnlyList<BounceRule> rules = RuleBook.Default.Rules;
                    RecipientStatus recipient = Recipient(string.Join(' ', rules[Among(rule, rules.Count)].Examples)) with
                    {
                        Status = new EnhancedStatusCode(5, Among(codes.Get, 8), Among(codes.Get / 8, 3)),
                        Reply = new ReplyCode(421 + Among(codes.Get * 7, 140)),
                        Action = (DsnAction)Among(words.Get, 6),
                    };
                    var report = new DeliveryReport { Kind = (ReportKind)Among(words.Get / 6, 6), Recipients = [recipient] };
                    Verdict verdict = Classifier.Classify(report, recipient);
                    Explanation explanation = Classifier.Explain(report, recipient);
                    Candidate first = explanation.Candidates[0];
                    return explanation.Verdict == verdict
                        && (first.Reason, first.RuleId, first.Evidence, first.Loss)
                            == (verdict.Reason, verdict.RuleId, verdict.Evidence, CandidateLoss.None)
                        && explanation.Candidates.Skip(1).All(candidate => candidate.Loss != CandidateLoss.None);
                }
            )
            .QuickCheckThrowOnFailure();

    private static int Among(int number, int count) => (int)((uint)number % count);

    private static IEnumerable<string> Losses(string text, params string[] rules) =>
        Explain(new BounceClassifier(Books.Load(rules)), Recipient(text)).Select(candidate => $"{candidate.RuleId} {candidate.Loss}");

    private static IReadOnlyList<Candidate> Explain(BounceClassifier classifier, RecipientStatus recipient) =>
        classifier.Explain(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient).Candidates;

    private static RecipientStatus Recipient(string text) =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
            Diagnostic = text,
            Command = "DATA",
        };
}
