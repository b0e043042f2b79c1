using System.Diagnostics.Metrics;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Storage;

public sealed class RetentionTests : IAsyncLifetime
{
    private static readonly string[] Sinks = ["journal", "redis"];

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new("2026-11-22T12:00:00Z");
    private readonly StorageOptions _options = new() { RetainFor = TimeSpan.FromDays(30) };
    private readonly RecordingLogger<Retention> _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private long _free = long.MaxValue;
    private Database _database = null!;
    private Spool _spool = null!;
    private EventStore _store = null!;

    public ValueTask InitializeAsync()
    {
        Open();
        return default;
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_is_too_old_goes_with_its_events()
    {
        await PublishedAsync(days: 31);
        SpoolId young = await PublishedAsync(days: 29);
        await RunAsync();
        Messages().ShouldBe([young]);
        Query("SELECT DISTINCT spool_id FROM event").ShouldBe([young.Value]);
    }

    [Fact]
    public async Task What_is_too_much_goes_oldest_first()
    {
        var ids = new List<SpoolId>();
        for (int i = 0; i < 20; i++)
            ids.Add(await PublishedAsync(days: 20 - i, octets: 100_000));
        _options.RetainOctets = 1_000_000;
        await RunAsync();
        IReadOnlyList<SpoolId> left = Messages();
        left.Count.ShouldBeInRange(7, 9);
        left.ShouldBe(ids[^left.Count..]);
    }

    [Fact]
    public async Task More_than_one_piece_goes_at_once()
    {
        await ManyPublishedAsync(150, days: 31);
        (await RunAsync()).ShouldBeTrue();
        Messages().ShouldBeEmpty();
        (await RunAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task What_is_unread_stays_however_old_and_large()
    {
        SpoolId unread = await AppendAsync(days: 400, octets: 100_000);
        await PublishedAsync(days: 31);
        _options.RetainOctets = 0;
        await RunAsync();
        Messages().ShouldBe([unread]);
    }

    [Fact]
    public async Task What_one_sink_has_not_taken_stays_however_old_and_large()
    {
        await PublishedAsync(days: 400);
        SpoolId waiting = await StoredAsync(days: 400);
        await _store.MoveCursorAsync("journal", Last(), CancellationToken.None);
        _options.RetainOctets = 0;
        await RunAsync();
        Messages().ShouldBe([waiting]);
    }

    [Fact]
    public async Task A_sink_that_has_never_taken_anything_keeps_everything()
    {
        SpoolId id = await PublishedAsync(days: 400);
        await RunAsync([.. Sinks, "new"]);
        Messages().ShouldBe([id]);
    }

    [Fact]
    public async Task Without_sinks_nothing_waits_for_one()
    {
        await StoredAsync(days: 31);
        await RunAsync([]);
        Messages().ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_sink_refused_stays()
    {
        SpoolId refused = await PublishedAsync(days: 400);
        Execute($"INSERT INTO dead (sink, seq, refused_at, error) VALUES ('redis', {Last()}, 0, 'too large')");
        await PublishedAsync(days: 400);
        _options.RetainOctets = 0;
        await RunAsync();
        Messages().ShouldBe([refused]);
    }

    [Fact]
    public async Task What_is_to_be_read_again_since_it_was_chosen_stays()
    {
        SpoolId again = await PublishedAsync(days: 31);
        SpoolId other = await PublishedAsync(days: 31);
        Execute($"INSERT INTO unread VALUES ({again})");
        (await _spool.RemoveAsync([again, other], Last(), CancellationToken.None)).ShouldBe(1);
        Messages().ShouldBe([again]);
    }

    [Fact]
    public async Task Events_whose_message_is_lost_go_too()
    {
        SpoolId lost = await PublishedAsync(days: 1);
        Execute($"DELETE FROM message WHERE spool_id = {lost}");
        await RunAsync();
        Query("SELECT count(*) FROM event").ShouldBe([0L]);
    }

    [Theory]
    [InlineData(long.MinValue, 0)]
    [InlineData(long.MaxValue, 1)]
    public async Task A_time_that_is_none_is_the_first_or_the_last(long receivedAt, int left)
    {
        SpoolId id = await PublishedAsync(days: 1);
        Execute($"UPDATE message SET received_at = {receivedAt} WHERE spool_id = {id}");
        await RunAsync();
        Messages().Count.ShouldBe(left);
    }

    [Fact]
    public async Task Whatever_goes_wrong_it_goes_on()
    {
        _options.RetainFor = TimeSpan.MaxValue; // beyond the calendar
        using Retention retention = Create(Sinks);
        await retention.StartAsync(CancellationToken.None);
        await Eventually(() => _log.Lines.Count == 1);
        retention.ExecuteTask!.IsFaulted.ShouldBeFalse();
        _log.Lines.ShouldHaveSingleItem().ShouldContain("it is tried again");
        await retention.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_number_is_not_used_twice_though_all_messages_went()
    {
        SpoolId last = await PublishedAsync(days: 31);
        await RunAsync();
        (await AppendAsync(days: 0)).Value.ShouldBe(last.Value + 1);
    }

    [Fact]
    public async Task The_count_follows_what_comes_and_goes_also_over_a_restart()
    {
        await PublishedAsync(days: 31);
        await PublishedAsync(days: 1);
        await AppendAsync(days: 1);
        await RunAsync();
        _spool.Count().ShouldBe((2, 1));

        await _database.DisposeAsync();
        Open();
        _spool.Count().ShouldBe((2, 1));
    }

    [Fact]
    public async Task A_journal_file_that_is_too_old_goes_and_the_one_being_written_stays()
    {
        string old = WriteJournal("2026-10-20.jsonl", days: 33);
        string young = WriteJournal("2026-10-25.jsonl", days: 28);
        await RunAsync();
        File.Exists(old).ShouldBeFalse();
        File.Exists(young).ShouldBeTrue();

        _options.RetainFor = TimeSpan.FromDays(1);
        await RunAsync();
        File.Exists(young).ShouldBeTrue();
    }

    [Fact]
    public async Task Beyond_the_size_the_oldest_goes_first_be_it_file_or_message()
    {
        SpoolId first = await PublishedAsync(days: 9, octets: 300_000);
        string file = WriteJournal("2026-11-14.jsonl", days: 8, octets: 300_000);
        SpoolId last = await PublishedAsync(days: 7, octets: 300_000);
        WriteJournal("2026-11-22.jsonl", days: 0);

        _options.RetainOctets = 900_000;
        await RunAsync();
        Messages().ShouldBe([last]);
        File.Exists(file).ShouldBeTrue();

        _options.RetainOctets = 500_000;
        await RunAsync();
        Messages().ShouldBe([last]);
        File.Exists(file).ShouldBeFalse();
        first.ShouldNotBe(last);
    }

    [Fact]
    public async Task A_file_that_is_mostly_free_is_given_back_to_the_disk()
    {
        await ManyPublishedAsync(80, days: 31, octets: 1_000_000);
        await RunAsync();
        FreeOctets().ShouldBeInRange(60 * 1024 * 1024, 64 * 1024 * 1024);
        Query("PRAGMA quick_check").ShouldBe(["ok"]);
    }

    [Fact]
    public async Task While_the_disk_is_low_all_that_is_free_is_given_back()
    {
        await PublishedAsync(days: 31, octets: 3_000_000);
        _free = 1;
        await RunAsync();
        FreeOctets().ShouldBe(0);
        Query("PRAGMA quick_check").ShouldBe(["ok"]);
    }

    [Theory]
    [InlineData(5_000_000, 1)]
    [InlineData(6_000_000, 0)]
    public async Task A_disk_that_is_low_before_the_bound_is_reached_is_warned_of_once(long free, int lines)
    {
        (_options.RetainOctets, _options.Reserve, _free) = (7_000_000, 1_000_000, free);
        await AppendAsync(days: 1, octets: 2_000_000);
        using Retention retention = Create(Sinks);
        await retention.RunOnceAsync(CancellationToken.None);
        await retention.RunOnceAsync(CancellationToken.None);
        _log.Lines.Count(line => line.Contains("Storage:RetainOctets (7000000)", StringComparison.Ordinal)).ShouldBe(lines);
    }

    [Fact]
    public async Task What_went_is_counted_and_said_once_an_hour()
    {
        using var listener = new MeterListener();
        var counted = new Dictionary<string, long>(StringComparer.Ordinal);
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>(
            (instrument, value, tags, _) =>
            {
                string name = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
                counted[name] = instrument is Counter<long> ? counted.GetValueOrDefault(name) + value : value;
            }
        );
        listener.Start();
        using Retention retention = Create(Sinks);

        await PublishedAsync(days: 31);
        WriteJournal("2026-11-22.jsonl", days: 0, octets: 42);
        await retention.RunOnceAsync(CancellationToken.None);
        await PublishedAsync(days: 31);
        await retention.RunOnceAsync(CancellationToken.None);
        listener.RecordObservableInstruments();
        counted["bouncemx.storage.removed"].ShouldBe(2);
        counted["bouncemx.storage.size journal"].ShouldBe(42);
        counted["bouncemx.storage.size database"].ShouldBeGreaterThan(4096);
        _log.Lines.ShouldHaveSingleItem().ShouldStartWith("Removed 1 messages with their events and 0 journal files");

        _time.Now = _time.Now.AddHours(1);
        await retention.RunOnceAsync(CancellationToken.None);
        _log.Lines.Count.ShouldBe(2);
    }

    [Fact]
    public async Task What_must_stay_beyond_the_bound_is_warned_of()
    {
        await AppendAsync(days: 1, octets: 1_000_000);
        _options.RetainOctets = 500_000;
        using Retention retention = Create(Sinks);
        await retention.RunOnceAsync(CancellationToken.None);
        await retention.RunOnceAsync(CancellationToken.None);
        _log.Lines.ShouldHaveSingleItem().ShouldContain("Storage:RetainOctets is 500000");
    }

    private void Open()
    {
        _database = Database.Open(_folder.Path);
        _spool = new Spool(_database);
        _store = new EventStore(_database, _time);
    }

    private Retention Create(IReadOnlyList<string> sinks) =>
        new(
            _database,
            _spool,
            new JournalFiles(JournalSink.FolderIn(_folder.Path)),
            sinks,
            _options,
            new DiskSpace(() => _free, _options.Reserve, TimeProvider.System, NullLogger<DiskSpace>.Instance),
            new RetentionMetrics(_services.GetRequiredService<IMeterFactory>()),
            _time,
            _log
        );

    private async Task<bool> RunAsync(params string[]? sinks)
    {
        using Retention retention = Create(sinks ?? Sinks);
        return await retention.RunOnceAsync(CancellationToken.None);
    }

    private Task<bool> RunAsync() => RunAsync(null);

    private async Task<SpoolId> AppendAsync(int days, int octets = 1000) =>
        (await _spool.AppendAsync(Sample.Envelope(), _time.Now.AddDays(-days), new byte[octets], CancellationToken.None)).Id;

    private async Task<SpoolId> StoredAsync(int days, int octets = 1000)
    {
        SpoolId id = await AppendAsync(days, octets);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _store.StoreAsync(id, [Sample.Event("a"), Sample.Event("b")], (_, _) => done.SetResult(), CancellationToken.None);
        await done.Task;
        return id;
    }

    private async Task<SpoolId> PublishedAsync(int days, int octets = 1000)
    {
        SpoolId id = await StoredAsync(days, octets);
        await TakeAllAsync();
        return id;
    }

    // Together, as each would wait for a commit of its own.
    private async Task ManyPublishedAsync(int count, int days, int octets = 1000)
    {
        await Task.WhenAll(Enumerable.Range(0, count).Select(_ => StoredAsync(days, octets)));
        await TakeAllAsync();
    }

    private async Task TakeAllAsync()
    {
        long last = Last();
        foreach (string sink in Sinks)
            await _store.MoveCursorAsync(sink, last, CancellationToken.None);
        // The queue is in order: when this is done, the cursors are on disk.
        await _spool.RemoveAsync([], 0, CancellationToken.None);
    }

    private static async Task Eventually(Func<bool> condition)
    {
        for (int i = 0; i < 500 && !condition(); i++)
            await Task.Delay(10);
    }

    private long Last()
    {
        using EventReader reader = _store.OpenReader();
        return reader.ReadLast();
    }

    private IReadOnlyList<SpoolId> Messages() =>
        [.. Query("SELECT spool_id FROM message ORDER BY spool_id").Select(id => new SpoolId((long)id))];

    private long FreeOctets() => (long)Query("PRAGMA freelist_count")[0] * Pragmas.PageSize;

    private string WriteJournal(string name, int days, int octets = 100)
    {
        string path = _folder.Write(Path.Combine("journal", name), new string('\n', octets));
        File.SetLastWriteTimeUtc(path, _time.Now.AddDays(-days).UtcDateTime);
        return path;
    }

    private void Execute(string sql) => Query(sql);

    private List<object> Query(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        using SqliteDataReader reader = command.ExecuteReader();
        var values = new List<object>();
        while (reader.Read())
            values.Add(reader.GetValue(0));
        return values;
    }
}
