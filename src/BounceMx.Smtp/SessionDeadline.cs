namespace BounceMx.Smtp;

/// <summary>
/// The one deadline of a connection, moved with every command. The timer behind it is touched only when a deadline comes nearer than
/// what it is set to, or when it fires too early; so moving a deadline away, which is what happens all the time, costs a look at the clock.
/// </summary>
internal sealed class SessionDeadline : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action _onPassed;
    private readonly ITimer _timer;
    private readonly Lock _lock = new();

    // In ticks of TimeProvider.GetTimestamp. Invariant: the timer fires at _fires, and _fires <= _due unless it has just fired.
    private long _due = long.MaxValue;
    private long _fires = long.MaxValue;

    /// <summary>Makes a deadline that is not set.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="onPassed">Called from the timer when it has passed; may come late, when it was moved meanwhile.</param>
    public SessionDeadline(TimeProvider time, Action onPassed)
    {
        _time = time;
        _onPassed = onPassed;
        _timer = time.CreateTimer(static self => ((SessionDeadline)self!).Fire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether it lies behind us.</summary>
    public bool HasPassed
    {
        get
        {
            lock (_lock)
                return _time.GetTimestamp() >= _due;
        }
    }

    /// <summary>Moves it.</summary>
    /// <param name="fromNow">How far ahead; what is not ahead passes at once.</param>
    public void Set(TimeSpan fromNow)
    {
        lock (_lock)
        {
            _due = _time.GetTimestamp() + (long)(Math.Max(fromNow.TotalSeconds, 0) * _time.TimestampFrequency);
            if (_due < _fires)
                Arm();
        }
    }

    /// <summary>There is none for now.</summary>
    public void Clear()
    {
        lock (_lock)
            _due = long.MaxValue;
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        lock (_lock)
        {
            _fires = long.MaxValue;
            if (_time.GetTimestamp() < _due)
            {
                if (_due < long.MaxValue)
                    Arm();
                return;
            }
        }
        _onPassed();
    }

    private void Arm()
    {
        _fires = _due;
        // Timers count in milliseconds and round down: one more, so that it does not fire early just to be set again.
        TimeSpan wait = _time.GetElapsedTime(_time.GetTimestamp(), _due) + TimeSpan.FromMilliseconds(1);
        _timer.Change(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
