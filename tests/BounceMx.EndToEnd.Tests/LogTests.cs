using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>What a program that collects logs gets to see.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Each_line_of_the_log_is_a_JSON_object()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        await redis.KillAsync();
        await server.DeliverAsync(BounceAddress.Of("logged@recipient.example"), SampleMail.UserUnknown("logged@recipient.example"));
        await server.LoggedAsync("redis");

        await server.TerminateAsync();

        foreach (var line in server.StandardError.All)
            JsonNode.Parse(line).ShouldBeOfType<JsonObject>();
    }

    [Fact]
    public async Task Neither_the_log_nor_standard_output_holds_a_recipient()
    {
        await using var server = await BounceMxProcess.StartAsync();
        var bounceAddress = BounceAddress.Of("private@recipient.example");
        await server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("private@recipient.example"));
        await server.JournalledAsync(bounceAddress);

        await server.TerminateAsync();

        $"{server.StandardOutput}{server.StandardError}".ShouldNotContain("private");
    }
}
