using BounceMx.Storage;
using Polly;
using Polly.Retry;

namespace BounceMx.Publishing;

/// <summary>
/// Hop 10: carries the outbox to one sink.
/// Does: read behind the sink's cursor, publish, move the cursor after the sink took the events; retry for ever with jittered exponential
/// backoff, so that a sink that is down delays itself alone.
/// Does not: reorder, drop, or keep events in memory beyond one batch.
/// Gaps: an event that a sink refuses for good holds up that sink; there is no dead-letter table yet.
/// </summary>
internal sealed class SinkRunner(ISink sink, EventStore store, TimeProvider time, ILogger<SinkRunner> logger) : BackgroundService
{
    /// <summary>Events in one call to a sink: enough to share a round trip, few enough to repeat.</summary>
    private const int BatchSize = 500;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private long _cursor;
    private volatile string? _fault;

    /// <summary>The sink's name.</summary>
    public string Name => sink.Name;

    /// <summary>The last event that the sink took.</summary>
    public long Cursor => Volatile.Read(ref _cursor);

    /// <summary>Why the sink takes nothing at the moment; <c>null</c> when all is well.</summary>
    public string? Fault => _fault;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ResiliencePipeline retry = BuildRetry();
        try
        {
            await retry.ExecuteAsync(async token => await RunAsync(retry, token), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not published yet stands in the outbox.
        }
    }

    private async Task RunAsync(ResiliencePipeline retry, CancellationToken cancellationToken)
    {
        using EventReader reader = store.OpenReader();
        Volatile.Write(ref _cursor, Math.Max(_cursor, reader.ReadCursor(sink.Name)));
        while (true)
        {
            Task arrival = store.Arrival;
            List<StoredEvent> events = reader.ReadAfter(_cursor, BatchSize);
            if (events.Count == 0)
            {
                Clear();
                await arrival.WaitAsync(cancellationToken);
                continue;
            }
            await retry.ExecuteAsync(
                async token =>
                {
                    await sink.PublishAsync(events, token);
                    Clear();
                },
                cancellationToken
            );
            Volatile.Write(ref _cursor, events[^1].Sequence);
            await store.MoveCursorAsync(sink.Name, _cursor, cancellationToken);
        }
    }

    private void Clear()
    {
        if (_fault is null)
            return;
        _fault = null;
        PublishingLog.Recovered(logger, sink.Name);
    }

    private ResiliencePipeline BuildRetry() =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(
                new RetryStrategyOptions
                {
                    // Cancellation that is not ours is a fault like any other: clients cancel what a lost connection leaves open.
                    ShouldHandle = arguments =>
                        new(arguments.Outcome.Exception is not null && !arguments.Context.CancellationToken.IsCancellationRequested),
                    MaxRetryAttempts = int.MaxValue,
                    BackoffType = DelayBackoffType.Exponential,
                    UseJitter = true,
                    Delay = FirstDelay,
                    MaxDelay = LongestDelay,
                    OnRetry = arguments =>
                    {
                        Exception exception = arguments.Outcome.Exception!;
                        _fault = exception.Message;
                        PublishingLog.Failed(logger, sink.Name, arguments.AttemptNumber + 1, arguments.RetryDelay, exception.Message);
                        return default;
                    },
                }
            )
            .Build();
}
