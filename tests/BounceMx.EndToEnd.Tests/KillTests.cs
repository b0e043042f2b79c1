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
    public async Task A_kill_while_the_backlog_is_published_doubles_nothing()
    {
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Redis = redis.Address });
        var load = new Load("backlog");
        redis.Freeze();
        await load.RunForAsync(server.SmtpPort, Connections, TimeSpan.Zero, TimeSpan.FromSeconds(2));

        // What was sent into the frozen Redis is carried out as it thaws, while the server that would hear of it is gone.
        await server.KillAsync();
        redis.Thaw();
        await server.StartAgainAsync();
        await server.KillAsync();
        await server.StartAgainAsync();

        (await Books.CloseAsync(server, redis, load)).ShouldBalance();
    }
}
