using System.Net;
using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>An event that Redis refuses for good: put aside, shown, and published when somebody asks for it.</summary>
public sealed class DeadLetterTests
{
    private const string Sender = "refused@recipient.example";

    [Fact]
    public async Task A_refused_event_is_shown_and_can_be_published_when_its_cause_is_gone()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await RefuseAsync(server, redis);

        var letter = (await DeadAsync(server)).ShouldHaveSingleItem();
        ((string?)letter["sink"]).ShouldBe("redis");
        ((string?)letter["error"]).ShouldNotBeNull().ShouldContain("exhausted the last possible ID");
        ((string?)letter["event"]!["bounce_address"]).ShouldBe(BounceAddress.Of(Sender));

        await redis.ExecuteAsync("DEL", Keys.Quarantine);
        (await RunAsync("replay", "--dead", $"{letter["number"]}", "--data", server.DataFolder)).ShouldContain("1 event is marked");

        await Eventually.TrueAsync("no dead letter", async () => (await DeadAsync(server)).Count == 0, () => server.StandardError.Tail());
        (await redis.ReadStreamAsync(Keys.Quarantine)).ShouldHaveSingleItem()["id"].ShouldBe((string?)letter["event"]!["id"]);
    }

    [Fact]
    public async Task A_mark_made_while_no_server_runs_is_seen_by_the_next()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await RefuseAsync(server, redis);
        await redis.ExecuteAsync("DEL", Keys.Quarantine);
        await server.TerminateAsync();

        await RunAsync("replay", "--dead", "--sink", "redis", "--data", server.DataFolder);
        (await DeadAsync(server)).ShouldHaveSingleItem()["retry"]!.GetValue<bool>().ShouldBeTrue();
        await server.StartAgainAsync();

        await Eventually.TrueAsync("no dead letter", async () => (await DeadAsync(server)).Count == 0, () => server.StandardError.Tail());
    }

    [Fact]
    public async Task A_server_with_dead_letters_is_ready_and_warns()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await RefuseAsync(server, redis);

        await Eventually.TrueAsync(
            "a warning",
            async () =>
                await server.GetAsync("/health/ready") is (HttpStatusCode.OK, var body)
                && JsonNode.Parse(body)!["warnings"]!.ToJsonString().Contains("1 event refused for good", StringComparison.Ordinal)
        );
        (await server.LoggedAsync("refuses event")).ShouldNotContain("recipient.example");
    }

    [Fact]
    public async Task The_table_shows_the_error()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await RefuseAsync(server, redis);

        (await RunAsync("events", "dead", "--data", server.DataFolder)).ShouldContain("exhausted the last possible ID");
    }

    [Fact]
    public async Task A_number_that_is_not_there_is_named_as_wrong()
    {
        await using var server = await BounceMxProcess.StartAsync();

        var (exitCode, process) = await BounceMxProcess.RunAsync(["replay", "--dead", "7", "--data", server.DataFolder]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("events dead");
    }

    [Theory]
    [InlineData("events", "dead")]
    [InlineData("replay", "--dead")]
    public async Task A_folder_without_a_database_is_named(params string[] verb)
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync([.. verb, "--data", "/nowhere"]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("/nowhere/bouncemx.db");
    }

    [Fact]
    public async Task Replay_asks_what_to_replay()
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(["replay"]);

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("--dead");
    }

    // A stream that has used up its numbers takes nothing more; the other stream does.
    private static async Task RefuseAsync(BounceMxProcess server, RedisProcess redis)
    {
        await redis.ExecuteAsync("XADD", Keys.Quarantine, $"{ulong.MaxValue}-{ulong.MaxValue}", "the", "end");
        await server.DeliverAsync(BounceAddress.Of(Sender), SampleMail.Ordinary("Lunch"));
        await server.DeliverAsync(BounceAddress.Of("taken@recipient.example"), SampleMail.UserUnknown("taken@recipient.example"));
        await Eventually.TrueAsync("a dead letter", async () => (await DeadAsync(server)).Count == 1, () => server.StandardError.Tail());
    }

    private static async Task<IReadOnlyList<JsonNode>> DeadAsync(BounceMxProcess server)
    {
        var lines = await RunAsync("events", "dead", "--json", "--data", server.DataFolder);
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static async Task<string> RunAsync(params string[] arguments)
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync(arguments);
        exitCode.ShouldBe(0, $"{process.StandardError}");
        return string.Join('\n', process.StandardOutput.All);
    }
}
