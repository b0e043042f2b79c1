using System.Net;
using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>What the admin port tells those who watch.</summary>
public sealed class AdminTests(ServerWithRedis running) : IClassFixture<ServerWithRedis>
{
    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task A_healthy_server_says_so(string path) => (await running.Server.GetAsync(path)).Code.ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task The_status_counts_the_stored_messages()
    {
        await running.Server.DeliverAsync(
            BounceAddress.Of("counted@recipient.example"),
            SampleMail.UserUnknown("counted@recipient.example")
        );

        await running.Server.WaitUntilIdleAsync();

        ((long)(await running.Server.StatusAsync())["spool"]!["stored"]!).ShouldBePositive();
    }

    [Fact]
    public async Task The_status_names_each_sink()
    {
        var status = await running.Server.StatusAsync();

        status["sinks"]!.AsArray().Select(sink => (string?)sink!["name"]).ShouldBe(["journal", "redis"], ignoreOrder: true);
    }

    [Fact]
    public async Task A_sink_that_is_down_is_named_by_a_server_that_stays_ready()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await redis.KillAsync();

        await server.DeliverAsync(BounceAddress.Of("down@recipient.example"), SampleMail.UserUnknown("down@recipient.example"));

        await Eventually.TrueAsync(
            "a warning",
            async () =>
                await server.GetAsync("/health/ready") is (HttpStatusCode.OK, var body)
                && JsonNode.Parse(body)!["warnings"]!.ToJsonString().Contains("redis", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task A_sink_that_lags_too_far_behind_is_named_by_a_server_that_is_not_ready_and_is_ready_again()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Redis = redis.Address,
                Environment = new Dictionary<string, string> { ["Sinks__MaxLag"] = "00:00:01" },
            }
        );
        await redis.KillAsync();

        await server.DeliverAsync(BounceAddress.Of("down@recipient.example"), SampleMail.UserUnknown("down@recipient.example"));

        await Eventually.TrueAsync(
            "503",
            async () =>
                await server.GetAsync("/health/ready") is (HttpStatusCode.ServiceUnavailable, var body)
                && JsonNode.Parse(body)!["faults"]!.ToJsonString().Contains("redis", StringComparison.Ordinal)
        );
        await redis.StartAgainAsync();
        await Eventually.TrueAsync("200", async () => (await server.GetAsync("/health/ready")).Code == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_status_counts_what_a_sink_that_is_down_lags_behind()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        redis.Freeze();

        await server.DeliverAsync(BounceAddress.Of("behind@recipient.example"), SampleMail.UserUnknown("behind@recipient.example"));

        await Eventually.TrueAsync(
            "a lag of 1",
            async () =>
                (await server.StatusAsync())["sinks"]!.AsArray().Any(sink => (string?)sink!["name"] == "redis" && (long)sink["lag"]! == 1)
        );
    }
}
