using BounceMx.Admin;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Publishing;
using BounceMx.Storage;
using BounceMx.Tests.Publishing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Admin;

/// <summary>What the status says of sinks that lag behind, and when that is an alarm.</summary>
public sealed class LagTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _clock = new("2026-11-22T09:14:05Z");
    private readonly Database _database;
    private readonly EventStore _store;
    private readonly SinkRunners _runners;
    private readonly SinkOptions _bounds = new();
    private readonly List<HealthCheck> _checks = [];

    public LagTests()
    {
        _database = Database.Open(_folder.Path);
        _store = new EventStore(_database, _clock);
        // It is never started: nothing is taken.
        _runners = new SinkRunners([new DownSink()], _store, _clock, NullLogger<SinkRunner>.Instance);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task The_lag_is_told_in_events_and_in_seconds()
    {
        await SinkSample.StoreAsync(_database, _store, "a", "b");
        _clock.Now += TimeSpan.FromSeconds(42.5);
        await SinkSample.StoreAsync(_database, _store, "c");

        SinkStatus sink = Read().Sinks.ShouldHaveSingleItem();

        (sink.Lag, sink.LagSeconds).ShouldBe((3, 42.5));
    }

    [Fact]
    public void A_sink_that_has_everything_does_not_lag() => Read().Sinks.ShouldHaveSingleItem().LagSeconds.ShouldBe(0);

    [Fact]
    public async Task A_sink_within_its_bounds_leaves_the_server_ready()
    {
        await SinkSample.StoreAsync(_database, _store, "a");
        _clock.Now += TimeSpan.FromMinutes(5);
        Read().Ready.ShouldBeTrue();
    }

    [Fact]
    public async Task A_sink_that_lags_too_long_makes_the_server_not_ready()
    {
        await SinkSample.StoreAsync(_database, _store, "a", "b");
        _clock.Now += TimeSpan.FromSeconds(370);

        ServerStatus status = Read();

        status.Ready.ShouldBeFalse();
        status.Faults.ShouldBe(["sink down: 2 events wait, the oldest for 00:06:10; the bound is 00:05:00"]);
    }

    [Fact]
    public async Task A_sink_that_lags_by_too_many_events_makes_the_server_not_ready()
    {
        _bounds.MaxLagEvents = 1000;
        await SinkSample.StoreAsync(_database, _store, [.. Enumerable.Range(0, 1234).Select(i => $"{i}")]);
        Read().Faults.ShouldBe(["sink down: 1,234 events wait, the oldest for 00:00:00; the bound is 1,000 events"]);
    }

    [Fact]
    public async Task What_was_taken_before_the_start_is_no_lag()
    {
        await SinkSample.StoreAsync(_database, _store, "a");
        await _store.MoveCursorAsync("down", 1, CancellationToken.None);
        await SinkSample.StoreAsync(_database, _store, "b");
        await Eventually.TrueAsync("a lag of 1", () => Read().Sinks.ShouldHaveSingleItem().Lag == 1);
    }

    [Fact]
    public async Task Dead_letters_are_a_warning()
    {
        await SinkSample.StoreAsync(_database, _store, "a", "b");
        await _store.DeadLetters.BuryAsync("down", 2, [new Refusal(1, "no"), new Refusal(2, "no")], CancellationToken.None);

        ServerStatus status = Read();

        status.Ready.ShouldBeTrue();
        status.Sinks.ShouldHaveSingleItem().Dead.ShouldBe(2);
        status.Warnings.ShouldHaveSingleItem().ShouldStartWith("sink down: 2 events refused for good");
    }

    [Fact]
    public void What_another_part_of_the_server_has_is_a_fault()
    {
        _checks.Add(new HealthCheck("storage", () => null));
        Read().Ready.ShouldBeTrue();
        _checks.Add(new HealthCheck("disk", () => "low"));
        Read().Faults.ShouldBe(["disk: low"]);
    }

    private ServerStatus Read() => new StatusReader(new Spool(_database), _store, _runners, _bounds, _checks, _clock).Read();

    private sealed class DownSink : ISink
    {
        public string Name => "down";

        public Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken) =>
            throw new IOException("down");
    }
}
