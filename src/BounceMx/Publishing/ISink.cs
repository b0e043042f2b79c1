using BounceMx.Pipeline;
using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>An event on its way out: as stored, and as read from there.</summary>
internal readonly record struct OutgoingEvent(StoredEvent Stored, BounceEvent Event);

/// <summary>Somewhere that events go. Called by one runner at a time.</summary>
internal interface ISink
{
    /// <summary>The name of its cursor, in logs and in metrics: lower case, never changed once released.</summary>
    string Name { get; }

    /// <summary>
    /// Takes the events, in order; returns when every one is safe there. An event may come again, under the same id. Any exception means
    /// that the whole batch will come again.
    /// </summary>
    Task PublishAsync(IReadOnlyList<OutgoingEvent> events, CancellationToken cancellationToken);
}
