using System.Collections.Concurrent;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Publishing;

public sealed class SinkRunnerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_sink_gets_every_event_in_order()
    {
        await using Database database = Database.Open(_folder.Path);
        var sink = new RecordingSink();
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner runner = Start(store, sink);
        await SinkSample.StoreAsync(database, store, "a", "b");
        await SinkSample.StoreAsync(database, store, "c");
        await sink.UntilAsync(3);
        sink.Ids.ShouldBe(["a", "b", "c"]);
        await runner.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_sink_that_fails_gets_the_same_events_again()
    {
        await using Database database = Database.Open(_folder.Path);
        var sink = new RecordingSink { Failures = 2 };
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner runner = Start(store, sink);
        await SinkSample.StoreAsync(database, store, "a");
        await sink.UntilAsync(1);
        sink.Ids.ShouldBe(["a"]);
        sink.Failures.ShouldBe(0);
        await runner.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_cancellation_that_nobody_asked_for_is_a_fault_like_any_other()
    {
        await using Database database = Database.Open(_folder.Path);
        var sink = new RecordingSink { Failures = 1, Fault = new TaskCanceledException() };
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner runner = Start(store, sink);
        await SinkSample.StoreAsync(database, store, "a");
        await sink.UntilAsync(1);
        await runner.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_fault_is_shown_until_the_sink_takes_events_again()
    {
        await using Database database = Database.Open(_folder.Path);
        var sink = new RecordingSink { Failures = int.MaxValue };
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner runner = Start(store, sink);
        await SinkSample.StoreAsync(database, store, "a");
        await Eventually.TrueAsync("the fault", () => runner.Fault == "down");
        sink.Failures = 0;
        await sink.UntilAsync(1);
        await Eventually.TrueAsync("the fault to go", () => runner.Fault is null);
        await runner.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task One_sink_that_is_down_does_not_delay_another()
    {
        await using Database database = Database.Open(_folder.Path);
        var down = new RecordingSink { Failures = int.MaxValue };
        var well = new RecordingSink();
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner first = Start(store, down);
        using SinkRunner second = Start(store, well);
        await SinkSample.StoreAsync(database, store, "a");
        await well.UntilAsync(1);
        down.Ids.ShouldBeEmpty();
        await Task.WhenAll(first.StopAsync(CancellationToken.None), second.StopAsync(CancellationToken.None));
    }

    [Fact]
    public async Task After_a_restart_it_goes_on_behind_what_the_sink_took()
    {
        await using (Database database = Database.Open(_folder.Path))
        {
            var sink = new RecordingSink();
            var store = new EventStore(database, TimeProvider.System);
            using SinkRunner runner = Start(store, sink);
            await SinkSample.StoreAsync(database, store, "a");
            await sink.UntilAsync(1);
            await Eventually.TrueAsync("the cursor", () => runner.Cursor == 1);
            await runner.StopAsync(CancellationToken.None);
        }

        await using Database again = Database.Open(_folder.Path);
        var next = new RecordingSink();
        var nextStore = new EventStore(again, TimeProvider.System);
        await SinkSample.StoreAsync(again, nextStore, "b");
        using SinkRunner second = Start(nextStore, next);
        await next.UntilAsync(1);
        next.Ids.ShouldBe(["b"]);
        await second.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Events_that_come_one_by_one_share_batches()
    {
        await using Database database = Database.Open(_folder.Path);
        var sink = new RecordingSink();
        var store = new EventStore(database, TimeProvider.System);
        using SinkRunner runner = Start(store, sink);
        long start = TimeProvider.System.GetTimestamp();
        for (int i = 0; i < 100; i++)
            await SinkSample.StoreAsync(database, store, $"{i:d3}");
        await sink.UntilAsync(100);
        double elapsed = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        sink.Batches.ShouldBeLessThanOrEqualTo((int)(elapsed / 25) + 2);
        await runner.StopAsync(CancellationToken.None);
    }

    private static SinkRunner Start(EventStore store, ISink sink)
    {
        var runner = new SinkRunner(sink, store, TimeProvider.System, NullLogger<SinkRunner>.Instance);
        _ = runner.StartAsync(CancellationToken.None);
        return runner;
    }

    private sealed class RecordingSink : ISink
    {
        private readonly ConcurrentQueue<string> _ids = new();
        private int _failures;
        private int _batches;

        public int Batches => Volatile.Read(ref _batches);

        public string Name => "recording";

        public Exception Fault { get; init; } = new IOException("down");

        public IReadOnlyCollection<string> Ids => _ids;

        public int Failures
        {
            get => Volatile.Read(ref _failures);
            set => Volatile.Write(ref _failures, value);
        }

        public Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
        {
            if (Failures is > 0 and var left)
            {
                // The test may have set it meanwhile.
                Interlocked.CompareExchange(ref _failures, left - 1, left);
                throw Fault;
            }
            Interlocked.Increment(ref _batches);
            foreach (StoredEvent stored in events)
                _ids.Enqueue(stored.Read().Id);
            return Task.FromResult<IReadOnlyList<EventRefusal>>([]);
        }

        public Task UntilAsync(int count) => Eventually.TrueAsync($"{count} events", () => _ids.Count >= count);
    }
}
