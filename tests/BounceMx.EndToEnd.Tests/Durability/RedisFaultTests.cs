using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>Whatever befalls Redis delays publishing, and nothing else. One server goes through all of it.</summary>
public sealed class RedisFaultTests(OutageTrial shared) : IClassFixture<OutageTrial>
{
    private const int Connections = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Outage = Campaign.Of(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));

    private static readonly Dictionary<string, RedisFault> Faults = new()
    {
        ["killed"] = new(redis => redis.KillAsync(), redis => redis.StartAgainAsync()),
        ["stopped (SIGSTOP)"] = new(redis => Done(redis.Freeze), redis => Done(redis.Thaw), IsSilent: true),
        ["paused (CLIENT PAUSE)"] = new(
            redis => redis.ExecuteAsync("CLIENT", "PAUSE", $"{Outage.TotalMilliseconds * 2}", "ALL"),
            redis => redis.ExecuteAsync("CLIENT", "UNPAUSE"),
            IsSilent: true
        ),
        ["out of memory (OOM)"] = new(
            redis => redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1"),
            redis => redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0")
        ),
        ["a replica of nobody (READONLY)"] = new(
            redis => redis.ExecuteAsync("REPLICAOF", "127.0.0.1", "1"),
            redis => redis.ExecuteAsync("REPLICAOF", "NO", "ONE")
        ),
        ["cannot write its disk (MISCONF)"] = new(BreakSavingAsync, MendSavingAsync),
        ["scripts flushed (NOSCRIPT)"] = new(
            async redis =>
            {
                for (var i = 0; i < 20; i++)
                {
                    await redis.ExecuteAsync("SCRIPT", "FLUSH");
                    await Task.Delay(20);
                }
            },
            redis => redis.ExecuteAsync("SCRIPT", "FLUSH"),
            Stops: false
        ),
        ["password changed (NOAUTH)"] = new(
            redis => redis.ExecuteAllAsync(["CONFIG", "SET", "requirepass", "another"], ["CLIENT", "KILL", "TYPE", "normal"]),
            redis => redis.ExecuteAllAsync(["AUTH", "another"], ["CONFIG", "SET", "requirepass", ""])
        ),
    };

    public static TheoryData<string> Names { get; } = [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public Task Every_250_keeps_coming_while_Redis_is(string fault) =>
        SufferAsync($"Redis {fault}", Faults[fault], Outage, rounds: Campaign.Of(1, 10));

    [Fact]
    public Task Every_250_keeps_coming_while_Redis_is_gone_for_a_minute()
    {
        Assert.SkipUnless(Campaign.IsLong, "only in the long form (BOUNCEMX_CAMPAIGN=long); the short one has it killed");
        return SufferAsync("Redis gone for a minute", Faults["killed"], TimeSpan.FromMinutes(1), rounds: 3);
    }

    [Fact]
    public async Task Every_250_comes_when_the_server_starts_before_Redis_does()
    {
        var trial = await shared.ReadyAsync();
        using var tally = new Tally("Redis not there when the server starts");
        var load = trial.NewLoad();
        (await trial.Server.TerminateAsync()).ShouldBe(0);
        await trial.Redis.KillAsync();
        await trial.Server.StartAgainAsync();
        await load.RunUntilAcknowledgedAsync(100, trial.Server.SmtpPort, Connections);
        await trial.Redis.StartAgainAsync();

        load.Refusals.ShouldBeEmpty();
        await trial.CloseAsync(tally, load);
    }

    private async Task SufferAsync(string name, RedisFault fault, TimeSpan outage, int rounds)
    {
        var trial = await shared.ReadyAsync();
        using var tally = new Tally(name);
        for (var round = 0; round < rounds; round++)
        {
            var load = trial.NewLoad();
            await trial.UnderAsync(
                load,
                Connections,
                Pace,
                async () =>
                {
                    await load.MoreAcknowledgedAsync(50);
                    await fault.TakeAway(trial.Redis);
                    try
                    {
                        var before = load.Acknowledged.Count;
                        await Task.Delay(outage);
                        (load.Acknowledged.Count - before).ShouldBeGreaterThan(Connections, "no 250 came meanwhile");
                        var sink = await RedisSinkAsync(trial.Server);
                        if (fault.Stops)
                            ((long)sink["lag"]!).ShouldBePositive("Redis took all events meanwhile: nothing was broken");
                        if (fault.IsSilent)
                            ((string?)sink["fault"]).ShouldNotBeNull().ShouldContain("Redis:Timeout");
                    }
                    finally
                    {
                        await fault.BringBack(trial.Redis);
                    }
                    await load.MoreAcknowledgedAsync(50);
                }
            );
            load.Refusals.ShouldBeEmpty();
            await trial.CloseAsync(tally, load);
        }
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    // A snapshot cannot take the place of a folder.
    private static async Task BreakSavingAsync(RedisProcess redis)
    {
        Directory.CreateDirectory(Path.Combine(redis.Folder, "dump.rdb"));
        await redis.ExecuteAsync("CONFIG", "SET", "save", "3600 1000000000");
        await SaveAsync(redis, "err");
    }

    private static async Task MendSavingAsync(RedisProcess redis)
    {
        Directory.Delete(Path.Combine(redis.Folder, "dump.rdb"));
        await SaveAsync(redis, "ok");
        await redis.ExecuteAsync("CONFIG", "SET", "save", "");
    }

    private static async Task SaveAsync(RedisProcess redis, string outcome)
    {
        await redis.ExecuteAsync("BGSAVE", "SCHEDULE");
        await Eventually.TrueAsync(
            $"a snapshot to end with {outcome}",
            async () =>
                ((string)(await redis.ExecuteAsync("INFO", "persistence"))!).Contains(
                    $"rdb_last_bgsave_status:{outcome}",
                    StringComparison.Ordinal
                )
        );
    }

    private static async Task<JsonNode> RedisSinkAsync(BounceMxProcess server) =>
        (await server.StatusAsync())["sinks"]!.AsArray().Single(sink => (string?)sink!["name"] == "redis")!;

    /// <summary>Something that befalls Redis.</summary>
    /// <param name="TakeAway">It comes.</param>
    /// <param name="BringBack">It goes.</param>
    /// <param name="Stops">Whether Redis takes nothing in between.</param>
    /// <param name="IsSilent">Whether it answers nothing either, so that only a time-out tells.</param>
    private sealed record RedisFault(
        Func<RedisProcess, Task> TakeAway,
        Func<RedisProcess, Task> BringBack,
        bool Stops = true,
        bool IsSilent = false
    );
}
