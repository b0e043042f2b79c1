using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>
/// The first promise, tried by force: load, kill -9 at a random moment, start again, and at the end the harness' own count of 250s
/// against the stream. <c>BOUNCEMX_ROUNDS</c> sets the number of rounds (3 when unset).
/// </summary>
public sealed class KillTests
{
    private const int Connections = 12;

    [Fact]
    public async Task Every_250_survives_kill_9_as_exactly_one_event()
    {
        var rounds = Settings.Rounds;
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var loads = new List<Load>();

        for (var round = 1; round <= rounds; round++)
        {
            var load = new Load($"round{round}");
            loads.Add(load);
            var running = load.RunAsync(server.SmtpPort, Connections, TimeSpan.Zero, CancellationToken.None);
            // Not before the load is under way; then at any moment of it.
            await load.MoreAcknowledgedAsync(1);
            await Task.Delay(Random.Shared.Next(1500));
            await server.KillAsync();
            await running;
            await server.StartAgainAsync();
        }

        var books = await Books.CloseAsync(server, redis, loads);
        TestContext.Current.SendDiagnosticMessage("kill -9: {0} rounds, {1}", rounds, books);
        loads.ShouldAllBe(load => load.Refusals.Count == 0);
        books.ShouldBalance();
    }

    [Fact]
    public async Task What_Redis_did_without_answering_is_not_done_twice()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var load = new Load("unanswered");
        // Once it is connected, it sends into the frozen Redis; that is carried out at the thaw, when nobody is left to hear of it.
        await load.RunUntilAcknowledgedAsync(10, server.SmtpPort, connections: 1);
        await server.WaitUntilIdleAsync();
        redis.Freeze();
        await load.RunUntilAcknowledgedAsync(200, server.SmtpPort, Connections);
        await server.KillAsync();
        redis.Thaw();

        await server.StartAgainAsync();

        (await Books.CloseAsync(server, redis, load)).ShouldBalance();
    }
}
