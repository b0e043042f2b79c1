using System.Collections.Concurrent;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Publishing;

/// <summary>What becomes of events that a sink refuses.</summary>
public sealed class DeadLetterTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<SinkRunner> _log = new();
    private readonly Database _database;
    private readonly EventStore _store;
    private readonly ChoosySink _sink = new();
    private readonly HastyTime _time = new();
    private readonly SinkRunner _runner;

    public DeadLetterTests()
    {
        _database = Database.Open(_folder.Path);
        _store = new EventStore(_database, TimeProvider.System);
        _runner = new SinkRunner(_sink, _store, _time, _log);
    }

    public async ValueTask DisposeAsync()
    {
        await _runner.StopAsync(CancellationToken.None);
        _runner.Dispose();
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task An_event_that_is_refused_beside_others_is_tried_three_times_and_put_aside()
    {
        _sink.Refuses("b");
        await StoreAsync("a", "b", "c");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the cursor", () => _runner.Cursor == 3);

        _sink.Taken.ShouldBe(["a", "c"]);
        _sink.Tries("b").ShouldBe(3);
        DeadLetter letter = Dead().ShouldHaveSingleItem();
        (letter.Sink, letter.Error, letter.Event.Id, letter.IsMarked).ShouldBe(("choosy", "not b", "b", false));
        _log.Lines.ShouldContain(line => line.Contains("refuses event b") && line.Contains("not b"));
    }

    [Fact]
    public async Task What_comes_behind_a_refused_event_is_not_held_up()
    {
        _sink.Refuses("b");
        await StoreAsync("a", "b");
        await _runner.StartAsync(CancellationToken.None);
        await StoreAsync("c");
        await Eventually.TrueAsync("c", () => _sink.Taken.Contains("c"));
    }

    [Fact]
    public async Task An_event_that_is_refused_alone_is_tried_until_others_come_along()
    {
        _sink.Refuses("a");
        await StoreAsync("a");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("five tries", () => _sink.Tries("a") >= 5);
        Dead().ShouldBeEmpty();
        _runner.Cursor.ShouldBe(0);
        _runner.Fault.ShouldBe("not a");

        await StoreAsync("b");

        await Eventually.TrueAsync("the cursor", () => _runner.Cursor == 2);
        Dead().ShouldHaveSingleItem().Event.Id.ShouldBe("a");
        await Eventually.TrueAsync("the fault to go", () => _runner.Fault is null);
    }

    [Fact]
    public async Task An_event_that_is_refused_alone_for_over_a_minute_is_put_aside()
    {
        _sink.Refuses("a");
        await StoreAsync("a");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("two tries", () => _sink.Tries("a") >= 2);

        _time.Ahead = TimeSpan.FromSeconds(61);

        await Eventually.TrueAsync("the dead letter", () => Dead() is [{ Event.Id: "a" }]);
        await Eventually.TrueAsync("the fault to go", () => _runner.Fault is null);
    }

    [Fact]
    public async Task Events_that_are_refused_together_are_not_put_aside_however_long_it_takes()
    {
        _sink.RefusesAll = true;
        await StoreAsync("a", "b");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("two failures", () => _runner.Failures >= 2);

        _time.Ahead = TimeSpan.FromMinutes(10);

        await Eventually.TrueAsync("more failures", () => _runner.Failures >= 5);
        Dead().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sink_that_begins_to_refuse_everything_in_the_middle_of_a_batch_puts_nothing_aside()
    {
        string[] ids = [.. Enumerable.Range(0, 50).Select(i => $"{i:d3}")];
        _sink.RefusesAll = true;
        // As after a batch of which it took the first, which it knows again.
        _sink.Knows("000");
        await StoreAsync(ids);
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("five failures", () => _runner.Failures >= 5);
        Dead().ShouldBeEmpty();
        _runner.Cursor.ShouldBe(0);

        _sink.RefusesAll = false;
        await Eventually.TrueAsync("the events", () => _runner.Cursor == ids.Length);
        Dead().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sink_that_is_down_puts_nothing_aside()
    {
        _sink.IsDown = true;
        await StoreAsync("a", "b");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("failures", () => _runner.Failures >= 5);
        Dead().ShouldBeEmpty();

        _sink.IsDown = false;
        await Eventually.TrueAsync("the events", () => _runner.Cursor == 2);
        Dead().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_sink_that_fails_at_many_gets_fewer()
    {
        _sink.MostAtOnce = 10;
        await StoreAsync([.. Enumerable.Range(0, 100).Select(i => $"{i:d3}")]);
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the events", () => _runner.Cursor == 100, () => _runner.Fault ?? "");
        _sink.Taken.ShouldBe(Enumerable.Range(0, 100).Select(i => $"{i:d3}"));
    }

    [Fact]
    public async Task The_cursor_does_not_move_over_what_could_not_be_put_aside()
    {
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON dead BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        _sink.Refuses("b");
        await StoreAsync("a", "b");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("a failure", () => _runner.Failures > 0);
        _runner.Cursor.ShouldBe(0);
        using (EventReader reader = _store.OpenReader())
            reader.ReadCursor("choosy").ShouldBe(0);

        Execute("DROP TRIGGER refuse");
        await Eventually.TrueAsync("the cursor", () => _runner.Cursor == 2);
        Dead().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_dead_letter_that_is_marked_is_tried_once_and_gone_when_it_is_taken()
    {
        await BuryAsync();
        _sink.RefusesNothing();

        Mark().ShouldBe(1);

        await Eventually.TrueAsync("b", () => _sink.Taken.Contains("b"));
        await Eventually.TrueAsync("no dead letter", () => Dead().Count == 0);
    }

    [Fact]
    public async Task A_dead_letter_that_is_refused_again_stays_with_the_new_words()
    {
        await BuryAsync();
        _sink.Refuses("b", "still not b");
        int tries = _sink.Tries("b");

        Mark();

        await Eventually.TrueAsync("another try", () => Dead() is [{ IsMarked: false, Error: "still not b" }]);
        _sink.Tries("b").ShouldBe(tries + 1);
    }

    [Fact]
    public async Task A_dead_letter_stays_marked_while_the_sink_is_down()
    {
        await BuryAsync();
        _sink.RefusesNothing();
        _sink.IsDown = true;
        Mark();
        await Eventually.TrueAsync("a failure", () => _log.Lines.Any(line => line.Contains("could not be given again")));
        Dead().ShouldHaveSingleItem().IsMarked.ShouldBeTrue();

        _sink.IsDown = false;
        await Eventually.TrueAsync("no dead letter", () => Dead().Count == 0);
        _sink.Taken.ShouldContain("b");
    }

    [Fact]
    public async Task A_dead_letter_that_the_sink_fails_at_holds_up_no_new_event()
    {
        await BuryAsync();
        _sink.FailsAt = "b";
        Mark();
        await Eventually.TrueAsync("a failure", () => _log.Lines.Any(line => line.Contains("could not be given again")));

        await StoreAsync("c");

        await Eventually.TrueAsync("c", () => _sink.Taken.Contains("c"));
        _runner.Failures.ShouldBe(0);
        Dead().ShouldHaveSingleItem().IsMarked.ShouldBeTrue();
    }

    [Fact]
    public async Task A_dead_letter_without_a_mark_is_left_alone()
    {
        await BuryAsync();
        int tries = _sink.Tries("b");
        await Task.Delay(DeadLetterRetry.Pause * 1.5);
        _sink.Tries("b").ShouldBe(tries);
    }

    [Theory]
    [InlineData("choosy", new long[0], 1)]
    [InlineData("other", new long[0], 0)]
    [InlineData(null, new long[] { 1, 2 }, 1)]
    [InlineData(null, new long[] { 2 }, 0)]
    public async Task Marks_only_what_is_named(string? sink, long[] numbers, int marked)
    {
        await BuryAsync();
        await _runner.StopAsync(CancellationToken.None);
        using DeadLetterFile file = DeadLetterFile.Open(_folder.Path);
        file.Mark(sink, numbers).ShouldBe(marked);
    }

    // One dead letter, b.
    private async Task BuryAsync()
    {
        _sink.Refuses("b");
        await StoreAsync("a", "b");
        await _runner.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync("the dead letter", () => Dead().Count == 1);
        await Eventually.TrueAsync("the cursor", () => _runner.Cursor == 2);
    }

    private Task StoreAsync(params string[] ids) => SinkSample.StoreAsync(_database, _store, ids);

    private List<DeadLetter> Dead()
    {
        using DeadLetterFile file = DeadLetterFile.Open(_folder.Path);
        return [.. file.Read()];
    }

    private int Mark()
    {
        using DeadLetterFile file = DeadLetterFile.Open(_folder.Path);
        return file.Mark(sink: null, []);
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Takes what it is not told to refuse.</summary>
    private sealed class ChoosySink : ISink
    {
        private readonly ConcurrentQueue<string> _taken = new();
        private readonly ConcurrentDictionary<string, int> _tries = new();
        private volatile Tuple<string, string>? _refused;

        public string Name => "choosy";

        public IReadOnlyCollection<string> Taken => _taken;

        public bool IsDown { get; set; }

        public bool RefusesAll { get; set; }

        public string? FailsAt { get; set; }

        public int MostAtOnce { get; set; } = int.MaxValue;

        public int Tries(string id) => _tries.GetValueOrDefault(id);

        public void Refuses(string id, string? error = null) => _refused = Tuple.Create(id, error ?? $"not {id}");

        public void Knows(string id) => _taken.Enqueue(id);

        public void RefusesNothing() => _refused = null;

        public Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
        {
            if (IsDown || events.Count > MostAtOnce || events.Any(stored => stored.Id == FailsAt))
                throw new IOException("down");
            var refused = new List<EventRefusal>();
            foreach (StoredEvent stored in events)
            {
                _tries.AddOrUpdate(stored.Id, 1, (_, tries) => tries + 1);
                if (_refused is (var id, var error) && id == stored.Id)
                    refused.Add(new EventRefusal(stored, error));
                else if (RefusesAll && !_taken.Contains(stored.Id))
                    refused.Add(new EventRefusal(stored, "an answer that nobody knew"));
                else
                    _taken.Enqueue(stored.Id);
            }
            return Task.FromResult<IReadOnlyList<EventRefusal>>(refused);
        }
    }
}
