using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.EndToEnd.Tests.Hostile;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>kill -9 while old messages are removed: what is not published yet never goes, whatever its age and size.</summary>
public sealed class RetentionTests
{
    private const int Old = 2000;
    private const int Connections = 8;
    private const string Removed = "bouncemx_storage_removed_total";
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(1);

    // The least there may be: everything that was published is too old and too much.
    private static readonly ServerSetup Setup = new()
    {
        Environment = new Dictionary<string, string>(Trial.Impatient.Environment)
        {
            ["Storage__RetainFor"] = $"{Age}",
            ["Storage__RetainOctets"] = $"{1 << 20}",
        },
    };

    [Fact]
    public async Task What_is_not_published_outlives_kill_9_in_retention()
    {
        using var tally = new Tally("kill -9 in retention, Redis stopped");
        await using var trial = await Trial.StartAsync(Setup, checksJournal: false);
        var hits = 0;
        // A kill may come when all is removed already: then once more.
        for (var round = 0; round < Campaign.Of(1, 50) || (hits == 0 && round < 6); round++)
        {
            var before = await trial.Server.MetricAsync(Removed);
            // Many that may go, at one moment: when Redis has taken them.
            var old = await LoadWithoutRedisAsync(trial, Old);
            trial.Redis.Thaw();
            await trial.Server.WaitUntilIdleAsync();
            // Some that may not.
            var kept = await LoadWithoutRedisAsync(trial, 100);

            var removed = 0.0;
            await Eventually.TrueAsync(
                "retention to remove something",
                async () => (removed = await trial.Server.MetricAsync(Removed) - before) > 0,
                () => trial.Server.StandardError.Tail()
            );
            await trial.Server.KillAsync();
            if (removed < old.Acknowledged.Count)
                hits++;

            // They are past their time now, and retention looks when it starts: it goes on with the old ones, and leaves these.
            await Task.Delay(Age * 1.1);
            await trial.Server.StartAgainAsync();
            await Task.Delay(Random.Shared.Next(500));
            await trial.Server.KillAsync();
            trial.Redis.Thaw();
            await trial.Server.StartAgainAsync();
            await trial.CloseAsync(tally, kept);
            await trial.CloseAsync(null, old);
        }
        hits.ShouldBePositive("no kill fell into a removal");
    }

    private static async Task<Load> LoadWithoutRedisAsync(Trial trial, int count)
    {
        trial.Redis.Freeze();
        var load = trial.NewLoad();
        await load.RunUntilAcknowledgedAsync(count, trial.Server.SmtpPort, Connections);
        return load;
    }
}
