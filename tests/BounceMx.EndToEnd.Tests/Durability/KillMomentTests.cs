using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>
/// kill -9 at the moments that matter, each met by construction: strace makes a system call the last one, or so long that the kill falls into
/// it; a proxy kills when it sees Redis' reply. One server goes through all of it.
/// </summary>
public sealed class KillMomentTests(ProxiedTrial shared) : IClassFixture<ProxiedTrial>
{
    private const int Connections = 8;

    private Trial Trial => shared.Trial;

    private string Log => $"{Trial.Server.DataFolder}/bouncemx.db-wal";

    private string File => $"{Trial.Server.DataFolder}/bouncemx.db";

    [Fact]
    public async Task Before_the_fsync_of_a_commit()
    {
        using var tally = new Tally("kill -9 between the write of a commit and its fsync");
        await shared.ReadyAsync();
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            await DieAsync(
                tally,
                Trial.NewLoad(),
                ["-P", Log, .. Strace.Inject("fsync,fdatasync", $"signal=SIGKILL:when={Random.Shared.Next(5, 60)}")]
            );
        }
    }

    [Fact]
    public async Task Between_a_commit_and_its_250()
    {
        using var tally = new Tally("kill -9 between a commit's fsync and its 250s");
        await shared.ReadyAsync();
        var unheard = 0;
        // The commit that the kill falls into may hold events only: then once more.
        for (var round = 0; round < Campaign.Of(1, 50) || (unheard == 0 && round < 8); round++)
        {
            var load = Trial.NewLoad();
            var running = load.RunAsync(Trial.Server.SmtpPort, Connections, TimeSpan.Zero, CancellationToken.None);
            await load.MoreAcknowledgedAsync(20);
            // Every fsync is done, and returns a third of a second later.
            await using (await Strace.AttachAsync(Trial.Server, ["-P", Log, .. Strace.Inject("fsync,fdatasync", "delay_exit=300000")]))
            {
                await Task.Delay(Random.Shared.Next(400, 900));
                await Trial.Server.KillAsync();
            }
            await running;
            await Trial.Server.StartAgainAsync();
            await Trial.Server.WaitUntilIdleAsync();
            await Trial.Ledger.ReadAsync();
            // Stored, published, and the sender does not know: what it sends again must be recognized.
            unheard += load.Unacknowledged.Count(Trial.Ledger.Published.Contains);
            await Trial.CloseAsync(tally, load);
        }
        unheard.ShouldBePositive("no kill fell between a commit and its 250s");
    }

    [Fact]
    public async Task In_a_checkpoint()
    {
        using var tally = new Tally("kill -9 in a checkpoint");
        await shared.ReadyAsync();
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            // Large messages fill the log, which is copied into the file page by page: within one of the first 16 MiB.
            await DieAsync(
                tally,
                Trial.NewLargeLoad(256 * 1024),
                ["-P", File, .. Strace.Inject("pwrite64", $"signal=SIGKILL:when={Random.Shared.Next(2, 900)}")]
            );
        }
    }

    [Fact]
    public async Task Between_XADD_and_the_cursor()
    {
        using var tally = new Tally("kill -9 between XADD and the cursor");
        await shared.ReadyAsync();
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            var load = Trial.NewLoad();
            var running = load.RunAsync(Trial.Server.SmtpPort, Connections, TimeSpan.Zero, CancellationToken.None);
            await load.MoreAcknowledgedAsync(20 + Random.Shared.Next(100));
            Trial.Proxy!.Use(replies =>
            {
                if (replies.IndexOf(":1\r\n"u8) < 0)
                    return ReplyFate.Pass;
                // Redis has added something, and nobody will hear of it.
                Trial.Server.Shoot();
                return ReplyFate.Drop;
            });
            await Trial.Server.GoneAsync();
            Trial.Proxy.Heal();
            await running;
            await Trial.Server.StartAgainAsync();
            await Trial.CloseAsync(tally, load);
        }
    }

    // A load runs until the server dies of what is injected; then it is started again.
    private async Task DieAsync(Tally tally, Load load, IEnumerable<string> injection)
    {
        await using (await Strace.AttachAsync(Trial.Server, injection))
        {
            var running = load.RunAsync(Trial.Server.SmtpPort, Connections, TimeSpan.Zero, CancellationToken.None);
            await Trial.Server.GoneAsync();
            await running;
        }
        await Trial.Server.StartAgainAsync();
        await Trial.CloseAsync(tally, load);
    }
}
