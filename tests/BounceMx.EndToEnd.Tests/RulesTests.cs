using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>Rules of one's own, in the server and on the command line.</summary>
public sealed class RulesTests : IDisposable
{
    /// <summary>Another meaning for the words of <see cref="SampleMail.UserUnknown"/>, from the host that reports them there.</summary>
    private const string Moved = """
        [
          { "id": "own.moved",
            "text": "user unknown in virtual mailbox table",
            "when": { "reporting_mta": "mx.sender.example" },
            "reason": "has_moved", // they have all moved
            "source": { "mta": "Postfix", "reference": "virtual_mailbox_maps" },
            "examples": ["550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in virtual mailbox table"] },
        ]
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_rule_that_is_dropped_into_the_folder_counts_without_a_restart()
    {
        await using var server = await StartAsync();
        var before = await ReasonAsync(server, "before@recipient.example");

        _folder.Write("own.jsonc", Moved);
        (await server.LoggedAsync("Rules in use")).ShouldContain(_folder.Path);

        (before, await ReasonAsync(server, "after@recipient.example")).ShouldBe(("user_unknown", "has_moved"));
    }

    [Fact]
    public async Task A_bad_file_changes_nothing_and_the_log_names_file_rule_and_key()
    {
        _folder.Write("own.jsonc", Moved);
        await using var server = await StartAsync();

        var file = _folder.Write("own.jsonc", Moved.Replace("has_moved", "gone_away", StringComparison.Ordinal));

        var line = JsonNode.Parse(await server.LoggedAsync("stay in use"))!;
        ((string?)line["LogLevel"]).ShouldBe("Error");
        ((string?)line["Message"]).ShouldBe(
            $"{file}: rule 'own.moved': reason: 'gone_away' is none of the known words; the rules loaded before stay in use"
        );
        (await ReasonAsync(server, "kept@recipient.example")).ShouldBe("has_moved");
    }

    [Fact]
    public async Task A_bad_file_at_the_start_ends_the_program_and_config_check_tells_it_too()
    {
        var file = _folder.Write("own.jsonc", Moved.Replace("\"text\"", "\"txt\"", StringComparison.Ordinal));

        var (exitCode, serve) = await BounceMxProcess.RunAsync(["serve"], Setting);
        var (_, check) = await BounceMxProcess.RunAsync(["config", "check"], Setting);

        exitCode.ShouldBe(2);
        serve
            .StandardError.All.ShouldHaveSingleItem()
            .ShouldBe($"bouncemx: Classification:RulesFolder cannot be used: {file}: rule 'own.moved': txt: no such key");
        check.StandardError.All.ShouldBe(serve.StandardError.All);
    }

    [Fact]
    public async Task A_folder_that_is_named_and_not_there_is_a_fault()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(
            ["config", "check"],
            new Dictionary<string, string> { ["Classification__RulesFolder"] = "/nowhere/rules" }
        );

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("/nowhere/rules");
    }

    [Theory]
    [InlineData("--rules", "rules")]
    [InlineData("--config", "bouncemx.json")]
    public async Task Analyze_judges_by_the_rules_of_a_folder_that_is_named_or_stands_beside_the_configuration(string option, string path)
    {
        _folder.Write("bouncemx.json", "{}");
        _folder.Write("rules/own.jsonc", Moved);

        (await AnalyzeAsync(null, option, _folder.File(path))).ShouldBe("has_moved");
    }

    [Fact]
    public async Task Analyze_judges_by_the_configured_rules()
    {
        _folder.Write("own.jsonc", Moved);

        (await AnalyzeAsync(Setting)).ShouldBe("has_moved");
    }

    [Fact]
    public async Task Rules_check_names_file_rule_and_example()
    {
        var file = _folder.Write(
            "own.jsonc",
            Moved
                .Replace("550 5.1.1", "550 5.1.1 user unknown here too:", StringComparison.Ordinal)
                .Replace("in virtual mailbox table\"]", "\"]", StringComparison.Ordinal)
        );

        var (exitCode, process) = await BounceMxProcess.RunAsync(["rules", "check", file]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldStartWith($"bouncemx: {file}: own.moved: example \"");
    }

    [Fact]
    public async Task Rules_check_passes_good_rules_and_tells_what_they_overrule()
    {
        _folder.Write(
            "own.jsonc",
            """
            [{ "id": "own.gone", "text": "user unknown", "when": { "reply": "5" }, "reason": "has_moved",
               "source": { "mta": "many", "reference": "seen on the wire" }, "examples": ["550 user unknown"] }]
            """
        );

        var (exitCode, process) = await BounceMxProcess.RunAsync(["rules", "check", _folder.Path]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        process.StandardOutput.All.ShouldContain(line =>
            line.StartsWith("note: ", StringComparison.Ordinal) && line.EndsWith("won by own.gone", StringComparison.Ordinal)
        );
        process.StandardOutput.All[^1].ShouldMatch(@"^\d+ rules, 1 of your own: all examples hold\.$");
    }

    [Fact]
    public async Task Rules_check_passes_the_rules_that_are_built_in()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["rules", "check"]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
    }

    [Fact]
    public async Task Rules_list_shows_the_rules_of_a_reason()
    {
        _folder.Write("own.jsonc", Moved);

        var (exitCode, process) = await BounceMxProcess.RunAsync([
            "rules",
            "list",
            "--json",
            "--reason",
            "has_moved",
            "--rules",
            _folder.Path,
        ]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        JsonNode[] rules = [.. process.StandardOutput.All.Select(line => JsonNode.Parse(line)!)];
        rules.ShouldAllBe(rule => (string?)rule["reason"] == "has_moved");
        rules.ShouldContain(rule => (string?)rule["id"] == "own.moved" && (string?)rule["file"] == _folder.File("own.jsonc"));
    }

    [Fact]
    public async Task What_rules_list_prints_is_a_file_of_rules_but_for_the_name_of_the_file()
    {
        _folder.Write("own.jsonc", Moved);
        var (_, list) = await BounceMxProcess.RunAsync(["rules", "list", "--json", "--reason", "has_moved", "--rules", _folder.Path]);
        var rules = new JsonArray();
        foreach (var line in list.StandardOutput.All)
        {
            var rule = JsonNode.Parse(line)!.AsObject();
            rule.Remove("file");
            rules.Add(rule);
        }

        var copy = _folder.Write("copy.jsonc", rules.ToJsonString());
        var (exitCode, check) = await BounceMxProcess.RunAsync(["rules", "check", copy]);

        exitCode.ShouldBe(0, $"{check.StandardError}");
    }

    [Fact]
    public async Task A_reason_that_is_none_is_told()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["rules", "list", "--reason", "gone"]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("user_unknown");
    }

    [Fact]
    public async Task Rules_explain_says_what_decides_about_a_diagnostic()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync([
            "rules",
            "explain",
            "--text",
            "550 5.1.1 <a@b.example>: User unknown in virtual mailbox table (in reply to RCPT TO command)",
        ]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        var text = process.StandardOutput.ToString();
        text.ShouldContain("hard user_unknown");
        text.ShouldContain("in answer to  RCPT");
        text.ShouldContain("status 5.1.1 in the diagnostic means user_unknown; words tell more than codes");
    }

    [Theory]
    [InlineData("rules", "explain")]
    [InlineData("analyze", "--explain")]
    public async Task A_message_is_explained_recipient_by_recipient(string verb, string word)
    {
        var (exitCode, process) = await ChildProcess.RunAsync(
            BounceMxProcess.Program,
            [verb, word, "-"],
            workingDirectory: _folder.Path,
            standardInput: SampleMail.UserUnknown("one@recipient.example")
        );

        exitCode.ShouldBe(0, $"{process.StandardError}");
        var text = process.StandardOutput.ToString();
        text.ShouldContain("  one@recipient.example");
        text.ShouldContain("decided by    rule ");
        text.ShouldContain("over          ");
        text.ShouldContain("status 5.1.1 in the diagnostic means user_unknown; words tell more than codes");
        text.ShouldNotContain('\e');
    }

    [Theory]
    [InlineData("rules", "explain")]
    [InlineData("rules", "explain", "-", "--text", "550 no")]
    [InlineData("analyze", "-", "--json", "--explain")]
    public async Task What_contradicts_itself_is_refused(params string[] arguments)
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(arguments);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("one of the two");
    }

    private IReadOnlyDictionary<string, string> Setting =>
        new Dictionary<string, string> { ["Classification__RulesFolder"] = _folder.Path };

    private Task<BounceMxProcess> StartAsync() => BounceMxProcess.StartAsync(new ServerSetup { Environment = Setting });

    private static async Task<string?> ReasonAsync(BounceMxProcess server, string recipient)
    {
        var bounceAddress = BounceAddress.Of(recipient);
        await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown(recipient));
        return (string?)(await server.JournalledAsync(bounceAddress))["reason"];
    }

    private static async Task<string?> AnalyzeAsync(IReadOnlyDictionary<string, string>? environment, params string[] options)
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("one.eml", SampleMail.UserUnknown("one@recipient.example"));
        var (exitCode, process) = await BounceMxProcess.RunAsync(["analyze", file, "--json", .. options], environment);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        return (string?)JsonNode.Parse(process.StandardOutput.All.ShouldHaveSingleItem())!["recipients"]![0]!["reason"];
    }
}
