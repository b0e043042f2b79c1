using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>
/// Gives a sink again what it refused for good, once for each time that somebody asks for it (<c>bouncemx replay --dead</c>). One by one, so that
/// one event's fate is no other's.
/// </summary>
internal sealed class DeadLetterRetry(ISink sink, DeadLetterStore store, TimeProvider time, ILogger logger)
{
    /// <summary>From one look for marked events to the next.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Events tried at one look: what is new does not wait longer than for these.</summary>
    private const int MaxTries = 100;

    private long? _lookedAt;

    /// <summary>Tries what is marked, if it is time to look.</summary>
    public async Task LookAsync(EventReader reader, CancellationToken cancellationToken)
    {
        if (_lookedAt is { } at && time.GetElapsedTime(at) < Pause)
            return;
        _lookedAt = time.GetTimestamp();
        List<StoredEvent> marked = reader.ReadMarked(sink.Name, MaxTries);
        if (marked.Count == 0)
            return;
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
            await store.SettleAsync(sink.Name, taken, refused, CancellationToken.None);
        }
        PublishingLog.Replayed(logger, sink.Name, taken.Count, refused.Count);
        if (marked.Count == MaxTries)
            _lookedAt = null;
    }
}
