using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>
/// Gives a sink again what it refused for good, once for each time that somebody asks for it (<c>bouncemx replay --dead</c>). One by one, so that
/// one event's fate is no other's; and never in the way of new events, whatever comes of it.
/// </summary>
internal sealed class DeadLetterRetry(ISink sink, DeadLetterStore store, TimeProvider time, ILogger logger)
{
    /// <summary>From one look for marked events to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Events tried at one look: what is new does not wait longer than for these.</summary>
    private const int MaxTries = 100;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private long? _lookedAt;
    private TimeSpan _pause = Pause;

    /// <summary>Tries what is marked, if it is time to look.</summary>
    public async Task LookAsync(EventReader reader, CancellationToken cancellationToken)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < _pause)
            return;
        _lookedAt = time.GetTimestamp();
        List<StoredEvent> marked = reader.ReadMarked(sink.Name, MaxTries);
        if (marked.Count == 0)
            return;
        try
        {
            await TryAsync(marked, cancellationToken);
            _pause = Pause;
            if (marked.Count == MaxTries)
                _lookedAt = null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // If it is the sink that is down, new events will tell.
            _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
            PublishingLog.ReplayFailed(logger, sink.Name, _pause, e.Message);
        }
    }

    private async Task TryAsync(List<StoredEvent> marked, CancellationToken cancellationToken)
    {
        var taken = new List<long>();
        var refused = new List<Refusal>();
        try
        {
            foreach (StoredEvent stored in marked)
            {
                if (await sink.PublishAsync([stored], cancellationToken) is [var refusal])
                    refused.Add(new Refusal(stored.Sequence, refusal.Error));
                else
                    taken.Add(stored.Sequence);
            }
        }
        finally
        {
            // Also of the tries before one that failed, which keeps its mark.
            if (taken.Count + refused.Count > 0)
                await store.SettleAsync(sink.Name, taken, refused, CancellationToken.None);
        }
        PublishingLog.Replayed(logger, sink.Name, taken.Count, refused.Count);
    }
}
