using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>The verbs beside <c>serve</c>, as a program would call them.</summary>
public sealed class CommandLineTests
{
    [Fact]
    public async Task Analyze_prints_a_line_a_message()
    {
        using var folder = new TemporaryFolder();
        folder.Write("one.eml", SampleMail.UserUnknown("one@recipient.example"));
        folder.Write("deeper/two", SampleMail.MailboxFull("two@recipient.example"));
        folder.Write("deeper/three", SampleMail.Ordinary("Lunch"));

        var messages = await AnalyzeAsync(folder.Path);

        messages
            .Select(message => ((string?)message["kind"], (string?)message["recipients"]!.AsArray().FirstOrDefault()?["reason"]))
            .ShouldBe([("bounce", "user_unknown"), ("bounce", "mailbox_full"), ("other", null)], ignoreOrder: true);
    }

    [Fact]
    public async Task Analyze_says_what_it_read_of_a_recipient()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("one.eml", SampleMail.UserUnknown("one@recipient.example"));

        var message = (await AnalyzeAsync(file)).ShouldHaveSingleItem();

        ((string?)message["file"]).ShouldBe(file);
        var recipient = message["recipients"]!.AsArray().ShouldHaveSingleItem().ShouldNotBeNull();
        ((string?)recipient["recipient"]).ShouldBe("one@recipient.example");
        ((string?)recipient["action"]).ShouldBe("failed");
        ((string?)recipient["status"]).ShouldBe("5.1.1");
        $"{recipient["reply"]}".ShouldBe("550");
        ((string?)recipient["severity"]).ShouldBe("hard");
        ((string?)recipient["diagnostic"]).ShouldNotBeNull().ShouldContain("User unknown");
        ((string?)recipient["rule"]).ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Analyze_reads_standard_input()
    {
        var (exitCode, process) = await ChildProcess.RunAsync(
            BounceMxProcess.Program,
            ["analyze", "-", "--json"],
            standardInput: SampleMail.UserUnknown("piped@recipient.example")
        );

        exitCode.ShouldBe(0, $"{process.StandardError}");
        var message = JsonNode.Parse(process.StandardOutput.All.ShouldHaveSingleItem())!;
        ((string?)message["recipients"]![0]!["recipient"]).ShouldBe("piped@recipient.example");
    }

    [Fact]
    public async Task Analyze_reads_the_corpus_to_its_end()
    {
        var corpus = Requires.Shared("corpus");

        var messages = await AnalyzeAsync(corpus);

        messages.Count.ShouldBeGreaterThanOrEqualTo(File.ReadLines(Path.Combine(corpus, "labels.jsonl")).Count());
    }

