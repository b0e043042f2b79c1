using System.Text;
using System.Text.RegularExpressions;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Mail.Tests.Reports;

namespace BounceMx.Mail.Tests.Documentation;

/// <summary>What docs/reading.md says is so.</summary>
public sealed partial class ReadingPageTests
{
    private static readonly string _page = File.ReadAllText(Path.Combine(TestFolders.Root, "docs", "reading.md")).ReplaceLineEndings("\n");

    [Fact]
    public void Lists_every_reason_with_its_severity_and_advice() =>
        Rows("## Reasons")
            .Select(cells => (cells[0], cells[1], cells[2]))
            .ShouldBe(
                BounceReasons.All.Select(reason =>
                {
                    Severity severity = reason.DefaultSeverity();
                    return (Code(reason.ToWire()), Code(severity.ToWire()), Code(new Verdict(reason, severity, "", "").Advice.ToWire()));
                })
            );

    [Fact]
    public void Says_what_each_reason_means() => Rows("## Reasons").ShouldAllBe(cells => cells[3].Length > 0);

    [Fact]
    public void Lists_every_kind() =>
        Rows("| kind | is |").SelectMany(cells => Words(cells[0])).ShouldBe(Members<ReportKind>(), ignoreOrder: true);

    [Fact]
    public void Lists_every_source_of_a_recipient() =>
        Rows("| `recipient_source` | from |").SelectMany(cells => Words(cells[0])).ShouldBe(Members<RecipientSource>(), ignoreOrder: true);

    [Fact]
    public void The_explanation_that_it_shows_names_the_rule_that_decides()
    {
        byte[] sample = File.ReadAllBytes(Path.Combine(TestFolders.Samples, "postfix", "alias-expansion.eml"));
        DeliveryReport report = ReportReader.Read(MimeReader.Read(sample));

        string rule = new BounceClassifier(RuleBook.Default).Classify(report, report.Recipients.ShouldHaveSingleItem()).RuleId;

        _page.ShouldContain($"decided by    rule {rule}:");
    }

    [Fact]
    public void The_rule_that_it_shows_decides_as_it_says()
    {
        RuleBook book = RuleBook.Default.Overlay([("kranich.jsonc", new MemoryStream(Encoding.UTF8.GetBytes(Block("jsonc"))))]);
        BounceRule rule = book.Rules.Except(RuleBook.Default.Rules).ShouldHaveSingleItem();

        RuleCheck.Faults(book, rule).ShouldBeEmpty();
        Verdict(RuleBook.Default).Reason.ShouldBe(BounceReason.PolicyViolation);
        Verdict(book)
            .ShouldSatisfyAllConditions(
                verdict => verdict.Reason.ShouldBe(BounceReason.Suspend),
                verdict => verdict.RuleId.ShouldBe(rule.Id)
            );

        Verdict Verdict(RuleBook rules) =>
            new BounceClassifier(rules).Classify(
                new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [] },
                new RecipientStatus
                {
                    Recipient = "a@kranich.example",
                    RecipientSource = RecipientSource.FinalRecipient,
                    Action = DsnAction.Failed,
                    Status = new EnhancedStatusCode(5, 7, 1),
                    Reply = new ReplyCode(554),
                    Diagnostic = Block("text").Trim(),
                    RemoteMta = "mx1.kranich.example",
                }
            );
    }

    [Fact]
    public void Each_sample_that_it_names_exists() =>
        Samples().ShouldAllBe(sample => File.Exists(Path.Combine(TestFolders.Samples, sample + ".eml")));

    [Fact]
    public void Each_folder_of_samples_is_named() =>
        Directory
            .EnumerateDirectories(TestFolders.Samples)
            .Select(Path.GetFileName)
            .Except(Samples().Select(Path.GetDirectoryName))
            .ShouldBeEmpty();

    [Fact]
    public void The_golden_file_that_it_shows_is_that_of_a_sample() =>
        Block("json")
            .Trim()
            .ShouldBe(
                File.ReadAllText(Path.Combine(TestFolders.Samples, "postfix", "mailbox-full.golden.json")).ReplaceLineEndings("\n").Trim()
            );

    /// <summary>What stands in backticks and begins like a folder of samples, such as <c>postfix/failed</c>, from the tables of MTAs on.</summary>
    private static IEnumerable<string> Samples() =>
        Words(_page[_page.IndexOf("## MTAs and providers", StringComparison.Ordinal)..])
            .Where(word => word.Contains('/', StringComparison.Ordinal) && !word.Contains('<', StringComparison.Ordinal));

    /// <summary>The rows of the first table at or behind some words.</summary>
    private static IEnumerable<string[]> Rows(string words) =>
        _page[_page.IndexOf(words, StringComparison.Ordinal)..]
            .Split('\n')
            .SkipWhile(line => !line.StartsWith('|'))
            .TakeWhile(line => line.StartsWith('|'))
            .Skip(2)
            .Select(line => Array.ConvertAll(line.Trim('|').Split('|'), cell => cell.Trim()));

    /// <summary>The first fenced block of a language.</summary>
    private static string Block(string language)
    {
        string[] blocks = _page.Split("```");
        return Enumerable
            .Range(0, blocks.Length)
            .Where(i => i % 2 == 1)
            .Select(i => blocks[i])
            .First(block => block.StartsWith(language + "\n", StringComparison.Ordinal))[(language.Length + 1)..];
    }

    private static IEnumerable<string> Words(string text) => InBackticks().Matches(text).Select(match => match.Groups["word"].Value);

    private static IEnumerable<string> Members<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private static string Code(string word) => $"`{word}`";

    [GeneratedRegex("`(?<word>[^`\n]+)`", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InBackticks();
}
