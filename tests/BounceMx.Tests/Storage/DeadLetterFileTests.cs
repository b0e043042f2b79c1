using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

/// <summary>The dead letters as the command line sees them, without a server.</summary>
public sealed class DeadLetterFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // A folder as a killed server leaves it.
    private readonly TemporaryFolder _killed = new();

    private string Log => Path.Combine(_killed.Path, "bouncemx.db-wal");

    public void Dispose()
    {
        _folder.Dispose();
        _killed.Dispose();
    }

    [Fact]
    public async Task A_log_that_nobody_has_checked_stays_where_it_is()
    {
        await KillAsync();
        byte[] before = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);

        using (var file = DeadLetterFile.Open(_killed.Path))
            file.Read().ShouldHaveSingleItem();

        (await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task Nothing_is_written_over_commits_behind_a_damaged_one()
    {
        await KillAsync();
        SampleDatabase.Overwrite(Log, 200, 100);
        byte[] before = await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken);

        using (var file = DeadLetterFile.Open(_killed.Path))
            Should.Throw<DamagedDatabaseException>(() => file.Mark(sink: null, [])).Message.ShouldContain("recover");

        (await File.ReadAllBytesAsync(Log, TestContext.Current.CancellationToken)).ShouldBe(before);
    }

    [Fact]
    public async Task A_database_that_lost_its_file_is_not_made_anew()
    {
        await KillAsync();
        File.Delete(Path.Combine(_killed.Path, "bouncemx.db"));

        Should.Throw<DamagedDatabaseException>(() => DeadLetterFile.Open(_killed.Path));
    }

    [Fact]
    public async Task A_recovery_that_was_broken_off_comes_first()
    {
        await KillAsync();
        _killed.Write("bouncemx.recovering", "damaged-1");

        Should.Throw<DamagedDatabaseException>(() => DeadLetterFile.Open(_killed.Path));
    }

    [Fact]
    public async Task Who_reads_slowly_does_not_keep_the_log_from_starting_over()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute("INSERT INTO dead (sink, seq, refused_at, error) SELECT 'journal', seq, 1, 'no' FROM event");
        using var file = DeadLetterFile.Open(_folder.Path);
        using IEnumerator<DeadLetter> letters = file.Read().GetEnumerator();
        letters.MoveNext().ShouldBeTrue();
        sample.Execute("INSERT INTO unread VALUES (1)");

        // 0: nobody was in the way.
        sample.Read("PRAGMA wal_checkpoint(TRUNCATE)").ShouldBe(0);

        int count = 1;
        while (letters.MoveNext())
            count++;
        count.ShouldBe(SampleDatabase.Events + 1);
    }

    [Fact]
    public async Task Forgets_only_what_is_named()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute("INSERT INTO dead (sink, seq, refused_at, error) VALUES ('redis', 8, 1, 'no')");
        using var file = DeadLetterFile.Open(_folder.Path);

        file.Forget([2, 2, 9]).ShouldBe(1);

        file.Read().ShouldHaveSingleItem().Number.ShouldBe(1);
        sample.Read("SELECT count(*) FROM event").ShouldBe(SampleDatabase.Events);
    }

    private async Task KillAsync()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        using (sample.KeepLog())
        {
            for (int i = 1; i <= 6; i++)
                sample.Execute($"INSERT INTO unread VALUES ({i})");
            foreach (string name in (string[])["bouncemx.db", "bouncemx.db-wal"])
                File.Copy(Path.Combine(_folder.Path, name), Path.Combine(_killed.Path, name));
        }
    }
}
