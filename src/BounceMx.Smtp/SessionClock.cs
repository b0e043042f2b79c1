namespace BounceMx.Smtp;

/// <summary>
/// How much time a session leaves its peer: to greet, for a command, for a message, and when the server shuts down (RFC 5321 section 4.5.3.2).
/// It only reckons; <see cref="SmtpTransport"/> waits. <see cref="Stop"/> may be called from any thread, all else from that of the session.
/// </summary>
internal sealed class SessionClock(SmtpListener listener)
{
    private readonly SmtpServerOptions _options = listener.Options;
    private readonly TimeProvider _time = listener.Server.Time;

    // Timestamps: when the session began, in clear text or in TLS; since when the peer has the word; when octets of a message last came.
    private long _began = listener.Server.Time.GetTimestamp();
    private long _waitingSince;
    private long _receivedAt;

    // The first octet of the message under way; null when there is none, or none has come.
    private long? _messageBegan;

    // How late the message is against the least rate.
    private TimeSpan _behind;

    private long _stoppedAt;
    private volatile bool _isStopping;

    /// <summary>Whether the server is shutting down.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Whether octets of a message have been waited for that is not answered yet.</summary>
    public bool IsInMessage => _messageBegan is not null;

    /// <summary>The session begins anew, inside TLS.</summary>
    public void Restart() => _began = _time.GetTimestamp();

    /// <summary>The peer has its answer, and the word.</summary>
    public void Answered() => _waitingSince = _time.GetTimestamp();

    /// <summary>The server shuts down.</summary>
    public void Stop()
    {
        if (_isStopping)
            return;
        _stoppedAt = _time.GetTimestamp();
        _isStopping = true;
    }

    /// <summary>Octets of a message are waited for: its first, or those of its next chunk.</summary>
    /// <returns><c>false</c> when it has had all its time.</returns>
    public bool TryBeginBody()
    {
        _receivedAt = _time.GetTimestamp();
        _messageBegan ??= _receivedAt;
        _behind = TimeSpan.Zero;
        return MessageTimeLeft() > TimeSpan.Zero;
    }

    /// <summary>Octets of a message have come. To be fast earns nothing beyond being on time: a peer could be silent for hours on that.</summary>
    public void Received(long octets)
    {
        long now = _time.GetTimestamp();
        _behind += _time.GetElapsedTime(_receivedAt, now) - TimeSpan.FromSeconds((double)octets / _options.MinBodyRate);
        _behind = _behind > TimeSpan.Zero ? _behind : TimeSpan.Zero;
        _receivedAt = now;
    }

    /// <summary>The message is answered, or given up.</summary>
    public void EndMessage() => _messageBegan = null;

    /// <summary>For the rest of a command. Until it has said who it is, a peer has one deadline for all of them.</summary>
    public TimeSpan CommandTimeLeft(bool isGreeted)
    {
        TimeSpan left = isGreeted
            ? listener.Patience(_options.IdleTimeout) - _time.GetElapsedTime(_waitingSince)
            : listener.Patience(_options.GreetingTimeout) - _time.GetElapsedTime(_began);
        return IsInMessage ? Min(left, MessageTimeLeft()) : left;
    }

    /// <summary>For the next octets of a message.</summary>
    public TimeSpan BodyTimeLeft() =>
        Min(listener.Patience(Min(_options.IdleTimeout, _options.BodyRateGrace)) - _behind, MessageTimeLeft());

    private TimeSpan MessageTimeLeft()
    {
        TimeSpan left = _options.BodyTimeout - _time.GetElapsedTime(_messageBegan.GetValueOrDefault());
        return _isStopping ? Min(left, listener.Server.DrainTimeout - _time.GetElapsedTime(_stoppedAt)) : left;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
