using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Publishing;

/// <summary>Redis took the events, and nobody was told: each stands on the stream once all the same.</summary>
public sealed class UnknownOutcomeTests : RedisSinkFixture
{
    private const int Events = 2000;

    [Fact]
    public async Task Replies_that_are_lost_lose_and_double_nothing()
    {
        int lost = await PublishThroughAsync(proxy => proxy.Loses = piece => piece % 15 == 0);
        lost.ShouldBePositive();
    }

    [Fact]
    public async Task Replies_that_are_lost_in_silence_lose_and_double_nothing()
    {
        int lost = await PublishThroughAsync(proxy =>
        {
            proxy.Silence = TimeSpan.FromSeconds(1);
            proxy.Loses = piece => piece % 20 == 0;
        });
        lost.ShouldBePositive();
    }

    [Fact]
    public async Task All_replies_lost_for_a_while_lose_and_double_nothing()
    {
        int lost = await PublishThroughAsync(proxy => proxy.Loses = piece => piece is > 20 and < 30);
        lost.ShouldBePositive();
    }

    private async Task<int> PublishThroughAsync(Action<RedisProxy> trouble)
    {
        using var folder = new TemporaryFolder();
        await using Database database = Database.Open(folder.Path);
        var store = new EventStore(database, TimeProvider.System);
        await using var proxy = new RedisProxy(Redis.Port);
        RedisStreamSink sink = Open(
            new RedisOptions { Configuration = $"{proxy.Address},connectTimeout=500", Timeout = TimeSpan.FromMilliseconds(500) }
        );
        string[] ids = [.. Enumerable.Range(0, Events).Select(i => $"{i:d4}")];
        trouble(proxy);
        // Faster than the clock, as pauses between failures add up.
        using var runner = new SinkRunner(sink, store, new HastyRetries(), NullLogger<SinkRunner>.Instance);
        await runner.StartAsync(CancellationToken.None);
        foreach (string[] some in ids.Chunk(100))
        {
            await SinkSample.StoreAsync(database, store, some);
            await Task.Delay(50);
        }
        await Eventually.TrueAsync("all events to be taken", () => runner.Cursor == Events, () => runner.Fault ?? "no fault");
        await runner.StopAsync(CancellationToken.None);

        (await IdsAsync()).Order(StringComparer.Ordinal).ShouldBe(ids);
        using EventReader reader = store.OpenReader();
        reader.CountDead().ShouldBeEmpty();
        return proxy.Lost;
    }

    // Pauses of the runner, not those of the sink, whose clock is its own.
    private sealed class HastyRetries : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > TimeSpan.FromMilliseconds(500) ? TimeSpan.FromMilliseconds(500) : dueTime, period);
    }
}
