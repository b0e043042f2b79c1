using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Storage;

/// <summary>
/// How writing goes: tells log and metrics of commits and failures, the log of each kind of fault once until it is over.
/// Called by the writer thread; <see cref="Fault"/> may be read by any.
/// </summary>
internal sealed class StorageState
{
    private volatile StorageException? _fault;
    private long _since;

    /// <summary>Where faults are told.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Where they are counted; <c>null</c> for nowhere.</summary>
    public StorageMetrics? Metrics { get; set; }

    /// <summary>What keeps everything from the disk at present; damage stays.</summary>
    public StorageException? Fault => _fault;

    /// <summary>The damage, once SQLite found some; nothing is written from then on.</summary>
    public StorageException? Damage => _fault is { Fault: StorageFault.Corrupt } damage ? damage : null;

    /// <summary>A transaction is on disk.</summary>
    /// <param name="writes">The changes in it.</param>
    /// <param name="duration">How long it took.</param>
    /// <param name="isWhole">Whether it was all of a batch. One of several that fits where they did not says nothing of the next.</param>
    public void Committed(int writes, TimeSpan duration, bool isWhole)
    {
        Metrics?.Committed(writes, duration);
        if (_fault is null || !isWhole)
            return;
        _fault = null;
        WriterLog.StoringAgain(Logger, Stopwatch.GetElapsedTime(_since));
    }

    /// <summary>A transaction is not on disk.</summary>
    public void Failed(StorageException exception)
    {
        StorageFault fault = exception.Fault;
        Metrics?.Failed(fault);
        // What is one write's own fault is told by who wrote it.
        if (fault == StorageFault.Other || fault == _fault?.Fault)
            return;
        if (_fault is null)
            _since = Stopwatch.GetTimestamp();
        _fault = exception;
        if (fault == StorageFault.Corrupt)
            WriterLog.Damaged(Logger, exception.Message);
        else
            WriterLog.Failing(Logger, fault, exception.Message, fault.Advice());
    }
}
