using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>A database that the disk damaged: the server refuses it with a line that says what to do, and what that does is what it says.</summary>
public sealed class RecoveryTests
{
    private const int Mails = 300;

    // More messages than a page holds.
    private const int PageHolds = 30;

    [Fact]
    public async Task What_can_be_read_of_a_damaged_database_is_published_once()
    {
        using var tally = new Tally("database damaged, recovered; all had been published");
        await using var trial = await Trial.StartAsync();
        var load = trial.NewLoad();
        await load.RunUntilAcknowledgedAsync(Mails, trial.Server.SmtpPort, connections: 8);
        await trial.Server.WaitUntilIdleAsync();
        (await trial.Server.TerminateAsync()).ShouldBe(0);
        var data = trial.Server.DataFolder;
        DamagePageOf(data, "load1.150@recipient.example");

        var refused = await ServeAsync(data);
        refused.ExitCode.ShouldBe(1);
        refused.Line.ShouldContain("bouncemx.db is damaged");
        refused.Line.ShouldContain($"bouncemx recover --data {data}");

        var (exitCode, recover) = await BounceMxProcess.RunAsync(["recover", "--data", data]);
        exitCode.ShouldBe(0, $"{recover.StandardError}");
        $"{recover.StandardOutput}".ShouldContain("known to be lost");

        await trial.Server.StartAgainAsync();
        var after = trial.NewLoad();
        await after.RunUntilAcknowledgedAsync(20, trial.Server.SmtpPort, connections: 4);
        await trial.CloseAsync(tally, load, after);
    }

    [Fact]
    public async Task What_no_sink_had_taken_is_published_after_the_recovery()
    {
        using var tally = new Tally("database damaged, recovered; nothing had been published (a page costs what it held, at most)");
        await using var trial = await Trial.StartAsync(Trial.Impatient);
        trial.Redis.Freeze();
        var load = trial.NewLoad();
        await load.RunUntilAcknowledgedAsync(Mails, trial.Server.SmtpPort, connections: 8);
        // In good order, so that all is in the file and nothing in the log.
        await trial.Server.TerminateAsync();
        DamagePageOf(trial.Server.DataFolder, "load1.150@recipient.example");

        (await BounceMxProcess.RunAsync(["recover", "--data", trial.Server.DataFolder])).ExitCode.ShouldBe(0);
        trial.Redis.Thaw();
        await trial.Server.StartAgainAsync();
        await trial.Server.WaitUntilIdleAsync();
        await trial.Ledger.ReadAsync();

        var lost = trial.Ledger.LostByStream(load.Acknowledged).Count;
        tally.Add(load.Acknowledged.Count, lost, trial.Ledger.Doubled.Count);
        trial.Ledger.Doubled.ShouldBeEmpty();
        lost.ShouldBeLessThan(PageHolds);
    }

    [Fact]
    public async Task A_sound_database_is_left_as_it_is()
    {
        await using var server = await BounceMxProcess.StartAsync();
        await new Load("sound").RunUntilAcknowledgedAsync(3, server.SmtpPort, connections: 1);
        await server.TerminateAsync();
        var before = await File.ReadAllBytesAsync(Path.Combine(server.DataFolder, "bouncemx.db"), TestContext.Current.CancellationToken);

        var (exitCode, recover) = await BounceMxProcess.RunAsync(["recover", "--data", server.DataFolder]);

        exitCode.ShouldBe(0);
        $"{recover.StandardOutput}".ShouldContain("is sound");
        (await File.ReadAllBytesAsync(Path.Combine(server.DataFolder, "bouncemx.db"), TestContext.Current.CancellationToken)).ShouldBe(
            before
        );
    }

    [Fact]
    public async Task A_database_that_a_server_has_open_is_not_recovered()
    {
        await using var server = await BounceMxProcess.StartAsync();

        var (exitCode, recover) = await BounceMxProcess.RunAsync(["recover", "--data", server.DataFolder]);

        exitCode.ShouldBe(2);
        $"{recover.StandardError}".ShouldContain($"process {server.Id} serves from it");
    }

    [Fact]
    public async Task A_database_that_is_gone_while_its_log_is_there_is_not_taken_for_a_new_one()
    {
        await using var server = await BounceMxProcess.StartAsync();
        await new Load("gone").RunUntilAcknowledgedAsync(3, server.SmtpPort, connections: 1);
        await server.KillAsync();
        File.Delete(Path.Combine(server.DataFolder, "bouncemx.db"));

        var (exitCode, line) = await ServeAsync(server.DataFolder);

        exitCode.ShouldBe(1);
        line.ShouldContain("it is gone, but bouncemx.db-wal is there");
        File.Exists(Path.Combine(server.DataFolder, "bouncemx.db")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_recovery_that_was_killed_is_ended_by_the_next()
    {
        await using var server = await BounceMxProcess.StartAsync();
        var load = new Load("killed");
        await load.RunUntilAcknowledgedAsync(Mails, server.SmtpPort, connections: 8);
        await server.WaitUntilIdleAsync();
        await server.TerminateAsync();
        DamagePageOf(server.DataFolder, "killed.150@recipient.example");

        var marker = Path.Combine(server.DataFolder, "bouncemx.recovering");
        await KillRecoveryAsync(server.DataFolder, recovery => File.Exists(marker) || recovery.HasExited);
        File.Exists(marker).ShouldBeTrue("the kill came too late");
        // Once more, at any moment from its start on.
        var (clock, delay) = (Stopwatch.StartNew(), TimeSpan.FromMilliseconds(Random.Shared.Next(1000)));
        await KillRecoveryAsync(server.DataFolder, recovery => clock.Elapsed > delay || recovery.HasExited);
        (await BounceMxProcess.RunAsync(["recover", "--data", server.DataFolder])).ExitCode.ShouldBe(0);

        await server.StartAgainAsync();
        await server.WaitUntilIdleAsync();
        ((long)(await server.StatusAsync())["spool"]!["stored"]!).ShouldBeInRange(Mails - PageHolds, load.Acknowledged.Count);
    }

    private static async Task KillRecoveryAsync(string data, Func<ChildProcess, bool> isTime)
    {
        await using var recovery = ChildProcess.Start(BounceMxProcess.Program, ["recover", "--data", data]);
        while (!isTime(recovery))
            await Task.Delay(1);
        recovery.Send(Signal.Kill);
        await recovery.ExitAsync(TimeSpan.FromSeconds(30));
    }

    private static async Task<(int ExitCode, string Line)> ServeAsync(string data)
    {
        var (exitCode, process) = await BounceMxProcess.RunAsync([
            "serve",
            "--smtp",
            $"127.0.0.1:{Loopback.FreePort()}",
            "--admin",
            $"127.0.0.1:{Loopback.FreePort()}",
            "--data",
            data,
        ]);
        return (exitCode, process.StandardError.All.ShouldHaveSingleItem($"{process.StandardError}"));
    }

    // The page with the first place where it stands.
    private static void DamagePageOf(string data, string text)
    {
        var file = Path.Combine(data, "bouncemx.db");
        var octets = File.ReadAllBytes(file);
        var at = octets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        at.ShouldBePositive();
        // sqlite.org/fileformat.html, section 1.3.
        var pageSize = BinaryPrimitives.ReadUInt16BigEndian(octets.AsSpan(16));
        octets.AsSpan(at / pageSize * pageSize, pageSize).Fill(0xA5);
        File.WriteAllBytes(file, octets);
    }
}
