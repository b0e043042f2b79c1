using System.Diagnostics;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Storage;

/// <summary>What the writer does about each fault of the disk, brought about in the file wherever SQLite lets it be.</summary>
public sealed class DatabaseFaultTests : IAsyncDisposable
{
    // The file format's write version (sqlite.org/fileformat.html): above 2 the file may be read, and not written.
    private const int WriteVersion = 18;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<Database> _log = new();
    private readonly ForeignHand _foreign;
    private readonly Database _database;

    public DatabaseFaultTests()
    {
        _foreign = new ForeignHand(_folder.Path);
        _database = Database.Open(_folder.Path, busyTimeout: TimeSpan.FromMilliseconds(50)).ReportTo(_log);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_full_disk_passes_by_itself()
    {
        (await StoreAsync()).ShouldBeNull();
        // SQLITE_FULL, as for a disk without space (sqlite.org/autoinc.html).
        _foreign.Execute("UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'message'");
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.Full);

        _foreign.Execute("DELETE FROM unread; DELETE FROM message; UPDATE sqlite_sequence SET seq = 1 WHERE name = 'message'");
        (await StoreAsync()).ShouldBeNull();
        Told().ShouldBe(["cannot be written (Full)", "storing again"]);
    }

    [Fact]
    public async Task A_fault_is_known_with_what_to_do_and_clears_by_itself_though_nothing_is_written()
    {
        await RunAsync(_ => throw Full());
        _database.Fault.ShouldBe("cannot be written: by the test (free space on its disk)");

        var deadline = Stopwatch.StartNew();
        while (_database.Fault is not null && deadline.Elapsed < TimeSpan.FromSeconds(30))
            await Task.Delay(TimeSpan.FromMilliseconds(50), TestContext.Current.CancellationToken);
        _database.Fault.ShouldBeNull();
        Told().ShouldBe(["cannot be written (Full)", "storing again"]);
        _foreign.Read("PRAGMA user_version").ShouldBe((long)Schema.Version);
    }

    [Fact]
    public async Task A_fault_that_lasts_stays_known()
    {
        _foreign.Overwrite(WriteVersion, 3);
        await StoreAsync();
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        _database.Fault.ShouldNotBeNull().ShouldContain("mounted to be written");
        Told().ShouldBe(["cannot be written (ReadOnly)"]);
        Overwrite(WriteVersion, 2);
    }

    [Fact]
    public async Task What_is_one_writes_own_fault_is_none_of_the_database()
    {
        await RunAsync(_ => throw new SqliteException("by the test", 19, 19));
        _database.Fault.ShouldBeNull();
    }

    [Fact]
    public async Task A_full_disk_is_told_once_though_some_of_a_batch_fit_on_it()
    {
        await RunTogetherAsync(_ => { }, _ => throw Full(), _ => { }, _ => throw Full());
        Told().ShouldBe(["cannot be written (Full)"]);
        (await StoreAsync()).ShouldBeNull();
        Told().ShouldBe(["cannot be written (Full)", "storing again"]);
    }