    [Fact]
    public async Task Analyze_names_a_path_that_is_not_there()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["analyze", "/nowhere/at.eml", "--json"]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("/nowhere/at.eml");
    }

    [Fact]
    public async Task Events_tail_prints_the_journal()
    {
        await using var server = await BounceMxProcess.StartAsync();
        var bounceAddress = BounceAddress.Of("tail@recipient.example");
        await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("tail@recipient.example"));
        var journalled = await server.JournalledAsync(bounceAddress);

        var (exitCode, process) = await BounceMxProcess.RunAsync(["events", "tail", "--json", "--data", server.DataFolder]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        JsonNode.DeepEquals(JsonNode.Parse(process.StandardOutput.All.ShouldHaveSingleItem()), journalled).ShouldBeTrue();
    }

    [Fact]
    public async Task Events_tail_follows_the_journal()
    {
        await using var server = await BounceMxProcess.StartAsync();
        await using var tail = ChildProcess.Start(
            BounceMxProcess.Program,
            ["events", "tail", "--follow", "--json", "--data", server.DataFolder]
        );

        foreach (var recipient in (string[])["first@recipient.example", "next@recipient.example"])
        {
            await server.DeliverAsync(BounceAddress.Of(recipient), SampleMail.UserUnknown(recipient));
            await Eventually.TrueAsync(
                recipient,
                () => tail.StandardOutput.All.Any(line => line.Contains(recipient, StringComparison.Ordinal)),
                () => tail.StandardError.Tail()
            );
        }
    }

    [Fact]
    public async Task Config_show_masks_the_password()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(
            ["config", "show"],
            new Dictionary<string, string> { ["Redis__Configuration"] = "localhost:6379,password=open-sesame" }
        );

        exitCode.ShouldBe(0, $"{process.StandardError}");
        process.StandardOutput.ToString().ShouldContain("localhost:6379");
        $"{process.StandardOutput}{process.StandardError}".ShouldNotContain("open-sesame");
    }

    [Fact]
    public async Task Config_show_has_what_a_named_listener_says_itself()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(
            ["config", "show", "--json"],
            new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = "127.0.0.1:4650",
                ["Smtp__Listeners__smtps__Tls"] = "implicit",
            }
        );

        exitCode.ShouldBe(0, $"{process.StandardError}");
        process
            .StandardOutput.All.Select(line => JsonNode.Parse(line)!)
            .Where(row => ((string?)row["key"])!.StartsWith("Smtp:Listeners:", StringComparison.Ordinal))
            .Select(row => ((string?)row["key"], (string?)row["value"], (string?)row["origin"]))
            .ShouldBe(
                [("Smtp:Listeners:smtps:Listen", "127.0.0.1:4650", "environment"), ("Smtp:Listeners:smtps:Tls", "implicit", "environment")],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task Config_show_writes_a_value_as_it_writes_a_default()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("bouncemx.json", """{ "Smtp": { "Chunking": true, "Tls": "Off" } }""");

        var (exitCode, process) = await BounceMxProcess.RunAsync(["config", "show", "--json", "--config", file]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        process
            .StandardOutput.All.Select(line => JsonNode.Parse(line)!)
            .Where(row => (string?)row["key"] is "Smtp:Chunking" or "Smtp:Tls")
            .Select(row => (string?)row["value"])
            .ShouldBe(["true", "off"], ignoreOrder: true);
    }

    [Fact]
    public async Task Config_check_passes_without_any_configuration()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["config", "check"]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
    }

    [Fact]
    public async Task Config_check_passes_the_file_that_the_project_ships()
    {
        var file = Path.Combine(Requires.RepositoryRoot, "config/bouncemx.json");

        var (exitCode, process) = await BounceMxProcess.RunAsync(["config", "check", "--config", file]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
    }

    [Fact]
    public async Task Config_check_names_a_broken_value()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(
            ["config", "check"],
            new Dictionary<string, string> { ["Smtp__MaxMessageSize"] = "lots" }
        );

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("Smtp:MaxMessageSize");
    }

    [Theory]
    [InlineData("Smtp__Tls", "implicit", "Smtp:Tls")]
    [InlineData("Smtp__HardErrorLimit", "1", "Smtp:HardErrorLimit")]
    [InlineData("Smtp__Listen__0", "*:8025", "Admin:Listen")]
    [InlineData("Tls__KeyFiles__0", "/nowhere/privkey.pem", "Tls:KeyFiles")]
    [InlineData("Tls__CertificateFiles__0", "/nowhere/fullchain.pem", "Tls:CertificateFiles:0")]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector", "OTEL_EXPORTER_OTLP_ENDPOINT")]
    public async Task Config_check_names_what_the_server_would_not_start_with(string variable, string value, string key)
    {
        var environment = new Dictionary<string, string> { [variable] = value };

        var (exitCode, check) = await BounceMxProcess.RunAsync(["config", "check"], environment);
        var (_, serve) = await BounceMxProcess.RunAsync(["serve"], environment);

        exitCode.ShouldBe(2);
        check.StandardError.All.ShouldHaveSingleItem().ShouldStartWith($"bouncemx: {key} ");
        serve.StandardError.All.ShouldBe(check.StandardError.All);
    }

    private static async Task<IReadOnlyList<JsonNode>> AnalyzeAsync(string path)
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["analyze", path, "--json"]);

        exitCode.ShouldBe(0, $"{process.StandardError}");
        return [.. process.StandardOutput.All.Select(line => JsonNode.Parse(line)!)];
    }
}
