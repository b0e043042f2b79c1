using System.Net;
using BounceMx.Pipeline;
using BounceMx.Storage;
using StackExchange.Redis;

namespace BounceMx.Publishing;

/// <summary>
/// The Redis streams <c>PREFIX:events</c> and <c>PREFIX:quarantine</c>.
/// Does: add each event exactly once, whatever was published before a crash or a timeout: one Lua script looks for the id, adds the entry
/// and remembers the id, atomically; pipelines a batch.
/// Does not: retry (<see cref="SinkRunner"/>); shard; use calls that later versions of the client lack.
/// </summary>
internal sealed class RedisStreamSink : ISink, IAsyncDisposable
{
    // XADD first, the mark after it: a script is not rolled back when XADD fails (WRONGTYPE), and an id remembered without its entry would
    // be an event lost at the retry (docs/adr/0005).
    private const string AddOnce = """
        if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
        redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[2], '*', unpack(ARGV, 3))
        redis.call('SET', KEYS[1], '1', 'EX', ARGV[1])
        return 1
        """;

    private readonly RedisOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisStreamSink> _logger;
    private readonly RedisKey _events;
    private readonly RedisKey _quarantine;
    private readonly string _deduplication;
    private readonly RedisValue _window;
    private readonly RedisValue _maxLength;
    private ConnectionMultiplexer? _connection;

    public RedisStreamSink(RedisOptions options, TimeProvider time, ILogger<RedisStreamSink> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _events = $"{options.Prefix}:events";
        _quarantine = $"{options.Prefix}:quarantine";
        _deduplication = $"{options.Prefix}:dedup:";
        _window = (long)options.DeduplicationWindow.TotalSeconds;
        _maxLength = options.MaxLength;
    }

    public string Name => "redis";

    public async Task PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        IDatabase database = (_connection ??= await ConnectAsync()).GetDatabase();
        var calls = new Task<RedisResult>[events.Count];
        for (int i = 0; i < calls.Length; i++)
            calls[i] = AddAsync(database, events[i]);
        // After the time-out the outcome is unknown; sent again, the script adds only what is missing.
        await Task.WhenAll(calls).WaitAsync(_options.Timeout, _time, cancellationToken);
    }

    private Task<RedisResult> AddAsync(IDatabase database, StoredEvent stored)
    {
        BounceEvent bounceEvent = stored.Read();
        RedisKey stream = EventRouting.IsQuarantined(bounceEvent) ? _quarantine : _events;
        // Arrays by name: what a collection expression would become differs between versions of the client.
        var keys = new RedisKey[] { _deduplication + bounceEvent.Id, stream };
        var arguments = new List<RedisValue>(48) { _window, _maxLength };
        StreamFields.AddTo(arguments, bounceEvent, stored.Data);
        return database.ScriptEvaluateAsync(AddOnce, keys, arguments.ToArray());
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var configuration = ConfigurationOptions.Parse(_options.Configuration);
        configuration.AbortOnConnectFail = false;
        configuration.ClientName ??= "bouncemx";
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(configuration);
        connection.ConnectionFailed += (_, failure) =>
            PublishingLog.RedisConnectionFailed(
                _logger,
                Show(failure.EndPoint),
                failure.FailureType.ToString(),
                failure.Exception?.Message ?? "-"
            );
        connection.ConnectionRestored += (_, restored) => PublishingLog.RedisConnected(_logger, Show(restored.EndPoint));
        return connection;
    }

    private static string Show(EndPoint? endpoint) => endpoint?.ToString() ?? "-";

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.CloseAsync();
    }
}
