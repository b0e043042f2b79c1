using BounceMx.Storage;
using Polly;
using Polly.Retry;

namespace BounceMx.Publishing;

/// <summary>
/// Hop 10: carries the outbox to one sink.
/// Does: read behind the sink's cursor, publish, move the cursor after the sink took the events; retry for ever with jittered exponential
/// backoff, so that a sink that is down delays itself alone; put aside what the sink refuses for good while it takes others
/// (docs/adr/0023).
/// Does not: reorder, drop, or keep events in memory beyond one batch.
/// Known gap: where all that waits is a few events, and the sink refuses each of them, it is taken for one that is down until another event comes.
/// </summary>
internal sealed class SinkRunner(ISink sink, EventStore store, TimeProvider time, ILogger<SinkRunner> logger) : BackgroundService
{
    /// <summary>Events in one call to a sink: enough to share a round trip, few enough to repeat.</summary>
    private const int BatchSize = 500;

    /// <summary>Failures in a row after which the batch becomes smaller: a sink that is slow, or stumbles over its size, gets on with less.</summary>
    private const int PatientFailures = 3;

    /// <summary>How often an event is refused before that is for good.</summary>
    private const int MaxRefusals = 3;

    /// <summary>Events of one batch that are put aside; more refusals are no accident of theirs, but an answer of the sink's that nobody knew.</summary>
    private const int MaxPutAside = 10;

    /// <summary>How long an event is refused while it is all that waits before that is for good.</summary>
    private static readonly TimeSpan LonePatience = TimeSpan.FromMinutes(1);

    /// <summary>
    /// From one batch to the next where there is not enough for a full one: events that come meanwhile share a round trip, an fsync and a move of
    /// the cursor. One that comes alone does not wait.
    /// </summary>
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(25);

    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);

    private readonly DeadLetterRetry _deadLetters = new(sink, store.DeadLetters, time, logger);
    private EventReader? _reader;
    private int _batchSize = BatchSize;
    private int _lastSize;
    private (long Sequence, long Since)? _lone;
    private long _cursor;
    private long _failures;
    private volatile string? _fault;

    /// <summary>The sink's name.</summary>
    public string Name => sink.Name;

    /// <summary>The last event that the sink took, or that was put aside; 0 before the first look at the outbox.</summary>
    public long Cursor => Volatile.Read(ref _cursor);

    /// <summary>Why the sink takes nothing at the moment; <c>null</c> when all is well.</summary>
    public string? Fault => _fault;

    /// <summary>Tries that failed since the start.</summary>
    public long Failures => Interlocked.Read(ref _failures);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ResiliencePipeline retry = BuildRetry();
        try
        {
            while (true)
                await retry.ExecuteAsync(StepAsync, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What is not published yet stands in the outbox.
        }
        finally
        {
            CloseReader();
        }
    }

    private async ValueTask StepAsync(CancellationToken cancellationToken)
    {
        EventReader reader = OpenReader();
        await _deadLetters.LookAsync(reader, cancellationToken);
        Task arrival = store.Arrival;
        long start = time.GetTimestamp();
        List<StoredEvent> events = reader.ReadAfter(_cursor, _batchSize);
        if (events.Count == 0)
        {
            Clear();
            await arrival.WaitAsync(DeadLetterRetry.Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            return;
        }
        _lastSize = events.Count;
        IReadOnlyList<EventRefusal> refused = await PublishAsync(events, cancellationToken);
        await MoveCursorAsync(events[^1].Sequence, refused, cancellationToken);
        Clear();
        bool isFull = events.Count == _batchSize;
        _batchSize = Math.Min(BatchSize, _batchSize * 2);
        TimeSpan rest = Linger - time.GetElapsedTime(start);
        if (!isFull && rest > TimeSpan.Zero)
            await Task.Delay(rest, time, cancellationToken);
    }

    // Returns what was refused to the last.
    private async Task<IReadOnlyList<EventRefusal>> PublishAsync(List<StoredEvent> events, CancellationToken cancellationToken)
    {
        IReadOnlyList<EventRefusal> refused = await sink.PublishAsync(events, cancellationToken);
        // Where it refuses all, nothing shows that the sink takes anything.
        if (refused.Count == events.Count && IsLoneForLong(events))
            return refused;
        if (refused.Count == events.Count || refused.Count > MaxPutAside)
            throw new RefusesManyException(refused[0].Error);
        for (int refusals = 1; refused.Count > 0 && refusals < MaxRefusals; refusals++)
        {
            await Task.Delay(FirstDelay, time, cancellationToken);
            refused = await sink.PublishAsync([.. refused.Select(refusal => refusal.Event)], cancellationToken);
        }
        return refused;
    }

    // A sink without other events to show that it works would be held up for ever by one that it will never take.
    private bool IsLoneForLong(List<StoredEvent> events)
    {
        // A batch that became as small as that does not say that nothing else waits.
        if (events is not [var only] || _batchSize == 1)
            _lone = null;
        else if (_lone?.Sequence != only.Sequence)
            _lone = (only.Sequence, time.GetTimestamp());
        return _lone is { } lone && time.GetElapsedTime(lone.Since) > LonePatience;
    }

    private async Task MoveCursorAsync(long sequence, IReadOnlyList<EventRefusal> refused, CancellationToken cancellationToken)
    {
        if (refused.Count == 0)
        {
            Volatile.Write(ref _cursor, sequence);
            await store.MoveCursorAsync(sink.Name, sequence, cancellationToken);
            return;
        }
        Refusal[] dead = [.. refused.Select(refusal => new Refusal(refusal.Event.Sequence, refusal.Error))];
        await store.DeadLetters.BuryAsync(sink.Name, sequence, dead, cancellationToken);
        Volatile.Write(ref _cursor, sequence);
        foreach (EventRefusal refusal in refused)
            PublishingLog.Refused(logger, sink.Name, refusal.Event.Id, refusal.Error);
    }

    private EventReader OpenReader()
    {
        if (_reader is null)
        {
            _reader = store.OpenReader();
            Volatile.Write(ref _cursor, Math.Max(_cursor, _reader.ReadCursor(sink.Name)));
        }
        return _reader;
    }

    private void CloseReader()
    {
        _reader?.Dispose();
        _reader = null;
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
                        OnFailure(arguments.Outcome.Exception!, arguments.AttemptNumber + 1, arguments.RetryDelay);
                        return default;
                    },
                }
            )
            .Build();

    private void OnFailure(Exception exception, int failures, TimeSpan delay)
    {
        _fault = exception.Message;
        Interlocked.Increment(ref _failures);
        PublishingLog.Failed(logger, sink.Name, failures, delay, exception.Message);
        // It may have been the database.
        CloseReader();
        // Where many are refused, it takes others to tell whose fault that is.
        if (exception is RefusesManyException)
        {
            _batchSize = Math.Min(BatchSize, _batchSize * 2);
            return;
        }
        _lone = null;
        if (failures >= PatientFailures)
            _batchSize = Math.Max(1, Math.Min(_batchSize, _lastSize) / 2);
    }

    private sealed class RefusesManyException(string error) : Exception(error);
}
