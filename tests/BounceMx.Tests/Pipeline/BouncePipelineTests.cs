using System.Text;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Pipeline;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Pipeline;

/// <summary>The pipeline over a database on disk.</summary>
public sealed class BouncePipelineTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<BouncePipeline> _log = new();
    private readonly Database _database;
    private readonly Spool _spool;
    private readonly EventStore _store;

    public BouncePipelineTests()
    {
        _database = Database.Open(_folder.Path);
        _spool = new Spool(_database);
        _store = new EventStore(_database, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task What_an_earlier_run_left_unread_is_analysed_at_the_start()
    {
        await AppendAsync(3);
        await RunAsync(_ => Task.CompletedTask);
        SpoolIds().ShouldBe([1, 2, 3], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_offered_is_analysed()
    {
        await RunAsync(async pipeline => pipeline.Offer(await AppendAsync()));
        SpoolIds().ShouldBe([1]);
    }

    [Fact]
    public async Task What_is_offered_before_the_start_is_analysed_once()
    {
        using BouncePipeline pipeline = Create();
        foreach (SpooledMessage message in await AppendAsync(20))
            pipeline.Offer(message);
        await RunAsync(pipeline);
        SpoolIds().ShouldBe(Enumerable.Range(1, 20).Select(i => (long)i), ignoreOrder: true);
    }

    [Fact]
    public async Task More_than_the_channel_holds_is_analysed_once_each()
    {
        const int Count = 1000;
        await RunAsync(
            async pipeline =>
            {
                foreach (SpooledMessage message in await AppendAsync(Count))
                    pipeline.Offer(message);
            },
            new PipelineOptions { Capacity = 2, Workers = 2 }
        );
        SpoolIds().ShouldBe(Enumerable.Range(1, Count).Select(i => (long)i), ignoreOrder: true);
    }

    [Fact]
    public async Task A_message_too_large_to_wait_in_memory_is_read_from_disk()
    {
        byte[] raw = Encoding.ASCII.GetBytes(Sample.Bounce.ReplaceLineEndings("\r\n") + new string('x', 100_000));
        SpooledMessage message = await AppendAsync(raw);
        message.Raw.ShouldBeNull();
        await RunAsync(_ => Task.CompletedTask);
        Events().ShouldHaveSingleItem().Reason.ShouldBe("user_unknown");
    }

    [Fact]
    public async Task Events_that_cannot_be_stored_are_stored_later()
    {
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        await RunAsync(async pipeline =>
        {
            pipeline.Offer(await AppendAsync());
            await Eventually.TrueAsync("a failure", () => _log.Lines.Any(line => line.Contains("refused by the test")));
            _spool.Count().Unread.ShouldBe(1);
            Execute("DROP TRIGGER refuse");
        });
        SpoolIds().ShouldBe([1]);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_is_read_later_and_holds_up_no_other()
    {
        SpooledMessage large = await AppendAsync(new byte[Spool.CarriedSize + 1]);
        Execute("CREATE TABLE aside AS SELECT * FROM message; DELETE FROM message;");
        await RunAsync(async pipeline =>
        {
            pipeline.Offer(large);
            await Eventually.TrueAsync("a failure", () => _log.Lines.Any(line => line.Contains("Message 1 could not be analysed")));
            pipeline.Offer(await AppendAsync());
            await Eventually.TrueAsync("the other message", () => SpoolIds().Contains(2));
            Execute("INSERT INTO message SELECT * FROM aside");
        });
        SpoolIds().ShouldBe([1, 2], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_not_analysed_when_it_stops_is_analysed_by_the_next_run()
    {
        await AppendAsync(200);
        using (BouncePipeline first = Create(new PipelineOptions { Capacity = 1, Workers = 1 }))
        {
            await first.StartAsync(CancellationToken.None);
            await first.StopAsync(CancellationToken.None);
        }
        await RunAsync(_ => Task.CompletedTask);
        SpoolIds().ShouldBe(Enumerable.Range(1, 200).Select(i => (long)i), ignoreOrder: true);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_by_a_fault_of_ours_is_published_unread()
    {
        await AppendAsync();
        using BouncePipeline pipeline = CreateHasty(Failing());
        await RunAsync(pipeline);

        BounceEvent published = Events().ShouldHaveSingleItem();
        published.Type.ShouldBe("other");
        published.Recipient.ShouldBe("user@recipient.test");
        published.Rule.ShouldBe("none");
        published.Evidence.ShouldBe(["reading failed: NullReferenceException"]);
        _log.Lines.Count(line => line.Contains("Message 1 could not be analysed")).ShouldBe(5);
        _log.Lines.ShouldContain(line => line.Contains("Message 1 failed 5 times by a fault of ours"));
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_by_a_fault_of_ours_holds_up_no_other()
    {
        await AppendAsync(300);
        using BouncePipeline pipeline = CreateHasty(Failing(), new PipelineOptions { Capacity = 1, Workers = 1 });
        await RunAsync(pipeline);
        SpoolIds().ShouldBe(Enumerable.Range(1, 300).Select(i => (long)i), ignoreOrder: true);
    }

    [Fact]
    public async Task A_message_whose_envelope_cannot_be_read_is_published_unread_without_an_address_and_holds_up_no_other()
    {
        await AppendAsync(3);
        Execute("UPDATE message SET envelope = '{' WHERE spool_id = 2");
        using BouncePipeline pipeline = CreateHasty(Sample.Composer());
        await RunAsync(pipeline);

        SpoolIds().ShouldBe([1, 2, 3], ignoreOrder: true);
        BounceEvent published = Events().Single(e => e.SpoolId == 2);
        (published.Type, published.BounceAddress, published.Trust).ShouldBe(("other", null, "suspect"));
        published.ReceivedAt.ShouldBe(Sample.Received);
        published.Evidence.ShouldBe(["reading failed: JsonException"]);
    }

    [Fact]
    public async Task A_message_on_a_damaged_page_holds_up_no_other_and_is_named_once()
    {
        // Each on a page of its own.
        foreach (string text in (string[])["first", "second", "third", "fourth"])
            await AppendAsync(Encoding.ASCII.GetBytes(text.PadRight(12_000, 'x')));
        DamagePageOf("thirdxxx");
        await RunUntilAsync(() => _spool.Count().Unread == 1);

        SpoolIds().ShouldBe([1, 2, 4], ignoreOrder: true);
        _log.Lines.Count(line => line.Contains("Message 3 cannot be read, as the database is damaged")).ShouldBe(1);
    }

    [Fact]
    public async Task A_spool_that_cannot_be_scanned_is_a_fault_until_it_can()
    {
        await AppendAsync();
        Execute("ALTER TABLE unread RENAME TO aside");
        using BouncePipeline pipeline = CreateHasty(Sample.Composer());
        await pipeline.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the fault", () => pipeline.Fault?.Contains("no such table") == true);

        Execute("ALTER TABLE aside RENAME TO unread");

        await Eventually.TrueAsync("the fault to go", () => pipeline.Fault is null);
        await Eventually.TrueAsync("the message", () => SpoolIds().Contains(1));
        await pipeline.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Events_that_cannot_be_stored_for_what_they_are_are_no_fault_of_the_disk()
    {
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON event WHEN new.spool_id = 1 BEGIN SELECT RAISE(ABORT, 'no'); END");
        await AppendAsync(2);
        await RunUntilAsync(() => _log.Lines.Any(line => line.Contains("The events of message 1 could not be stored")) && SpoolIds().Any());

        _log.Lines.ShouldNotContain(line => line.Contains("Events cannot be stored"));
    }

    [Fact]
    public async Task Events_that_cannot_be_stored_for_what_they_are_are_stored_as_unread()
    {
        Execute(
            "CREATE TRIGGER refuse BEFORE INSERT ON event WHEN new.data NOT LIKE '%reading failed%' BEGIN SELECT RAISE(ABORT, 'no'); END"
        );
        await AppendAsync();
        using BouncePipeline pipeline = CreateHasty(Sample.Composer());
        await RunAsync(pipeline);
        Events().ShouldHaveSingleItem().Evidence.ShouldBe(["reading failed: SqliteException"]);
    }

    [Theory]
    [InlineData(5)] // SQLITE_BUSY
    [InlineData(10)] // SQLITE_IOERR
    [InlineData(13)] // SQLITE_FULL
    public void What_a_disk_does_is_no_fault_of_ours(int code)
    {
        var exception = new SqliteException("the disk", code);
        OwnFaults.IsOurs(exception).ShouldBeFalse();
        OwnFaults.IsOurs(new StorageException("the disk", StorageFault.Other, exception)).ShouldBeFalse();
    }

    // Without rules it fails at every message.
    private static EventComposer Failing() => new(null!, new RecipientMatcher(Sample.Codec()), new TrustJudge(Sample.Codec(), []));

    private BouncePipeline Create(PipelineOptions? options = null) =>
        new(_spool, _store, Sample.Composer(), options ?? new PipelineOptions(), TimeProvider.System, _log);

    private BouncePipeline CreateHasty(EventComposer composer, PipelineOptions? options = null) =>
        new(_spool, _store, composer, options ?? new PipelineOptions(), new HastyTime(), _log);

    private async Task RunAsync(Func<BouncePipeline, Task> meanwhile, PipelineOptions? options = null)
    {
        using BouncePipeline pipeline = Create(options);
        await RunAsync(pipeline, meanwhile);
    }

    // Until nothing is unread any more.
    private async Task RunAsync(BouncePipeline pipeline, Func<BouncePipeline, Task>? meanwhile = null)
    {
        await pipeline.StartAsync(CancellationToken.None);
        if (meanwhile is not null)
            await meanwhile(pipeline);
        await Eventually.TrueAsync("all messages to be analysed", () => _spool.Count().Unread == 0, () => string.Join('\n', _log.Lines));
        await pipeline.StopAsync(CancellationToken.None);
    }

    private async Task RunUntilAsync(Func<bool> isOver)
    {
        using BouncePipeline pipeline = CreateHasty(Sample.Composer());
        await pipeline.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the end", isOver, () => string.Join('\n', _log.Lines));
        await pipeline.StopAsync(CancellationToken.None);
    }

    private Task<SpooledMessage> AppendAsync() => AppendAsync(Sample.Message().Raw!);

    private Task<SpooledMessage> AppendAsync(byte[] raw) =>
        _spool.AppendAsync(Sample.Envelope(), Sample.Received, raw, CancellationToken.None);

    private Task<SpooledMessage[]> AppendAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(_ => AppendAsync()));

    private List<BounceEvent> Events()
    {
        using EventReader reader = _store.OpenReader();
        return [.. reader.ReadAfter(0, 10_000).Select(row => EventJson.Read(row.Data))];
    }

    private IEnumerable<long> SpoolIds() => Events().Select(e => e.SpoolId);

    private void DamagePageOf(string text)
    {
        const int PageSize = 16384;
        Execute("PRAGMA wal_checkpoint(TRUNCATE)");
        using FileStream file = new($"{_folder.Path}/bouncemx.db", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        var octets = new byte[file.Length];
        file.ReadExactly(octets);
        int at = octets.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        at.ShouldBeGreaterThan(0);
        file.Position = at / PageSize * PageSize;
        file.Write(new byte[PageSize]);
    }

    // Beside the writer, as an administrator would.
    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
