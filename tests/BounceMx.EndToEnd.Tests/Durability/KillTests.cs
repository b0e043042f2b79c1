using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>The first promise, tried by force: load, kill -9 at a random moment, start again.</summary>
public sealed class KillTests
{
    private const int Connections = 12;

    // So that the long form is about retention too, and about starts on a file of a size that lasts.
    private static readonly ServerSetup Setup = new()
    {
        Environment = new Dictionary<string, string> { ["Storage__RetainOctets"] = $"{256 << 20}" },
    };

    [Fact]
    public async Task Every_250_survives_kill_9_as_exactly_one_event()
    {
        using var tally = new Tally("kill -9 at a random moment");
        await using var trial = await Trial.StartAsync(Setup);
        for (var round = 0; round < Campaign.Of(2, 200); round++)
        {
            var load = trial.NewLoad();
            var running = load.RunAsync(trial.Server.SmtpPort, Connections, TimeSpan.Zero, CancellationToken.None);
            // Not before the load is under way; then at any moment of it.
            await load.MoreAcknowledgedAsync(1);
            await Task.Delay(Random.Shared.Next(1500));
            await trial.Server.KillAsync();
            await running;
            await trial.Server.StartAgainAsync();

            load.Refusals.ShouldBeEmpty();
            await trial.CloseAsync(tally, load);
        }
    }

    [Fact]
    public async Task Half_a_message_is_none()
    {
        using var tally = new Tally("kill -9 in mid-body");
        await using var trial = await Trial.StartAsync();
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            var load = trial.NewLoad();
            var halves = Enumerable.Range(0, 20).Select(i => $"half{round}.{i}@recipient.example").ToArray();
            var running = load.RunAsync(trial.Server.SmtpPort, 4, TimeSpan.Zero, CancellationToken.None);
            await load.MoreAcknowledgedAsync(10);
            var clients = await Task.WhenAll(halves.Select(recipient => SendHalfAsync(trial.Server, recipient)));
            await Task.Delay(Random.Shared.Next(100));
            await trial.Server.KillAsync();
            await running;
            Array.ForEach(clients, client => client.Dispose());
            await trial.Server.StartAgainAsync();

            await trial.CloseAsync(tally, load);
            trial.Ledger.Published.Intersect(halves).ShouldBeEmpty("published, though its end of data never came");
        }
    }

    [Fact]
    public async Task What_Redis_did_without_answering_is_not_done_twice()
    {
        using var tally = new Tally("kill -9 while Redis, stopped (SIGSTOP), holds commands that it carries out later");
        await using var trial = await Trial.StartAsync(Trial.Impatient);
        for (var round = 0; round < Campaign.Of(1, 20); round++)
        {
            var load = trial.NewLoad();
            // Once it is connected, it sends into the frozen Redis; that is carried out at the thaw, when nobody is left to hear of it.
            await load.RunUntilAcknowledgedAsync(10, trial.Server.SmtpPort, connections: 1);
            await trial.Server.WaitUntilIdleAsync();
            trial.Redis.Freeze();
            await load.RunUntilAcknowledgedAsync(200, trial.Server.SmtpPort, Connections);
            await trial.Server.KillAsync();
            trial.Redis.Thaw();
            await trial.Server.StartAgainAsync();

            await trial.CloseAsync(tally, load);
        }
    }

    // Its headers are there: cut off, it could still pass for a message.
    private static async Task<SmtpClient> SendHalfAsync(BounceMxProcess server, string recipient)
    {
        var client = await SmtpClient.ConnectAsync(server.SmtpPort, CancellationToken.None);
        (await client.BeginAsync([BounceAddress.Of(recipient)], CancellationToken.None)).Code.ShouldBe(354);
        var body = SmtpClient.BodyOf(SampleMail.UserUnknown(recipient));
        await client.SendAsync(body[..(body.Length / 2)], CancellationToken.None);
        return client;
    }
}
