using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;

namespace BounceMx.Tests.Publishing;

/// <summary>A redis-server of one's own, and sinks to it.</summary>
public abstract class RedisSinkFixture : IAsyncLifetime
{
    private readonly List<RedisStreamSink> _sinks = [];

    internal RedisProcess Redis { get; private set; } = null!;

    internal RecordingLogger<RedisStreamSink> Log { get; } = new();

    public async ValueTask InitializeAsync() => Redis = await RedisProcess.StartAsync();

    public async ValueTask DisposeAsync()
    {
        foreach (RedisStreamSink sink in _sinks)
            await sink.DisposeAsync();
        if (Redis is not null)
            await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal RedisStreamSink Open(RedisOptions? options = null)
    {
        options ??= new RedisOptions();
        if (options.Configuration.Length == 0)
            options.Configuration = Redis.Address;
        var sink = new RedisStreamSink(options, new EventRouting(hasKeys: false), TimeProvider.System, Log);
        _sinks.Add(sink);
        return sink;
    }

    /// <summary>As the runner does: the same batch until the sink has an answer to it.</summary>
    internal static Task<IReadOnlyList<EventRefusal>> PublishWithRetriesAsync(RedisStreamSink sink, params StoredEvent[] events)
    {
        string error = "";
        return Eventually.GetAsync(
            "Redis to take the events",
            async () =>
            {
                try
                {
                    return await sink.PublishAsync(events, CancellationToken.None);
                }
                catch (SinkException e)
                {
                    error = e.Message;
                    return null;
                }
            },
            () => error
        );
    }

    internal static StoredEvent Outgoing(string id) => Outgoing(Sample.Event(id));

    /// <summary>With a number made of its id, as each event has its own.</summary>
    internal static StoredEvent Outgoing(BounceEvent bounceEvent) =>
        new(bounceEvent.Id.Aggregate(0L, (hash, c) => (hash * 31) + c), EventJson.Write(bounceEvent));

    internal Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> EventsAsync() => Redis.ReadStreamAsync("bounces:events");

    internal async Task<IReadOnlyList<string>> IdsAsync() => [.. (await EventsAsync()).Select(entry => entry["id"])];
}
