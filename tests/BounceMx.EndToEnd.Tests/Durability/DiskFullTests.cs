using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>A full disk is 452 4.3.1, passes by itself, and costs nothing that was acknowledged.</summary>
public sealed class DiskFullTests
{
    // Without a reserve nothing is removed in time: what all rounds leave behind must fit.
    private static readonly int FileSystemMiB = Campaign.Of(24, 512);
    private const int ReserveMiB = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    [Fact]
    public Task A_full_disk_is_452_until_there_is_space_again() =>
        FillAndFreeAsync("a full disk, no reserve", reserveMiB: 0, _ => Task.CompletedTask);

    [Fact]
    public Task Within_the_reserve_nothing_is_taken_and_all_that_was_taken_is_published() =>
        FillAndFreeAsync("a disk that is full but for the reserve", ReserveMiB, trial => trial.Server.WaitUntilIdleAsync());

    private static async Task FillAndFreeAsync(string fault, int reserveMiB, Func<Trial, Task> whileFull)
    {
        await SkipWithoutMountAsync();
        using var tally = new Tally(fault);
        await using var trial = await Trial.StartAsync(
            new ServerSetup
            {
                DataFileSystemMiB = FileSystemMiB,
                Environment = new Dictionary<string, string> { ["Storage__Reserve"] = $"{reserveMiB << 20}" },
            }
        );
        for (var round = 0; round < Campaign.Of(1, 20); round++)
        {
            var load = trial.NewLoad();
            await trial.UnderAsync(load, connections: 4, Pace, () => FillAndFreeAsync(trial, load, reserveMiB, whileFull));

            load.Refusals.ShouldAllBe(reply => reply.Code == 452 && reply.Text.StartsWith("4.3.1 ", StringComparison.Ordinal));
            await trial.CloseAsync(tally, load);
        }
    }

    private static async Task FillAndFreeAsync(Trial trial, Load load, int reserveMiB, Func<Trial, Task> whileFull)
    {
        await load.MoreAcknowledgedAsync(50);
        var ballast = Path.Combine(trial.Server.MountedDataFolder, "ballast");
        FillUp(ballast, leave: reserveMiB << 19);
        try
        {
            // What SQLite had reserved still takes some messages.
            await Eventually.TrueAsync("a refusal", () => load.Refusals.Count > 20, () => trial.Server.StandardError.Tail());
            await whileFull(trial);
        }
        finally
        {
            File.Delete(ballast);
        }
        await load.MoreAcknowledgedAsync(50);
    }

    // Leaves half of the reserve, so that there is no doubt about being within it.
    private static void FillUp(string file, int leave)
    {
        using var stream = new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        foreach (var size in (int[])[64 * 1024, 4096, 1])
        {
            try
            {
                for (var block = new byte[size]; ; )
                    stream.Write(block);
            }
            catch (IOException)
            {
                // Full for blocks of this size.
            }
        }
        stream.SetLength(stream.Length - leave);
    }

    internal static async Task SkipWithoutMountAsync()
    {
        Requires.Program("unshare");
        var (exitCode, unshare) = await ChildProcess.RunAsync("unshare", BounceMxProcess.UnshareWithMount("mount -t tmpfs tmpfs /mnt"));
        Assert.SkipUnless(exitCode == 0, $"no mount is allowed here: {unshare.StandardError}");
    }
}
