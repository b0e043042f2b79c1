using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.EndToEnd.Tests.Hostile;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>kill -9 while old messages are removed: what is not published yet never goes, whatever its age and size.</summary>
public sealed class RetentionTests
{
    // The least there may be: everything that was published is too old and too much.
    private static readonly ServerSetup Setup = new()
    {
        Environment = new Dictionary<string, string> { ["Storage__RetainFor"] = "00:00:01", ["Storage__RetainOctets"] = $"{1 << 20}" },
    };

    [Fact]
    public async Task What_is_not_published_outlives_kill_9_in_retention()
    {
        using var tally = new Tally("kill -9 in retention, Redis stopped");
        await using var trial = await Trial.StartAsync(Setup, checksJournal: false);
        var removed = 0.0;
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            // Some that may go.
            var old = trial.NewLoad();
            await old.RunUntilAcknowledgedAsync(200, trial.Server.SmtpPort, connections: 8);
            await trial.CloseAsync(tally, old);
            // Some that may not: Redis has not taken them, and they are past their time when the server starts, and retention with it.
            trial.Redis.Freeze();
            var kept = trial.NewLoad();
            await kept.RunUntilAcknowledgedAsync(200, trial.Server.SmtpPort, connections: 8);
            await trial.Server.KillAsync();
            await Task.Delay(TimeSpan.FromSeconds(1.1));
            await trial.Server.StartAgainAsync();
            await Task.Delay(Random.Shared.Next(500));
            removed += await trial.Server.MetricAsync("bouncemx_storage_removed_total");
            await trial.Server.KillAsync();
            trial.Redis.Thaw();
            await trial.Server.StartAgainAsync();

            await trial.CloseAsync(tally, kept);
        }
        await Eventually.TrueAsync(
            "retention to remove something",
            async () => removed + await trial.Server.MetricAsync("bouncemx_storage_removed_total") > 0,
            () => trial.Server.StandardError.Tail()
        );
    }
}
