using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>Somewhere that events go. Called by one runner at a time.</summary>
internal interface ISink
{
    /// <summary>The name of its cursor, in logs and in metrics: lower case, never changed once released.</summary>
    string Name { get; }

    /// <summary>
    /// Takes the events, in order; returns when every one is safe there. An event may come again, under the same id. Any exception means
    /// that the whole batch will come again.
    /// </summary>
    Task PublishAsync(IReadOnlyList<StoredEvent> events, CancellationToken cancellationToken);
}
