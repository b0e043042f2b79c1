using System.Diagnostics;

namespace BounceMx.Storage;

/// <summary>
/// The writes of one transaction while they come together. It is committed when it is full, or at once when somebody waits for one of them, unless
/// others are on their way: those who were in the last one and have been answered send their next message now.
/// </summary>
internal sealed class WriteBatch
{
    /// <summary>Writes in one transaction: enough to share the fsync, few enough to keep the slowest waiter's time short.</summary>
    private const int MaxCount = 512;

    /// <summary>
    /// Octets in one transaction, exceeded by one write at most: so the large messages of others delay a small one by their own time, which
    /// nothing can spare it, but do not make it wait for a commit of all of them; and the log, which cannot be emptied within a
    /// transaction, stays small.
    /// </summary>
    private const long MaxOctets = 8 * 1024 * 1024;

    /// <summary>How long writes that nobody waits for wait for one that somebody waits for, to save them a commit of their own.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(10);

    /// <summary>How long it waits until as many are in it that somebody waits for as were in the last one.</summary>
    private static readonly TimeSpan BusyWait = TimeSpan.FromMicroseconds(500);

    private readonly List<DatabaseWrite> _writes = new(MaxCount);
    private long _octets;
    private long _begun;
    private int _urgent;
    private int _lastUrgent;

    /// <summary>What is in it, in order.</summary>
    public IReadOnlyList<DatabaseWrite> Writes => _writes;

    /// <summary>Whether no more should go into it.</summary>
    public bool IsFull => _writes.Count >= MaxCount || _octets >= MaxOctets;

    /// <summary>How long it may still wait for more, never negative; <see cref="Timeout.InfiniteTimeSpan"/> while it is empty.</summary>
    public TimeSpan TimeLeft =>
        _writes.Count == 0 ? Timeout.InfiniteTimeSpan
        : _urgent == 0 ? LeftOf(Patience)
        : _urgent < _lastUrgent ? LeftOf(BusyWait)
        : TimeSpan.Zero;

    /// <summary>Puts a write into it.</summary>
    public void Add(DatabaseWrite write)
    {
        if (_writes.Count == 0)
            _begun = Stopwatch.GetTimestamp();
        _writes.Add(write);
        _octets += write.Octets;
        _urgent += write.IsUrgent ? 1 : 0;
    }

    /// <summary>Empties it for the next transaction.</summary>
    public void Clear()
    {
        _writes.Clear();
        _octets = 0;
        _lastUrgent = _urgent;
        _urgent = 0;
    }

    private TimeSpan LeftOf(TimeSpan wait)
    {
        TimeSpan left = wait - Stopwatch.GetElapsedTime(_begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }
}
