using System.Diagnostics;

namespace BounceMx.Storage;

/// <summary>The writes of one transaction while they come together.</summary>
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

    private readonly List<DatabaseWrite> _writes = new(MaxCount);
    private long _octets;
    private long _begun;

    /// <summary>What is in it, in order.</summary>
    public IReadOnlyList<DatabaseWrite> Writes => _writes;

    /// <summary>How many of them somebody waits for.</summary>
    public int Urgent { get; private set; }

    /// <summary>Whether no more should go into it.</summary>
    public bool IsFull => _writes.Count >= MaxCount || _octets >= MaxOctets;

    /// <summary>How long it may still wait for more: without end while it is empty.</summary>
    public TimeSpan TimeLeft =>
        _writes.Count == 0 ? Timeout.InfiniteTimeSpan
        : Urgent > 0 ? TimeSpan.Zero
        : Patience - Stopwatch.GetElapsedTime(_begun);

    /// <summary>Puts a write into it.</summary>
    public void Add(DatabaseWrite write)
    {
        if (_writes.Count == 0)
            _begun = Stopwatch.GetTimestamp();
        _writes.Add(write);
        _octets += write.Octets;
        Urgent += write.IsUrgent ? 1 : 0;
    }

    /// <summary>Empties it for the next transaction.</summary>
    public void Clear()
    {
        _writes.Clear();
        _octets = 0;
        Urgent = 0;
    }
}
