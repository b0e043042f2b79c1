using BounceMx.Smtp.Bodies;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>The writer's prepared statements: each is compiled once and bound anew for each row. Not thread-safe.</summary>
internal sealed class WriteStatements(SqliteConnection connection) : IDisposable
{
    private readonly byte[] _piece = new byte[64 * 1024];

    private readonly Statement _begin = new(connection, "BEGIN IMMEDIATE");
    private readonly Statement _commit = new(connection, "COMMIT");
    private readonly Statement _rollback = new(connection, "ROLLBACK");

    private readonly Statement _insertMessage = new(
        connection,
        "INSERT INTO message (received_at, envelope, raw) VALUES ($1, $2, $3) RETURNING spool_id",
        parameters: 3
    );

    // Room for a message that is then written piece by piece.
    private readonly Statement _insertLargeMessage = new(
        connection,
        "INSERT INTO message (received_at, envelope, raw) VALUES ($1, $2, zeroblob($3)) RETURNING spool_id",
        parameters: 3
    );

    private readonly Statement _insertUnread = new(connection, "INSERT INTO unread (spool_id) VALUES ($1)", parameters: 1);
    private readonly Statement _deleteUnread = new(connection, "DELETE FROM unread WHERE spool_id = $1", parameters: 1);
    private readonly Statement _insertEvent = new(
        connection,
        "INSERT INTO event (spool_id, stored_at, data) VALUES ($1, $2, $3)",
        parameters: 3
    );

    private readonly Statement _moveCursor = new(
        connection,
        "INSERT INTO cursor (sink, seq) VALUES ($1, $2) ON CONFLICT (sink) DO UPDATE SET seq = excluded.seq",
        parameters: 2
    );

    // Refused again, it keeps its number; the mark goes.
    private readonly Statement _bury = new(
        connection,
        """
        INSERT INTO dead (sink, seq, refused_at, error) VALUES ($1, $2, $3, $4)
        ON CONFLICT (sink, seq) DO UPDATE SET refused_at = excluded.refused_at, error = excluded.error, retry = 0
        """,
        parameters: 4
    );

    private readonly Statement _exhume = new(connection, "DELETE FROM dead WHERE sink = $1 AND seq = $2", parameters: 2);

    public void Begin() => _begin.Execute();

    public void Commit() => _commit.Execute();

    public void Rollback() => _rollback.Execute();

    /// <summary>Stores a message as unread.</summary>
    public SpoolId InsertMessage(DateTimeOffset receivedAt, string envelope, byte[] raw)
    {
        var id = new SpoolId((long)_insertMessage.ExecuteScalar(receivedAt.ToUnixTimeMilliseconds(), envelope, raw)!);
        _insertUnread.Execute(id.Value);
        return id;
    }

    /// <summary>Stores a message as unread without having it in memory whole.</summary>
    /// <exception cref="IOException">The message cannot be read.</exception>
    public SpoolId InsertMessage(DateTimeOffset receivedAt, string envelope, MessageBody body)
    {
        var id = new SpoolId((long)_insertLargeMessage.ExecuteScalar(receivedAt.ToUnixTimeMilliseconds(), envelope, body.Length)!);
        using (var raw = new SqliteBlob(connection, "message", "raw", id.Value))
        {
            for (long at = 0; at < body.Length; )
            {
                int count = body.Read(at, _piece);
                raw.Write(_piece, 0, count);
                at += count;
            }
        }
        _insertUnread.Execute(id.Value);
        return id;
    }

    /// <summary>Marks a message as analysed.</summary>
    /// <returns><c>false</c> when it was already.</returns>
    public bool MarkAnalysed(SpoolId id) => _deleteUnread.Execute(id.Value) == 1;

    /// <summary>Puts an event into the outbox.</summary>
    public void InsertEvent(SpoolId spoolId, DateTimeOffset storedAt, string data) =>
        _insertEvent.Execute(spoolId.Value, storedAt.ToUnixTimeMilliseconds(), data);

    /// <summary>Remembers that a sink has taken all events up to <paramref name="sequence"/>.</summary>
    public void MoveCursor(string sink, long sequence) => _moveCursor.Execute(sink, sequence);

    /// <summary>Notes that a sink refused an event for good, or once more.</summary>
    public void Bury(string sink, long sequence, DateTimeOffset refusedAt, string error) =>
        _bury.Execute(sink, sequence, refusedAt.ToUnixTimeMilliseconds(), error);

    /// <summary>Notes that a sink took an event that it had refused.</summary>
    public void Exhume(string sink, long sequence) => _exhume.Execute(sink, sequence);

    public void Dispose()
    {
        foreach (
            Statement statement in (Statement[])
                [
                    _begin,
                    _commit,
                    _rollback,
                    _insertMessage,
                    _insertLargeMessage,
                    _insertUnread,
                    _deleteUnread,
                    _insertEvent,
                    _moveCursor,
                    _bury,
                    _exhume,
                ]
        )
            statement.Dispose();
    }

    private sealed class Statement : IDisposable
    {
        private readonly SqliteCommand _command;

        public Statement(SqliteConnection connection, string sql, int parameters = 0)
        {
            _command = connection.CreateCommand();
            // The text is one of the constants above.
#pragma warning disable CA2100
            _command.CommandText = sql;
#pragma warning restore CA2100
            for (int i = 1; i <= parameters; i++)
                _command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        }

        public int Execute(params ReadOnlySpan<object> values) => Bind(values).ExecuteNonQuery();

        public object? ExecuteScalar(params ReadOnlySpan<object> values) => Bind(values).ExecuteScalar();

        private SqliteCommand Bind(ReadOnlySpan<object> values)
        {
            for (int i = 0; i < values.Length; i++)
                _command.Parameters[i].Value = values[i];
            return _command;
        }

        public void Dispose() => _command.Dispose();
    }
}
