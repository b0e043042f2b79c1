using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// One connection's place with the <see cref="PeerLimiter"/>, given back once however often it is disposed. Its counts are those of the
/// peer, whose other connections count too; an exempt peer's are not kept, and never too many.
/// </summary>
/// <param name="limiter">Who admitted it.</param>
/// <param name="peer">Whose it is; <c>null</c> for one that is exempt.</param>
/// <param name="bodies">What its network holds of bodies; <c>null</c> for one that is exempt.</param>
internal sealed class PeerLease(PeerLimiter limiter, PeerKey? peer, BodyShare? bodies) : IDisposable
{
    private int _isReleased;

    /// <summary>Octets of bodies that the network of this peer holds; <c>null</c> when nobody counts them.</summary>
    public BodyShare? Bodies { get; } = bodies;

    /// <summary>Counts a message.</summary>
    /// <returns><c>false</c> when the peer exceeds its rate; nothing is counted then.</returns>
    public bool TryCountMessage() => TryCount(PeerRate.Messages);

    /// <summary>Counts a recipient, whatever becomes of it.</summary>
    /// <returns><c>false</c> when the peer exceeds its rate; nothing is counted then.</returns>
    public bool TryCountRecipient() => TryCount(PeerRate.Recipients);

    /// <summary>Counts a bad command.</summary>
    /// <returns><c>false</c> when the peer exceeds its rate; its next connections are refused then, until it has made room for one.</returns>
    public bool TryCountError() => TryCount(PeerRate.Errors);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
            limiter.Release(peer);
    }

    private bool TryCount(PeerRate rate) => peer is not { } key || limiter.TryCount(key, rate);
}
