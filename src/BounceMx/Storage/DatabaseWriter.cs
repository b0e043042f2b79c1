using System.Diagnostics;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The one thread that writes.
/// Does: gather what has queued up into one transaction (group commit), commit it, and tell each write how it went; after a fault of the
/// disk go on with a new connection.
/// Does not: retry. Who wrote decides that: a peer is told 451 or 452 and comes back, the analysis finds its message in the spool.
/// Why it never ends by itself: whatever a write throws, those behind it must hear of theirs.
/// </summary>
internal sealed class DatabaseWriter : IDisposable
{
    /// <summary>Writes that may wait; beyond, those who write wait. Bounds memory: a wait holds one message at most.</summary>
    private const int QueueCapacity = 4096;

    /// <summary>SQLite reports ENOSPC of an fsync as an I/O error; less free space than this means a full disk.</summary>
    private const long FullBelow = 1 << 20;

    /// <summary>
    /// While a fault lasts and no write comes to find it over, one of our own is tried this often: a server that is not ready gets no mail, and
    /// would stay so.
    /// </summary>
    private static readonly TimeSpan ProbePause = TimeSpan.FromSeconds(2);

    /// <summary>No timer is finer. For less, the processor is left to those who are about to write.</summary>
    private static readonly TimeSpan FinestWait = TimeSpan.FromMilliseconds(1);

    private readonly Channel<DatabaseWrite> _queue = Channel.CreateBounded<DatabaseWrite>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true }
    );

    private readonly DatabaseFile _file;
    private readonly StorageState _state;
    private readonly Thread _thread;
    private Task<bool>? _more;
    private WriteStatements? _statements;
    private bool _distrustsLog;

    public DatabaseWriter(DatabaseFile file, StorageState state)
    {
        (_file, _state) = (file, state);
        _statements = new WriteStatements(file.OpenWriter());
        // A thread of its own may block; the pool's threads stay free for the sessions while an fsync runs.
        _thread = new Thread(Run) { Name = "database writer", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Queues a write; waits only while the queue is full.</summary>
    public ValueTask EnqueueAsync(DatabaseWrite write, CancellationToken cancellationToken) =>
        _queue.Writer.WriteAsync(write, cancellationToken);

    /// <summary>Commits what is queued and closes the connection.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete())
            return;
        _thread.Join();
        Close();
    }

    private void Run()
    {
        var batch = new WriteBatch();
        while (TryGather(batch))
        {
            Settle(batch.Writes);
            batch.Clear();
        }
    }

    // Waits for the first write, and as long as the batch allows for more; false at the end.
    private bool TryGather(WriteBatch batch)
    {
        while (!batch.IsFull)
        {
            if (_queue.Reader.TryRead(out DatabaseWrite? write))
                batch.Add(write);
            else if (!WaitForMore(batch.TimeLeft))
                break;
        }
        return batch.Writes.Count > 0;
    }

    private bool WaitForMore(TimeSpan atMost)
    {
        if (atMost == TimeSpan.Zero)
            return false;
        if (atMost > TimeSpan.Zero && atMost < FinestWait)
        {
            Thread.Yield();
            return true;
        }
        _more ??= _queue.Reader.WaitToReadAsync().AsTask();
        if (atMost == Timeout.InfiniteTimeSpan)
            WaitOutFault(_more);
        else if (!_more.Wait(atMost))
            return false;
        bool isOpen = _more.GetAwaiter().GetResult();
        _more = null;
        return isOpen;
    }

    private void WaitOutFault(Task more)
    {
        while (!more.Wait(_state.Fault is null ? Timeout.InfiniteTimeSpan : ProbePause))
            TryCommit([]);
    }

    // One of them may be at fault, or a smaller one may still fit on the disk: then each gets a transaction of its own. Any other fault is that
    // of all, and another program's lock would be waited for as long again by each.
    private void Settle(IReadOnlyList<DatabaseWrite> batch)
    {
        if (TryCommit(batch) is not { } failure)
            return;
        bool isApart = batch.Count > 1 && failure.Fault.MayBeOneWrites();
        foreach (DatabaseWrite write in batch)
        {
            if ((isApart ? TryCommit([write], isWhole: false) : failure) is { } own)
                write.OnFailed(own);
        }
    }

    private StorageException? TryCommit(IReadOnlyList<DatabaseWrite> writes, bool isWhole = true)
    {
        if (_state.Damage is { } damage)
            return damage;
        long begun = Stopwatch.GetTimestamp();
        try
        {
            _statements ??= Reopen();
            _statements.Begin();
            // An empty transaction would not touch the disk.
            if (writes.Count == 0)
                _statements.Touch();
            foreach (DatabaseWrite write in writes)
                write.Execute(_statements);
            _statements.Commit();
        }
#pragma warning disable CA1031 // whatever it is: the writer must live on, and those who wait must hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail(e);
        }
        _state.Committed(writes.Count, Stopwatch.GetElapsedTime(begun), isWhole);
        foreach (DatabaseWrite write in writes)
            write.OnCommitted();
        return null;
    }

    private WriteStatements Reopen()
    {
        var statements = new WriteStatements(_file.OpenWriter(_distrustsLog));
        _distrustsLog = false;
        return statements;
    }

    private StorageException Fail(Exception exception)
    {
        StorageFault fault = StorageFaults.Of(exception);
        _distrustsLog |= fault == StorageFault.InputOutput;
        if (fault.EndsConnection() || !TryRollback())
            Close();
        if (fault == StorageFault.InputOutput && _file.FreeSpace < FullBelow)
            fault = StorageFault.Full;
        var failure = new StorageException(exception.Message, fault, exception);
        _state.Failed(failure);
        return failure;
    }

    private bool TryRollback()
    {
        try
        {
            _statements?.Rollback();
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    private void Close()
    {
        _statements?.Dispose();
        _statements = null;
    }
}
