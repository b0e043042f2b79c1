using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A full disk is 452 4.3.1, passes by itself, and costs nothing that was acknowledged.</summary>
public sealed class DiskFullTests
{
    private const int FileSystemMiB = 24;

    [Fact]
    public async Task A_full_disk_is_452_until_there_is_space_again()
    {
        await SkipWithoutMountAsync();
        await using var redis = await RedisProcess.StartAsync();
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup { Redis = redis.Address, DataFileSystemMiB = FileSystemMiB }
        );
        var load = new Load("disk");
        await load.RunForAsync(server.SmtpPort, 2, TimeSpan.Zero, TimeSpan.FromSeconds(0.5));
        load.Refusals.ShouldBeEmpty();

        var ballast = Path.Combine(server.MountedDataFolder, "ballast");
        FillUp(ballast);
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(server.SmtpPort, 4, TimeSpan.FromMilliseconds(5), stop.Token);
        // What SQLite had reserved still takes some messages.
        await Eventually.TrueAsync("a refusal", () => load.Refusals.Count > 20, () => server.StandardError.Tail());
        File.Delete(ballast);
        await load.MoreAcknowledgedAsync(50);
        await stop.CancelAsync();
        await running;

        load.Refusals.ShouldAllBe(reply => reply.Code == 452 && reply.Text.StartsWith("4.3.1 ", StringComparison.Ordinal));
        var books = await Books.CloseAsync(server, redis, load);
        TestContext.Current.SendDiagnosticMessage("Disk full: {0} refused, {1}", load.Refusals.Count, books);
        books.ShouldBalance();
    }

    private static void FillUp(string file)
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
    }

    private static async Task SkipWithoutMountAsync()
    {
        Requires.Program("unshare");
        var (exitCode, unshare) = await ChildProcess.RunAsync("unshare", BounceMxProcess.UnshareWithMount("mount -t tmpfs tmpfs /mnt"));
        Assert.SkipUnless(exitCode == 0, $"no mount is allowed here: {unshare.StandardError}");
    }
}
