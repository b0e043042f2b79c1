using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>An event that a sink refused, for its own sake as far as one can tell.</summary>
/// <param name="Event">The event.</param>
/// <param name="Error">The sink's words.</param>
internal readonly record struct EventRefusal(StoredEvent Event, string Error);

/// <summary>A sink took nothing, or nobody knows what it took.</summary>
/// <param name="message">Why, and what to do about it, for people.</param>
/// <param name="inner">What said so.</param>
internal sealed class SinkException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Somewhere that events go. Called by one runner at a time.</summary>
internal interface ISink
{
    /// <summary>The name of its cursor, in logs and in metrics: lower case, never changed once released.</summary>
    string Name { get; }

    /// <summary>
    /// Takes the events, in order; returns when every one is safe there but for those that it names as refused. An event may come again, under
    /// the same id. Any exception means that the whole batch will come again.
    /// </summary>
    Task<IReadOnlyList<EventRefusal>> PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}
