using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Mail.Tests.Reports;

namespace BounceMx.Mail.Tests.Classification;

public sealed class TieTests
{
    [Theory]
    [InlineData("user_unknown", "filtered")]
    [InlineData("filtered", "user_unknown")]
    public void Of_two_rules_that_tie_the_less_final_decides(string first, string second)
    {
        RuleBook book = Books.Load(Books.Rule("x.one", "user unknown", first), Books.Rule("x.two", "unknown here", second));
        Explain(book, "user unknown here").Candidates[0].Reason.ShouldBe(BounceReason.Filtered);
    }

    [Fact]
    public void Of_two_rules_of_one_reason_the_first_id_decides() =>
        Explain(Books.Load(Books.Rule("x.b", "user unknown"), Books.Rule("x.a", "unknown here")), "user unknown here")
            .Candidates[0]
            .RuleId.ShouldBe("x.a");

    [Fact]
    public void No_example_of_the_book_is_a_tie()
    {
        string[] ties =
        [
            .. from rule in RuleBook.Default.Rules
            from text in rule.Examples.Concat(rule.NearMisses)
            from tie in Ties(Explain(RuleBook.Default, text))
            select $"{text}: {tie}",
        ];
        ties.ShouldBeEmpty();
    }

    [Fact]
    public void No_recipient_of_a_sample_is_a_tie_that_matters()
    {
        BounceClassifier classifier = new(RuleBook.Default);
        string[] files = [.. TestFolders.SampleFiles()];
        files.Length.ShouldBeGreaterThan(100);
        string[] ties =
        [
            .. from file in files
            let report = ReportReader.Read(MimeReader.Read(File.ReadAllBytes(file)))
            from recipient in report.Recipients
            from tie in Ties(classifier.Explain(report, recipient))
            select $"{Path.GetFileName(file)}, {recipient.Recipient}: {tie}",
        ];
        ties.ShouldBeEmpty();
    }

    /// <summary>The rules that tie with the one that decided and mean something else.</summary>
    private static IEnumerable<string> Ties(Explanation explanation) =>
        from candidate in explanation.Candidates
        where candidate.Loss == CandidateLoss.Tied && candidate.Reason != explanation.Verdict.Reason
        select $"{explanation.Verdict.RuleId} and {candidate.RuleId}";

    private static Explanation Explain(RuleBook book, string diagnostic)
    {
        RecipientStatus recipient = new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.FinalRecipient,
            Diagnostic = diagnostic,
        };
        return new BounceClassifier(book).Explain(new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient);
    }
}
