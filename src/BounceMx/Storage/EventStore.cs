using System.Text.Json;
using BounceMx.Pipeline;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>An event in the outbox.</summary>
/// <param name="Sequence">Its place: positive, ascending in the order of the commits.</param>
/// <param name="Data">The event as JSON, schema 1.</param>
internal readonly record struct StoredEvent(long Sequence, string Data)
{
    /// <summary>The event itself.</summary>
    public BounceEvent Read() => EventJson.Read(Data);

    /// <summary>The event's id; the sequence in its place where the JSON cannot be read.</summary>
    public string Id
    {
        get
        {
            try
            {
                return Read().Id;
            }
            catch (JsonException)
            {
                return $"#{Sequence}";
            }
        }
    }
}

/// <summary>
/// The outbox.
/// Does: store the events of a message together with its "analysed" mark in one transaction (hop 9); give the events back in
/// order; keep each sink's cursor.
/// Does not: publish (<see cref="Publishing.SinkRunner"/>); remove anything.
/// </summary>
internal sealed class EventStore(Database database, TimeProvider time, EventMetrics? metrics = null)
{
    /// <summary>Octets of events that wait for the disk: those of a thousand messages with a thousand recipients each must not stand in memory while it stalls.</summary>
    private const long MaxWaiting = 64 * 1024 * 1024;

    private readonly OctetBudget _waiting = new(MaxWaiting);
    private volatile TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The events that sinks refused for good.</summary>
    public DeadLetterStore DeadLetters { get; } = new(database, time);

    /// <summary>Completes when events were committed after this was asked for. Ask first, then read, then wait.</summary>
    public Task Arrival => _arrival.Task;

    /// <summary>
    /// Queues the events of a message; waits only while the queue is full, or too much waits for the disk. The outcome comes later, on the writer thread, through
    /// <paramref name="done"/>: <c>null</c> when they are on disk. Storing the same message twice stores it once.
    /// </summary>
    public async ValueTask StoreAsync(
        SpoolId spoolId,
        IReadOnlyList<BounceEvent> events,
        Action<SpoolId, StorageException?> done,
        CancellationToken cancellationToken
    )
    {
        var write = new StoreEvents(this, spoolId, time.GetUtcNow(), events, done);
        await _waiting.TakeAsync(write.Octets, cancellationToken);
        try
        {
            await database.EnqueueAsync(write, cancellationToken);
        }
        catch
        {
            _waiting.Return(write.Octets);
            throw;
        }
    }

    /// <summary>Queues a sink's new cursor. Losing it in a crash means to publish the same events again, under the same ids.</summary>
    public ValueTask MoveCursorAsync(string sink, long sequence, CancellationToken cancellationToken) =>
        database.EnqueueAsync(new MoveCursor(sink, sequence), cancellationToken);

    /// <summary>A sink's view of the outbox. The caller disposes it.</summary>
    public EventReader OpenReader() => new(database.OpenReader());

    private void Count(IReadOnlyList<BounceEvent> events) => metrics?.Count(events);

    private void Announce() =>
        Interlocked.Exchange(ref _arrival, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private sealed class StoreEvents(
        EventStore store,
        SpoolId spoolId,
        DateTimeOffset storedAt,
        IReadOnlyList<BounceEvent> events,
        Action<SpoolId, StorageException?> done
    ) : DatabaseWrite
    {
        private readonly string[] _data = [.. events.Select(EventJson.Write)];
        private bool _isNew;

        public override long Octets => _data.Sum(data => (long)data.Length);

        public override void Execute(WriteStatements statements)
        {
            _isNew = statements.MarkAnalysed(spoolId);
            if (!_isNew)
                return;
            foreach (string data in _data)
                statements.InsertEvent(spoolId, storedAt, data);
        }

        public override void OnCommitted()
        {
            if (_isNew)
                store.Count(events);
            store.Announce();
            End(null);
        }

        public override void OnFailed(StorageException exception) => End(exception);

        private void End(StorageException? exception)
        {
            store._waiting.Return(Octets);
            done(spoolId, exception);
        }
    }

    private sealed class MoveCursor(string sink, long sequence) : DatabaseWrite
    {
        public override void Execute(WriteStatements statements) => statements.MoveCursor(sink, sequence);

        public override void OnCommitted() { }

        // The sink's next cursor carries this one along.
        public override void OnFailed(StorageException exception) { }
    }
}

/// <summary>Reads the outbox in order. Not thread-safe.</summary>
internal sealed class EventReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _read;
    private readonly SqliteParameter _after;
    private readonly SqliteParameter _limit;

    internal EventReader(SqliteConnection connection)
    {
        _connection = connection;
        _read = connection.CreateCommand();
        _read.CommandText = "SELECT seq, data FROM event WHERE seq > $after ORDER BY seq LIMIT $limit";
        _after = _read.Parameters.Add("$after", SqliteType.Integer);
        _limit = _read.Parameters.Add("$limit", SqliteType.Integer);
    }

    /// <summary>The events behind <paramref name="sequence"/>, in order.</summary>
    public List<StoredEvent> ReadAfter(long sequence, int limit)
    {
        _after.Value = sequence;
        _limit.Value = limit;
        using SqliteDataReader reader = _read.ExecuteReader();
        var events = new List<StoredEvent>();
        while (reader.Read())
            events.Add(new StoredEvent(reader.GetInt64(0), reader.GetString(1)));
        return events;
    }

    /// <summary>Events that the sink refused and that somebody marked for another try, the oldest first.</summary>
    public List<StoredEvent> ReadMarked(string sink, int limit)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText =
            "SELECT seq, data FROM dead JOIN event USING (seq) WHERE sink = $sink AND retry = 1 ORDER BY seq LIMIT $limit";
        command.Parameters.AddWithValue("$sink", sink);
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = command.ExecuteReader();
        var events = new List<StoredEvent>();
        while (reader.Read())
            events.Add(new StoredEvent(reader.GetInt64(0), reader.GetString(1)));
        return events;
    }

    /// <summary>How many events each sink refused for good; sinks that refused none are not named.</summary>
    public Dictionary<string, long> CountDead()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT sink, count(*) FROM dead GROUP BY sink";
        using SqliteDataReader reader = command.ExecuteReader();
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        while (reader.Read())
            counts.Add(reader.GetString(0), reader.GetInt64(1));
        return counts;
    }

    /// <summary>When the first event behind <paramref name="sequence"/> was stored, UTC; <c>null</c> when there is none.</summary>
    public DateTimeOffset? ReadStoredAfter(long sequence)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT stored_at FROM event WHERE seq > $after ORDER BY seq LIMIT 1";
        command.Parameters.AddWithValue("$after", sequence);
        return command.ExecuteScalar() is long storedAt ? DateTimeOffset.FromUnixTimeMilliseconds(storedAt) : null;
    }

    /// <summary>The last event that a sink took; 0 when it took none.</summary>
    public long ReadCursor(string sink)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT seq FROM cursor WHERE sink = $sink";
        command.Parameters.AddWithValue("$sink", sink);
        return (long?)command.ExecuteScalar() ?? 0;
    }

    /// <summary>The last event stored; 0 when there is none.</summary>
    public long ReadLast()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(seq), 0) FROM event";
        return (long)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _read.Dispose();
        _connection.Dispose();
    }
}
