using System.Diagnostics;
using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

public sealed class RecoveryTests : IDisposable
{
    private const long Margin = 1 << 20;

    private readonly TemporaryFolder _folder = new();

    private string Main => Path.Combine(_folder.Path, "bouncemx.db");

    private string Marker => Path.Combine(_folder.Path, "bouncemx.recovering");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_damaged_page_costs_the_messages_on_it()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");

        SalvagedTable messages = (await RecoverAsync())["message"];

        messages.Lost!.Value.ShouldBeInRange(1, 30);
        messages.Saved.ShouldBe(SampleDatabase.Messages - messages.Lost.Value);
        sample.Read("SELECT count(*) FROM event").ShouldBe(SampleDatabase.Events);
        Sound();
    }

    [Fact]
    public async Task What_was_saved_is_as_it_was()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        List<object> before = sample.ReadAll("SELECT raw FROM message WHERE spool_id = 5");
        sample.DamagePageOf("raw-000300");

        await RecoverAsync();

        sample.ReadAll("SELECT raw FROM message WHERE spool_id = 5").ShouldBe(before);
        sample.ReadAll("SELECT error FROM dead").ShouldBe(["no"]);
        sample.Read("SELECT seq FROM cursor WHERE sink = 'redis'").ShouldBe(SampleDatabase.Taken);
    }

    [Fact]
    public async Task Messages_that_lost_their_events_are_unread_again()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("event-000300");

        SalvagedTable events = (await RecoverAsync())["event"];

        events.Lost!.Value.ShouldBeInRange(1, 30);
        events.Saved.ShouldBe(SampleDatabase.Events - events.Lost.Value);
        sample.ReadAll("SELECT spool_id FROM unread").ShouldContain(300L);
        sample
            .Read(
                "SELECT count(*) FROM message WHERE spool_id NOT IN (SELECT spool_id FROM event) AND spool_id NOT IN (SELECT spool_id FROM unread)"
            )
            .ShouldBe(0);
    }

    [Fact]
    public async Task A_message_with_an_event_beside_a_lost_one_is_unread_again()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("event-000300");

        await RecoverAsync();

        long before = sample.Read("SELECT max(seq) FROM event WHERE seq < 300");
        long after = sample.Read("SELECT min(seq) FROM event WHERE seq > 300");
        sample.ReadAll("SELECT spool_id FROM unread").ShouldContain(before);
        sample.ReadAll("SELECT spool_id FROM unread").ShouldContain(after);
    }

    [Fact]
    public async Task An_event_that_is_no_JSON_any_more_is_read_again()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute("UPDATE event SET data = 'garbage' WHERE seq = 30");
        sample.DamagePageOf("raw-000300");

        (await RecoverAsync())["event"].Lost.ShouldBe(1);

        sample.ReadAll("SELECT spool_id FROM unread").ShouldContain(30L);
    }

    [Theory]
    [InlineData("message")]
    [InlineData("event")]
    public async Task A_table_whose_uppermost_page_is_gone_is_counted_as_lost_and_its_numbers_do_not_come_back(string table)
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        long last = sample.Read($"SELECT seq FROM sqlite_sequence WHERE name = '{table}'");
        sample.DamageRootOf(table);

        SalvagedTable lost = (await RecoverAsync())[table];

        lost.Saved.ShouldBe(0);
        lost.Lost.ShouldBe(last);
        sample.Read($"SELECT seq FROM sqlite_sequence WHERE name = '{table}'").ShouldBe(last);
        Sound();
    }

    [Fact]
    public async Task Numbers_go_on_far_above_where_it_cannot_be_read_how_far_they_went()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamageRootOf("sqlite_sequence");

        await RecoverAsync();

        sample.Read("SELECT seq FROM sqlite_sequence WHERE name = 'message'").ShouldBe(SampleDatabase.Messages + Margin);
        sample.Read("SELECT seq FROM sqlite_sequence WHERE name = 'event'").ShouldBe(SampleDatabase.Events + Margin);
    }

    [Fact]
    public async Task Of_a_file_that_is_cut_off_the_rest_is_saved()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Truncate(0.9);

        Dictionary<string, SalvagedTable> tables = await RecoverAsync();

        tables["message"].Saved.ShouldBeGreaterThan(200);
        Sound();
    }

    [Fact]
    public async Task Where_the_first_page_is_gone_the_database_is_new_and_numbers_go_on_above_the_journal_s()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePage(1);

        Dictionary<string, SalvagedTable> tables = await RecoverAsync(lastSpoolId: 5000);

        tables["message"].ShouldBe(new SalvagedTable("message", 0, 5000));
        tables["event"].ShouldBe(new SalvagedTable("event", 0, null));
        tables["cursor"].ShouldBe(new SalvagedTable("cursor", 0, null));
        sample.Read("SELECT seq FROM sqlite_sequence WHERE name = 'message'").ShouldBe(5000 + Margin);
        Sound();
    }

    [Fact]
    public async Task The_cursors_do_not_pass_over_new_events()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamageRootOf("event");
        sample.DamageRootOf("sqlite_sequence");

        await RecoverAsync();

        sample.Execute("INSERT INTO event (spool_id, stored_at, data) VALUES (1, 1, '{}')");
        sample.Read("SELECT max(seq) FROM event").ShouldBeGreaterThan(sample.Read("SELECT max(seq) FROM cursor"));
    }

    [Theory]
    [InlineData("UPDATE cursor SET seq = 700")]
    [InlineData("UPDATE dead SET seq = 700")]
    public async Task New_events_are_above_all_numbers_that_a_sink_knows(string damage)
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute(damage);

        await RecoverAsync();

        sample.Read("SELECT seq FROM sqlite_sequence WHERE name = 'event'").ShouldBe(700);
    }

    [Fact]
    public async Task A_sink_that_is_ahead_of_all_events_begins_anew()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute("UPDATE cursor SET seq = 700; INSERT INTO cursor VALUES ('journal', 500)");

        (await RecoverAsync())["cursor"].ShouldBe(new SalvagedTable("cursor", 1, 1));

        sample.ReadAll("SELECT sink FROM cursor").ShouldBe(["journal"]);
        Sound();
    }

    [Fact]
    public async Task The_damaged_files_are_kept_as_they_were()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");
        byte[] before = await File.ReadAllBytesAsync(Main, TestContext.Current.CancellationToken);

        (string damaged, _) = await Recovery.RunAsync(_folder.Path, 0, new ManualTime("2026-11-22T15:04:05Z"));

        Path.GetFileName(damaged).ShouldBe("damaged-20261122T150405Z");
        (await File.ReadAllBytesAsync(Path.Combine(damaged, "bouncemx.db"), TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_root_recovers_still_belongs_to_the_server_s_user(bool isFileThere)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess, "only root can give files away");
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");
        Shell($"chown -R 65534:65533 '{_folder.Path}'");
        if (!isFileThere)
            File.Move(Main, Main + "-wal");

        using (FolderLock.Take(_folder.Path))
            await RecoverAsync();

        Shell($"find '{_folder.Path}' ! -user 65534 -o ! -group 65533").ShouldBeEmpty();
    }

    [Fact]
    public async Task What_stood_in_the_log_is_saved()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        using var copy = new TemporaryFolder();
        using (sample.KeepLog())
        {
            sample.Execute("INSERT INTO message (received_at, envelope, raw) VALUES (1, '{}', x'00')");
            foreach (string name in (string[])["bouncemx.db", "bouncemx.db-wal"])
                File.Copy(Path.Combine(_folder.Path, name), Path.Combine(copy.Path, name));
        }

        (_, IReadOnlyList<SalvagedTable> tables) = await Recovery.RunAsync(copy.Path, 0, TimeProvider.System);

        tables.Single(table => table.Name == "message").ShouldBe(new SalvagedTable("message", SampleDatabase.Messages + 1, 0));
    }

    [Fact]
    public async Task A_database_of_schema_1_is_brought_up_to_date()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute("DROP TABLE dead; DROP INDEX event_by_message; ALTER TABLE event DROP COLUMN stored_at; PRAGMA user_version = 1");
        sample.DamagePageOf("raw-000300");

        Dictionary<string, SalvagedTable> tables = await RecoverAsync();

        tables["event"].ShouldBe(new SalvagedTable("event", SampleDatabase.Events, 0));
        tables["dead"].ShouldBe(new SalvagedTable("dead", 0, 0));
        sample.Read("SELECT stored_at FROM event WHERE seq = 9").ShouldBe(9);
    }

    [Fact]
    public async Task A_recovery_that_was_killed_while_it_moved_the_files_goes_on()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");
        Begin();
        File.WriteAllText(Path.Combine(_folder.Path, "damaged-1", "bouncemx.db-shm"), "moved already");
        IsUnfinished();

        (await RecoverAsync())["event"].Saved.ShouldBe(SampleDatabase.Events);

        Sound();
    }

    [Fact]
    public async Task A_recovery_that_was_killed_while_it_copied_begins_to_copy_again()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");
        Begin();
        File.Move(Main, Path.Combine(_folder.Path, "damaged-1", "bouncemx.db"));
        await using (Database.Open(Path.Combine(_folder.Path, "damaged-1", "new"))) { }
        IsUnfinished();

        (await RecoverAsync())["event"].Saved.ShouldBe(SampleDatabase.Events);

        Sound();
    }

    [Fact]
    public async Task A_recovery_that_was_killed_when_all_was_done_leaves_the_new_database()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        Begin();
        File.WriteAllText(Path.Combine(_folder.Path, "damaged-1", "bouncemx.db"), "the old one");
        IsUnfinished();

        await RecoverAsync();

        sample.Read("SELECT count(*) FROM message").ShouldBe(SampleDatabase.Messages);
        Sound();
    }

    private async Task<Dictionary<string, SalvagedTable>> RecoverAsync(long lastSpoolId = 0)
    {
        (_, IReadOnlyList<SalvagedTable> tables) = await Recovery.RunAsync(_folder.Path, lastSpoolId, TimeProvider.System);
        return tables.ToDictionary(table => table.Name, StringComparer.Ordinal);
    }

    private static string Shell(string command)
    {
        using Process process = Process.Start(
            new ProcessStartInfo("sh", ["-c", command]) { UseShellExecute = false, RedirectStandardOutput = true }
        )!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.ShouldBe(0);
        return output;
    }

    private void Begin()
    {
        Directory.CreateDirectory(Path.Combine(_folder.Path, "damaged-1"));
        File.WriteAllText(Marker, "damaged-1");
    }

    private void IsUnfinished() =>
        IntegrityCheck
            .Run(_folder.Path, StorageCheck.Off, TimeProvider.System)
            .Damage.ShouldBe("bouncemx.recovering tells of a recovery that was broken off");

    private void Sound()
    {
        IntegrityCheck.Run(_folder.Path, StorageCheck.Full, TimeProvider.System).Damage.ShouldBeNull();
        File.Exists(Marker).ShouldBeFalse();
    }
}