    [Fact]
    public async Task A_file_that_another_program_keeps_locked_is_waited_for_and_then_fails_the_batch_together()
    {
        using (SqliteConnection other = _foreign.Open())
        {
            ForeignHand.Execute(other, "BEGIN IMMEDIATE");
            StorageException?[] outcomes = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => StoreAsync()))
                .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            outcomes.ShouldAllBe(outcome => outcome!.Fault == StorageFault.Busy);
            ForeignHand.Execute(other, "ROLLBACK");
        }
        (await StoreAsync()).ShouldBeNull();
        Told().ShouldBe(["cannot be written (Busy)", "storing again"]);
    }

    [Fact]
    public async Task A_file_that_another_program_locks_for_a_moment_is_no_fault()
    {
        await using Database patient = Database.Open(_folder.Path);
        using SqliteConnection other = _foreign.Open();
        ForeignHand.Execute(other, "BEGIN IMMEDIATE");
        Task<StorageException?> outcome = StoreAsync(patient);
        await Task.Delay(TimeSpan.FromMilliseconds(100), TestContext.Current.CancellationToken);
        outcome.IsCompleted.ShouldBeFalse();
        ForeignHand.Execute(other, "ROLLBACK");
        (await outcome).ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_is_written_again_once_it_can()
    {
        _foreign.Overwrite(WriteVersion, 3);
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.ReadOnly);
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.ReadOnly);

        Overwrite(WriteVersion, 2);
        (await StoreAsync()).ShouldBeNull();
        Told().ShouldBe(["cannot be written (ReadOnly)", "storing again"]);
    }

    [Fact]
    public async Task A_file_that_has_gone_is_not_made_anew()
    {
        _foreign.Overwrite(WriteVersion, 3);
        await StoreAsync();
        Overwrite(WriteVersion, 2);
        File.Move(_foreign.File, _foreign.File + ".away");
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.ReadOnly);
        File.Exists(_foreign.File).ShouldBeFalse();

        File.Move(_foreign.File + ".away", _foreign.File);
        (await StoreAsync()).ShouldBeNull();
    }

    [Fact]
    public async Task Nothing_is_stored_in_a_file_that_was_moved_until_it_is_back()
    {
        (await StoreAsync()).ShouldBeNull();
        File.Move(_foreign.File, _foreign.File + ".away");
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.Moved);

        File.Move(_foreign.File + ".away", _foreign.File);
        (await StoreAsync()).ShouldBeNull();
        _foreign.Read("SELECT count(*) FROM message").ShouldBe(2L);
        Told().ShouldBe(["cannot be written (Moved)", "storing again"]);
    }

    [Fact]
    public async Task Nothing_is_stored_beside_a_file_that_was_replaced()
    {
        (await StoreAsync()).ShouldBeNull();
        File.Move(_foreign.File, _foreign.File + ".away");
        File.Copy(_foreign.File + ".away", _foreign.File);
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.Moved);
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.Moved);
    }

    [Fact]
    public async Task Nothing_is_stored_in_a_file_that_was_deleted()
    {
        File.Delete(_foreign.File);
        (await StoreAsync())!.Fault.ShouldBe(StorageFault.Moved);
        File.Exists(_foreign.File).ShouldBeFalse();
    }

    [Fact]
    public async Task Damage_ends_all_writing_until_the_next_start()
    {
        (await StoreAsync()).ShouldBeNull();
        byte[] whole = DamageTable("message");
        StorageException found = (await StoreAsync()).ShouldNotBeNull();
        found.Fault.ShouldBe(StorageFault.Corrupt);
        _database.Fault.ShouldNotBeNull().ShouldContain("malformed");

        Overwrite(0, whole);
        (await StoreAsync()).ShouldBeSameAs(found);
        Told().ShouldBe(["is damaged"]);

        await _database.DisposeAsync();
        await using Database again = Database.Open(_folder.Path);
        (await StoreAsync(again)).ShouldBeNull();
        again.Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(10, 1034)] // SQLITE_IOERR_FSYNC
    [InlineData(10, 778)] // SQLITE_IOERR_WRITE
    [InlineData(8, 8)] // SQLITE_READONLY
    [InlineData(14, 14)] // SQLITE_CANTOPEN
    public async Task After_a_fault_of_the_disk_the_writer_goes_on_with_a_new_connection(int code, int extendedCode)
    {
        ProbeWrite before = await RunAsync(_ => { });
        ProbeWrite failing = await RunAsync(_ => throw new SqliteException("by the test", code, extendedCode));
        ProbeWrite after = await RunAsync(_ => { });

        failing.RanOn.ShouldBeSameAs(before.RanOn);
        after.RanOn.ShouldNotBeSameAs(before.RanOn);
        (await after.Outcome).ShouldBeNull();
    }

    [Fact]
    public async Task After_a_failed_fsync_nothing_depends_on_what_was_in_the_log()
    {
        // Or the log would go with the writer's connection, as the last one.
        using SqliteConnection reader = _database.OpenReader();
        await RunAsync(statements => statements.InsertMessage(Sample.Received, "{}", new byte[1_000_000]));
        await RunAsync(_ => throw new SqliteException("by the test", 10, 1034));
        await StoreAsync();
        new FileInfo(_foreign.File + "-wal").Length.ShouldBeLessThan(500_000);
        new FileInfo(_foreign.File).Length.ShouldBeGreaterThan(1_000_000);
    }

    [Theory]
    [InlineData(13)] // SQLITE_FULL
    [InlineData(5)] // SQLITE_BUSY
    [InlineData(19)] // SQLITE_CONSTRAINT
    public async Task After_any_other_it_keeps_its_connection(int code)
    {
        ProbeWrite before = await RunAsync(_ => { });
        await RunAsync(_ => throw new SqliteException("by the test", code, code));
        (await RunAsync(_ => { })).RanOn.ShouldBeSameAs(before.RanOn);
    }

    [Fact]
    public async Task What_a_failed_transaction_wrote_is_not_there()
    {
        await RunAsync(statements =>
        {
            statements.InsertMessage(Sample.Received, "{}", [1]);
            throw new SqliteException("by the test", 10, 1034);
        });
        await StoreAsync();
        _foreign.Read("SELECT count(*) FROM message").ShouldBe(1L);
    }

    [Theory]
    [InlineData(13, 13, "Full")]
    [InlineData(10, 4874, "Full")] // SQLITE_IOERR_SHMSIZE
    [InlineData(10, 3082, "Other")] // SQLITE_IOERR_NOMEM
    [InlineData(10, 1034, "InputOutput")]
    [InlineData(11, 267, "Corrupt")] // SQLITE_CORRUPT_VTAB
    [InlineData(26, 26, "Corrupt")]
    [InlineData(8, 1032, "Moved")] // SQLITE_READONLY_DBMOVED
    [InlineData(14, 14, "ReadOnly")]
    [InlineData(5, 261, "Busy")] // SQLITE_BUSY_RECOVERY
    [InlineData(6, 6, "Busy")]
    [InlineData(19, 19, "Other")]
    public void Each_result_code_has_its_fault(int code, int extendedCode, string fault)
    {
        StorageFault of = StorageFaults.Of(new SqliteException("by the test", code, extendedCode));
        of.ToString().ShouldBe(fault);
        of.Advice().ShouldNotBeEmpty();
    }

    private async Task<StorageException?> StoreAsync(Database? database = null) =>
        await (await RunAsync(statements => statements.InsertMessage(Sample.Received, "{}", [1]), database)).Outcome;

    private async Task<ProbeWrite> RunAsync(Action<WriteStatements> execute, Database? database = null)
    {
        var write = new ProbeWrite(execute);
        await (database ?? _database).EnqueueAsync(write, TestContext.Current.CancellationToken);
        await write.Outcome;
        return write;
    }

    // In one batch: they queue up while the writer is kept busy.
    private async Task RunTogetherAsync(params Action<WriteStatements>[] writes)
    {
        using var gate = new ManualResetEventSlim();
        var keeper = new ProbeWrite(_ => gate.Wait());
        await _database.EnqueueAsync(keeper, TestContext.Current.CancellationToken);
        ProbeWrite[] probes = [.. writes.Select(write => new ProbeWrite(write))];
        foreach (ProbeWrite probe in probes)
            await _database.EnqueueAsync(probe, TestContext.Current.CancellationToken);
        gate.Set();
        foreach (ProbeWrite probe in probes)
            await probe.Outcome;
    }

    private static SqliteException Full() => new("by the test", 13, 13);

    private byte[] DamageTable(string table)
    {
        long page = (long)_foreign.Read($"SELECT rootpage FROM sqlite_schema WHERE name = '{table}'")!;
        _foreign.Overwrite(0);
        byte[] whole = File.ReadAllBytes(_foreign.File);
        Overwrite((page - 1) * Pragmas.PageSize, [.. Enumerable.Repeat((byte)0xA5, Pragmas.PageSize)]);
        return whole;
    }

    private void Overwrite(long offset, params byte[] octets)
    {
        using FileStream file = File.OpenWrite(_foreign.File);
        file.Position = offset;
        file.Write(octets);
    }

    // The words that tell the messages of the log apart.
    private IEnumerable<string> Told() =>
        _log.Lines.Select(line =>
            new[]
            {
                "cannot be written (Full)",
                "cannot be written (Busy)",
                "cannot be written (ReadOnly)",
                "cannot be written (Moved)",
                "storing again",
                "is damaged",
            }.Single(line.Contains)
        );
}
