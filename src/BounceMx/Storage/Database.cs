using System.Threading.Channels;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The one file on disk: spool, outbox and cursors in SQLite (WAL, synchronous=FULL).
/// Does: open or make the file; run every write on one thread, which commits whatever has queued up at once (group commit).
/// Does not: know what a message or an event is (<see cref="Spool"/>, <see cref="EventStore"/>).
/// Why SQLite: it reports a failed fsync, which .NET's own Flush(true) does not (docs/adr).
/// Gaps: no retention yet; no check against a second process on the same folder.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    /// <summary>Writes that may wait; beyond, those who write wait. Bounds memory: a wait holds one message at most.</summary>
    private const int QueueCapacity = 4096;

    /// <summary>Writes in one transaction: enough to share the fsync, few enough to keep the slowest waiter's time short.</summary>
    private const int MaxBatch = 512;

    /// <summary>
    /// Octets in one transaction, exceeded by one write at most: so the large messages of others delay a small one by their own time, which
    /// nothing can spare it, but do not make it wait for a commit of all of them; and the log, which cannot be emptied within a
    /// transaction, stays small.
    /// </summary>
    private const long MaxBatchOctets = 8 * 1024 * 1024;

    /// <summary>The file in the data folder.</summary>
    public const string FileName = "bouncemx.db";

    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteFull = 13;
    private const int SqliteIoError = 10;

    /// <summary>SQLite reports ENOSPC on its shared-memory file as an I/O error; less free space than this means a full disk.</summary>
    private const long FullBelow = 1 << 20;

    private readonly Channel<DatabaseWrite> _queue = Channel.CreateBounded<DatabaseWrite>(
        new BoundedChannelOptions(QueueCapacity) { SingleReader = true }
    );

    private readonly string _folder;
    private readonly string _connectionString;
    private readonly SqliteConnection _connection;
    private readonly WriteStatements _statements;
    private readonly Thread _writer;

    private Database(string folder)
    {
        _folder = folder;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(folder, FileName),
            Pooling = false,
            DefaultTimeout = 30,
        }.ToString();
        _connection = OpenConnection(Schema.WriterPragmas);
        Schema.Migrate(_connection);
        _statements = new WriteStatements(_connection);
        _writer = new Thread(Write) { Name = "database writer", IsBackground = true };
        _writer.Start();
    }

    /// <summary>Opens the database in <paramref name="folder"/>, making both where they are not there.</summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    /// <exception cref="SqliteException">The file is no database, or is damaged.</exception>
    public static Database Open(string folder)
    {
        folder = Path.GetFullPath(folder);
        OwnerOnly.CreateFolder(folder);
        // SQLite would make it with the umask; its log and index take the mode of the file. One that is there is not opened here: to close it
        // would take the locks of a database that is open in this process.
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            OwnerOnly.OpenFile(path).Dispose();
        return new Database(folder);
    }

    /// <summary>A connection to read beside the writer. The caller disposes it.</summary>
    public SqliteConnection OpenReader() => OpenConnection(Schema.ReaderPragmas);

    /// <summary>Queues a write; waits only while the queue is full. The outcome comes to the write itself.</summary>
    public ValueTask EnqueueAsync(DatabaseWrite write, CancellationToken cancellationToken) =>
        _queue.Writer.WriteAsync(write, cancellationToken);

    /// <summary>Commits what is queued and closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            _writer.Join();
            _statements.Dispose();
            _connection.Dispose();
        }
        return ValueTask.CompletedTask;
    }

    private SqliteConnection OpenConnection(string pragmas)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // a constant of Schema
            command.CommandText = pragmas;
#pragma warning restore CA2100
            command.ExecuteNonQuery();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void Write()
    {
        var batch = new List<DatabaseWrite>(MaxBatch);
        // A thread of its own may block; the pool's threads stay free for the sessions while an fsync runs.
        while (_queue.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            long octets = 0;
            while (batch.Count < MaxBatch && octets < MaxBatchOctets && _queue.Reader.TryRead(out DatabaseWrite? write))
            {
                batch.Add(write);
                octets += write.Octets;
            }
            if (!TryCommit(batch, out StorageException? fault))
                CommitApart(batch, fault);
            batch.Clear();
        }
    }

    // One of them may be at fault, or a smaller one may still fit on the disk: each gets a transaction of its own. But when another program
    // holds the lock, each would wait for it as long again.
    private void CommitApart(List<DatabaseWrite> batch, StorageException fault)
    {
        bool isLocked = fault.InnerException is SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked };
        foreach (DatabaseWrite write in batch)
        {
            StorageException? exception = fault;
            if (isLocked || !TryCommit([write], out exception))
                write.OnFailed(exception);
        }
    }

    private bool TryCommit(List<DatabaseWrite> batch, [System.Diagnostics.CodeAnalysis.NotNullWhen(false)] out StorageException? exception)
    {
        exception = null;
        try
        {
            _statements.Begin();
            foreach (DatabaseWrite write in batch)
                write.Execute(_statements);
            _statements.Commit();
        }
#pragma warning disable CA1031 // whatever it is: the writer must live on, and those who wait must hear of it
        catch (Exception e)
#pragma warning restore CA1031
        {
            Rollback();
            exception = new StorageException(e.Message, FaultOf(e), e);
            return false;
        }
        foreach (DatabaseWrite write in batch)
            write.OnCommitted();
        return true;
    }

    private void Rollback()
    {
        try
        {
            _statements.Rollback();
        }
        catch (SqliteException)
        {
            // SQLite has rolled back by itself, as it does after SQLITE_FULL and SQLITE_IOERR, or the transaction never began.
        }
    }

    private StorageFault FaultOf(Exception exception) =>
        IsDiskFull(exception) ? StorageFault.Full
        : exception is SqliteException { SqliteErrorCode: SqliteBusy or SqliteLocked } ? StorageFault.Busy
        : StorageFault.Other;

    private bool IsDiskFull(Exception exception) =>
        exception is SqliteException { SqliteErrorCode: SqliteFull }
        || (exception is SqliteException { SqliteErrorCode: SqliteIoError } && FreeSpace() < FullBelow);

    private long FreeSpace()
    {
        try
        {
            return new DriveInfo(_folder).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return long.MaxValue;
        }
    }
}
