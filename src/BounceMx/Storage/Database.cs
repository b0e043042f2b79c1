using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The one file on disk: spool, outbox and cursors in SQLite (WAL, synchronous=FULL).
/// Does: open or make the file; run every write on one thread, which commits whatever has queued up at once; open readers beside it.
/// Does not: know what a message or an event is (<see cref="Spool"/>, <see cref="EventStore"/>).
/// Why SQLite: it reports a failed fsync, which .NET's own Flush(true) does not (docs/adr).
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly DatabaseFile _file;
    private readonly string? _notRewritten;
    private readonly StorageState _state = new();
    private readonly DatabaseWriter _writer;

    private Database(DatabaseFile file)
    {
        _file = file;
        _notRewritten = file.Upgrade();
        _writer = new DatabaseWriter(file, _state);
    }

    /// <summary>What keeps it from being written at present, and what to do about it, for people; damage stays until the server is started again. Else <c>null</c>.</summary>
    public string? Fault => _state.Fault is { } e ? $"cannot be written: {e.Message} ({e.Fault.Advice()})" : null;

    /// <summary>Opens the database in <paramref name="folder"/>, making both where they are not there.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="busyTimeout">How long another program's write is waited for; 10 seconds by default.</param>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    /// <exception cref="SqliteException">The file is no database, or is damaged.</exception>
    /// <exception cref="InvalidDataException">The file was written by a later version of the program.</exception>
    public static Database Open(string folder, TimeSpan? busyTimeout = null) => new(DatabaseFile.In(folder, busyTimeout));

    /// <summary>From here on log and metrics hear how writing goes. They come later than the database, which the server opens before anything else.</summary>
    /// <returns>Itself.</returns>
    public Database ReportTo(ILogger<Database> logger, StorageMetrics? metrics = null)
    {
        (_state.Logger, _state.Metrics) = (logger, metrics);
        if (_notRewritten is not null)
            WriterLog.NotRewritten(logger, _notRewritten);
        return this;
    }

    /// <summary>A connection to read beside the writer. The caller disposes it.</summary>
    public SqliteConnection OpenReader() => _file.OpenReader();

    /// <summary>Queues a write; waits only while the queue is full. The outcome comes to the write itself.</summary>
    public ValueTask EnqueueAsync(DatabaseWrite write, CancellationToken cancellationToken) =>
        _writer.EnqueueAsync(write, cancellationToken);

    /// <summary>Commits what is queued and closes the file.</summary>
    public ValueTask DisposeAsync()
    {
        _writer.Dispose();
        return ValueTask.CompletedTask;
    }
}
