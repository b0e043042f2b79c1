using BounceMx.Storage;

namespace BounceMx.Tests.Storage;

public sealed class IntegrityCheckTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Main => Path.Combine(_folder.Path, "bouncemx.db");

    private string Log => Main + "-wal";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_empty_folder_is_sound() => Check().ShouldBeNull();

    [Fact]
    public async Task A_database_is_sound()
    {
        await SampleDatabase.CreateAsync(_folder.Path);

        Check(StorageCheck.Quick).ShouldBeNull();
        Check(StorageCheck.Full).ShouldBeNull();
    }

    [Fact]
    public async Task A_page_of_a_message_is_damaged() => await FindsAsync(sample => sample.DamagePageOf("raw-000300"));

    [Fact]
    public async Task A_page_of_an_event_is_damaged() => await FindsAsync(sample => sample.DamagePageOf("event-000300"));

    [Fact]
    public async Task A_page_above_others_is_damaged() => await FindsAsync(sample => sample.DamageRootOf("message"));

    [Fact]
    public async Task The_first_page_is_damaged() => await FindsAsync(sample => sample.DamagePage(1));

    [Fact]
    public async Task The_file_is_cut_off() => await FindsAsync(sample => sample.Truncate(0.5));

    [Fact]
    public async Task An_index_that_lost_a_row_is_found_by_the_full_check()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        long root = sample.Read("SELECT rootpage FROM sqlite_schema WHERE name = 'event_by_message'");
        sample.Execute(
            $"""
            PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_dead_1')
            WHERE name = 'event_by_message' AND rootpage = {root};
            """
        );

        Check(StorageCheck.Full).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_sink_that_is_ahead_of_all_events_is_damage() =>
        await FindsAsync(sample => sample.Execute($"UPDATE cursor SET seq = {SampleDatabase.Events + 1}"));

    [Fact]
    public async Task A_database_without_tables_is_sound()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.Execute(
            "DROP TABLE cursor; DROP TABLE event; DROP TABLE dead; DROP TABLE message; DROP TABLE unread; PRAGMA user_version = 0"
        );

        Check().ShouldBeNull();
    }

    [Fact]
    public async Task What_is_not_checked_is_not_found()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        sample.DamagePageOf("raw-000300");

        Check(StorageCheck.Off).ShouldBeNull();
    }

    [Fact]
    public void A_database_that_is_gone_while_its_log_is_there_is_damaged_even_where_nothing_is_checked()
    {
        File.WriteAllText(Log, "frames");

        Check(StorageCheck.Off).ShouldBe("it is gone, but bouncemx.db-wal is there");
    }

    [Fact]
    public void A_database_that_is_empty_while_its_log_is_not_is_damaged()
    {
        File.WriteAllText(Main, "");
        File.WriteAllText(Log, "frames");

        Check().ShouldBe("it is empty, but bouncemx.db-wal is not");
        File.Exists(Log).ShouldBeTrue();
    }

    [Fact]
    public void A_database_that_was_made_and_not_written_is_sound()
    {
        File.WriteAllText(Main, "");

        Check().ShouldBeNull();
    }

    [Fact]
    public async Task The_log_is_checked_with_the_database_and_stays_where_it_is()
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        using var copy = new TemporaryFolder();
        using (sample.KeepLog())
        {
            sample.Execute("INSERT INTO unread VALUES (1)");
            Copy(copy.Path);
        }
        long length = new FileInfo(Path.Combine(copy.Path, "bouncemx.db-wal")).Length;

        IntegrityReport report = IntegrityCheck.Run(copy.Path, StorageCheck.Quick, TimeProvider.System);

        report.Damage.ShouldBeNull();
        length.ShouldBePositive();
        new FileInfo(Path.Combine(copy.Path, "bouncemx.db-wal")).Length.ShouldBe(length);
    }

    // In the middle, at its beginning, and what a power failure would leave of the last commit.
    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(0, true)]
    [InlineData(-1, false)]
    public async Task A_log_that_lost_commits_is_damaged_and_one_that_ends_in_the_middle_of_one_is_not(int damagedCommit, bool isDamaged)
    {
        SampleDatabase sample = await SampleDatabase.CreateAsync(_folder.Path);
        using var copy = new TemporaryFolder();
        string log = Path.Combine(copy.Path, "bouncemx.db-wal");
        var ends = new List<long>();
        using (sample.KeepLog())
        {
            for (int i = 1; i <= 6; i++)
            {
                sample.Execute($"INSERT INTO unread VALUES ({i})");
                ends.Add(new FileInfo(Log).Length);
            }
            Copy(copy.Path);
        }
        long offset = damagedCommit == 0 ? 0 : (damagedCommit < 0 ? ends[^1] : ends[damagedCommit]) - 200;

        SampleDatabase.Overwrite(log, offset, 100);

        string? damage = IntegrityCheck.Run(copy.Path, StorageCheck.Quick, TimeProvider.System).Damage;
        (damage is not null).ShouldBe(isDamaged, damage);
    }

    private async Task FindsAsync(Action<SampleDatabase> damage)
    {
        damage(await SampleDatabase.CreateAsync(_folder.Path));

        Check().ShouldNotBeNull();
        File.Exists(Main).ShouldBeTrue();
    }

    private string? Check(StorageCheck depth = StorageCheck.Quick) => IntegrityCheck.Run(_folder.Path, depth, TimeProvider.System).Damage;

    private void Copy(string folder)
    {
        File.Copy(Main, Path.Combine(folder, "bouncemx.db"));
        File.Copy(Log, Path.Combine(folder, "bouncemx.db-wal"));
    }
}
