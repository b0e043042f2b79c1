using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>
/// A disk that fails, by errors that strace injects into the system calls on database, log and journal: what cannot be stored is 451 4.3.0, and
/// it goes on by itself. Every other round ends with kill -9 while it fails, as then nobody knows what of the last writes is on disk.
/// (A file system cannot be remounted read-only while it has files open for writing; it turns read-only by itself, after an error. What such a
/// one answers is injected, also to opening again. A server that is stopped meanwhile meets a real one.)
/// </summary>
public sealed class DiskFaultTests(SharedTrial shared) : IClassFixture<SharedTrial>
{
    private const int Connections = 4;
    private const string Opening = "openat";
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Duration = Campaign.Of(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));

    private static readonly Dictionary<string, string[]> Faults = new()
    {
        ["fsync fails (EIO)"] = Strace.Inject("fsync,fdatasync", "error=EIO"),
        ["every third fsync fails (EIO)"] = Strace.Inject("fsync,fdatasync", "error=EIO:when=1+3"),
        ["writes fail (EIO)"] = Strace.Inject("write,pwrite64", "error=EIO"),
        ["read-only file system (EROFS)"] = Strace.Inject($"{Opening},write,pwrite64,ftruncate,fallocate", "error=EROFS"),
    };

    public static TheoryData<string> Names { get; } = [.. Faults.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_message_is_451_or_on_disk_while(string fault)
    {
        var trial = await shared.ReadyAsync();
        using var tally = new Tally($"disk: {fault}");
        for (var round = 0; round < Campaign.Of(2, 20); round++)
        {
            var load = trial.NewLoad();
            await trial.UnderAsync(load, Connections, Pace, () => SufferAsync(trial, load, Faults[fault], endsWithKill: round % 2 == 1));

            load.Refusals.ShouldAllBe(reply => reply.Code == 451 && reply.Text.StartsWith("4.3.0 ", StringComparison.Ordinal));
            if (trial.Server.HasExited)
                await trial.Server.StartAgainAsync();
            await trial.CloseAsync(tally, load);
        }
    }

    [Fact]
    public async Task A_read_only_data_folder_is_named_at_the_start_and_serves_once_it_is_writable()
    {
        await DiskFullTests.SkipWithoutMountAsync();
        var trial = await shared.ReadyAsync();
        var data = trial.Server.DataFolder;
        (await trial.Server.TerminateAsync()).ShouldBe(0);

        var (exitCode, server) = await ChildProcess.RunAsync(
            "unshare",
            [
                .. BounceMxProcess.UnshareWithMount($"mount --bind '{data}' '{data}' && mount -o remount,bind,ro '{data}' && exec \"$@\""),
                .. (string[])["sh", BounceMxProcess.Program, "serve", "--smtp", $"127.0.0.1:{trial.Server.SmtpPort}", "--data", data],
            ]
        );
        exitCode.ShouldBe(2);
        server.StandardError.All.ShouldHaveSingleItem().ShouldContain($"Storage:Folder is \"{data}\": Read-only file system");

        await trial.Server.StartAgainAsync();
        await trial.NewLoad().RunUntilAcknowledgedAsync(1, trial.Server.SmtpPort, connections: 1);
    }

    private static async Task SufferAsync(Trial trial, Load load, string[] injection, bool endsWithKill)
    {
        await load.MoreAcknowledgedAsync(20);
        var database = $"{trial.Server.DataFolder}/bouncemx.db";
        string[] files = [database, $"{database}-wal", .. trial.Server.JournalFiles().TakeLast(1)];
        await using var strace = await Strace.AttachAsync(
            trial.Server,
            [.. files.SelectMany(file => (string[])["-P", file]), .. injection]
        );
        await Eventually.TrueAsync("a refusal", () => load.Refusals.Count > 0, () => trial.Server.StandardError.Tail());
        await Task.Delay(Duration);
        if (injection.Any(option => option.Contains(Opening, StringComparison.Ordinal)))
            strace.Lines.ShouldContain(line => line.Contains($"{Opening}(", StringComparison.Ordinal), "nothing was opened again");
        if (endsWithKill)
        {
            await trial.Server.KillAsync();
            return;
        }
        await strace.DetachAsync();
        await load.MoreAcknowledgedAsync(20);
    }
}
