using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using BounceMx.Hosting;
using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using BounceMx.Rules;

namespace BounceMx.Tests;

/// <summary>The papers that say where something is tested name tests that are there.</summary>
public sealed partial class DocumentTests
{
    private static readonly string[] Documents = ["docs/smtp.md", "SECURITY.md"];

    private static readonly string Root = FindRoot();

    // Files of tests, such as /BounceMx.Smtp.Tests/Server/TlsTests, by the last of their names.
    private static readonly ILookup<string, string> Tests = Directory
        .GetDirectories(Path.Combine(Root, "tests"), "BounceMx.*")
        .SelectMany(project =>
            Directory
                .GetFiles(project, "*.cs", SearchOption.AllDirectories)
                .Select(file => (Project: Path.GetFileName(project), File: Path.GetRelativePath(project, file)[..^3].Replace('\\', '/')))
        )
        .ToLookup(test => test.File[(test.File.LastIndexOf('/') + 1)..], test => $"/{test.Project}/{test.File}", StringComparer.Ordinal);

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (string document in Documents)
            foreach (string name in TestName().Matches(File.ReadAllText(Path.Combine(Root, document))).Select(m => m.Value).Distinct())
                names.Add(document, name);
            return names;
        }
    }

    public static TheoryData<string, string> Rules
    {
        get
        {
            var rules = new TheoryData<string, string>();
            foreach (string document in Directory.GetFiles(Path.Combine(Root, "docs"), "*.md").Append(Path.Combine(Root, "README.md")))
            foreach (string block in RuleBlock().Matches(File.ReadAllText(document)).Select(m => m.Groups["rules"].Value))
                rules.Add(Path.GetFileName(document), block);
            return rules;
        }
    }

    [Fact]
    public void The_documents_name_tests() => Names.Count.ShouldBeGreaterThan(60);

    [Theory]
    [MemberData(nameof(Names))]
    public void A_test_that_a_document_names_is_one_that_is_there(string document, string name)
    {
        string file = name[(name.LastIndexOf('/') + 1)..];

        Tests[file].Where(path => path.EndsWith($"/{name}", StringComparison.Ordinal)).ShouldHaveSingleItem($"{name} in {document}");
    }

    [Fact]
    public void Every_setting_of_SMTP_and_TLS_stands_in_its_table()
    {
        string settings = File.ReadAllText(Path.Combine(Root, "docs/smtp.md")).Split("\n## Settings\n")[1].Split("\n## ")[0];

        Settings
            .All.Select(setting => setting.Key)
            .Where(key => key.StartsWith("Smtp:", StringComparison.Ordinal) || key.StartsWith("Tls:", StringComparison.Ordinal))
            .Select(key => key.Replace("Smtp:", "", StringComparison.Ordinal))
            .ShouldAllBe(key => settings.Contains($"`{key}`"));
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void Rules_that_a_document_shows_are_good_and_overrule_nothing(string document, string rules)
    {
        RuleBook book = RuleOverlay.Load([new RuleFile(document, Encoding.UTF8.GetBytes(rules))]);

        RuleOverlay.Own(book.Rules).ShouldNotBeEmpty();
        RuleOverlay.Overruled(book).ShouldBeEmpty();
    }

    [Fact]
    public void The_advice_of_each_reason_is_the_one_that_the_document_says()
    {
        string advice = File.ReadAllText(Path.Combine(Root, "docs/events.md")).Split("\n## Advice\n")[1].Split("\n## ")[0];
        Dictionary<string, string> rows = advice
            .Split('\n')
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .ToDictionary(cells => cells[1].Trim(' ', '`'), cells => cells[3], StringComparer.Ordinal);

        rows.Keys.ShouldBe(Enum.GetValues<Advice>().Select(word => word.ToWire()), ignoreOrder: true);
        foreach (BounceReason reason in BounceReasons.All.Where(reason => reason.DefaultSeverity() != Severity.Hard))
            rows[reason.AdviceUnlessHard().ToWire()].ShouldContain($"`{reason.ToWire()}`");
    }

    [Fact]
    public void Every_field_of_an_event_stands_in_its_document()
    {
        string document = File.ReadAllText(Path.Combine(Root, "docs/events.md"));

        typeof(BounceEvent)
            .GetProperties()
            .Select(property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name))
            .ShouldAllBe(field => document.Contains($"`{field}`"));
    }

    [Fact]
    public void What_the_door_does_and_counts_stands_in_its_document()
    {
        string door = File.ReadAllText(Path.Combine(Root, "docs/verp.md")).Split("## At the door\n")[1].Split("\n## ")[0];

        Enum.GetNames<VerpResult>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).ShouldAllBe(result => door.Contains($"`{result}`"));
        typeof(DoorSettings).GetProperties().ShouldAllBe(setting => door.Contains($"`Verp:{setting.Name}`"));
    }

    [Fact]
    public void Every_setting_of_VERP_stands_in_the_configuration_that_is_shipped()
    {
        string configuration = File.ReadAllText(Path.Combine(Root, "config/bouncemx.json"));

        Settings
            .Of("Verp")
            .Select(setting => setting.Key.Replace("Verp:", "", StringComparison.Ordinal))
            .ShouldAllBe(name => configuration.Contains($"\"{name}\": "));
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("BounceMx.sln");
    }

    // `Server/TlsTests`, or Rows.Session; a project may stand before: `BounceMx.Smtp.Tests/ReplyTests`.
    [GeneratedRegex(@"(?<=`)(?:[\w.]+/)*\w+Tests(?=`)|\bRows\.[A-Z]\w+", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestName();

    // A block of code that is an array of rules.
    [GeneratedRegex(@"```jsonc\n(?<rules>\[\n[^`]*""examples""[^`]*)```", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex RuleBlock();
}
