using System.Net;
using System.Runtime.ExceptionServices;
using BounceMx.Pipeline;
using BounceMx.Storage;
using StackExchange.Redis;

namespace BounceMx.Publishing;

/// <summary>
/// The Redis streams <c>PREFIX:events</c> and <c>PREFIX:quarantine</c>.
/// Does: add each event exactly once, whatever was published before a crash or a timeout: one Lua script looks for the id, adds the entry
/// and remembers the id, atomically; pipelines a batch; tell the server's no to one event from its own troubles (<see cref="RedisErrors"/>).
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

    /// <summary>
    /// Failures without an answer in a row after which the connection is made anew: the client asks a server that is silent on an open
    /// connection, or was lost in the middle of the first greetings, only once a minute.
    /// </summary>
    private const int MaxSilences = 4;

    private readonly RedisOptions _options;
    private readonly EventRouting _routing;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisStreamSink> _logger;
    private readonly RedisKey _events;
    private readonly RedisKey _quarantine;
    private readonly string _deduplication;
    private readonly RedisValue _window;
    private readonly RedisValue _maxLength;
    private ConnectionMultiplexer? _connection;

    // The last batch, which may still wait in the client after its time-out.
    private Task _batch = Task.CompletedTask;
    private int _silences;

    public RedisStreamSink(RedisOptions options, EventRouting routing, TimeProvider time, ILogger<RedisStreamSink> logger)
    {
        (_options, _routing, _time, _logger) = (options, routing, time, logger);
        _events = $"{options.Prefix}:events";
        _quarantine = $"{options.Prefix}:quarantine";
        _deduplication = $"{options.Prefix}:dedup:";
        _window = (long)options.DeduplicationWindow.TotalSeconds;
        _maxLength = options.MaxLength;
    }

    public string Name => "redis";

    public async Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        try
        {
            // Another batch on top of one that has no answer yet would pile up in the client for as long as Redis is silent.
            await Task.WhenAny(_batch).WaitAsync(_options.Timeout, _time, cancellationToken);
            IReadOnlyList<EventRefusal> refused = await SendAsync(events, cancellationToken);
            _silences = 0;
            return refused;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            _silences = e is RedisServerException ? 0 : _silences + 1;
            if (_silences >= MaxSilences || RedisErrors.IsOfConnection(e))
                Disconnect();
            throw new SinkException(RedisErrors.Explain(e), e);
        }
    }

    private async Task<IReadOnlyList<EventRefusal>> SendAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken)
    {
        IDatabase database = (_connection ??= await ConnectAsync()).GetDatabase();
        Task<RedisResult>[] calls = [.. events.Select(stored => AddAsync(database, stored))];
        // After the time-out the outcome is unknown; sent again, the script adds only what is missing.
        Task batch = Task.WhenAll(calls);
        _batch = batch;
        await Task.WhenAny(batch).WaitAsync(_options.Timeout, _time, cancellationToken);
        var refused = new List<EventRefusal>();
        Exception? failure = null;
        for (int i = 0; i < calls.Length; i++)
        {
            if (calls[i].IsCompletedSuccessfully)
                continue;
            Exception error = calls[i].Exception?.InnerException ?? new TaskCanceledException(calls[i]);
            if (RedisErrors.IsRefusal(error))
                refused.Add(new EventRefusal(events[i], error.Message));
            else if (failure is not RedisServerException)
                failure = error;
        }
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
        return refused;
    }

    // A connection that stays silent is given up with all that waits in it, and the next try makes a new one.
    private void Disconnect()
    {
        ConnectionMultiplexer? silent = _connection;
        _connection = null;
        _batch = Task.CompletedTask;
        _silences = 0;
        silent?.Close(allowCommandsToComplete: false);
    }

    private async Task<RedisResult> AddAsync(IDatabase database, StoredEvent stored)
    {
        BounceEvent bounceEvent = stored.Read();
        RedisKey stream = _routing.IsQuarantined(bounceEvent) ? _quarantine : _events;
        // Arrays by name: what a collection expression would become differs between versions of the client.
        var keys = new RedisKey[] { _deduplication + bounceEvent.Id, stream };
        var arguments = new List<RedisValue>(48) { _window, _maxLength };
        StreamFields.AddTo(arguments, bounceEvent, stored.Data);
        return await database.ScriptEvaluateAsync(AddOnce, keys, arguments.ToArray());
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        var configuration = ConfigurationOptions.Parse(_options.Configuration);
        // The first connection throws, and names a wrong password: the events below are not there yet to tell of it. The runner tries again.
        configuration.AbortOnConnectFail = true;
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
