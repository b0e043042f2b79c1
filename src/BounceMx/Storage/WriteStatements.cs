using BounceMx.Smtp.Bodies;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BounceMx.Storage;

/// <summary>The writer's connection, which it owns, and its prepared statements: each is compiled once and bound anew for each row. Not thread-safe.</summary>
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

    // Asked once more, within the transaction: somebody may have wanted the message read again since it was chosen.
    private readonly Statement _removeEvents = new(
        connection,
        """
        DELETE FROM event WHERE spool_id = $1
        AND NOT EXISTS (SELECT 1 FROM unread WHERE spool_id = $1)
        AND NOT EXISTS (
            SELECT 1 FROM event AS kept WHERE spool_id = $1 AND (seq > $2 OR EXISTS (SELECT 1 FROM dead WHERE dead.seq = kept.seq))
        )
        """,
        parameters: 2
    );

    private readonly Statement _removeMessage = new(connection, "DELETE FROM message WHERE spool_id = $1", parameters: 1);
    private readonly Statement _touch = new(connection, $"PRAGMA user_version = {Schema.Version}");
    private readonly Statement _shrink = new(connection, "PRAGMA incremental_vacuum(64)");

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

    /// <summary>Brings the transaction to disk.</summary>
    /// <exception cref="SqliteException">It is not there; or would be in a file that nobody finds again.</exception>
    public void Commit()
    {
        if (MovedFile.Is(connection))
            throw new SqliteException("The file was removed or replaced", raw.SQLITE_READONLY, raw.SQLITE_READONLY_DBMOVED);
        _commit.Execute();
    }

    /// <summary>Undoes the transaction, where one is open: after some errors, or when it did not begin, none is.</summary>
    public void Rollback()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle) == 0)
            _rollback.Execute();
    }

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

    /// <summary>Removes a message with its events, unless it is unread, an event of it lies behind <paramref name="taken"/>, or one is dead.</summary>
    /// <returns>Whether there was a message to remove, and it is removed.</returns>
    public bool RemoveMessage(SpoolId id, long taken) => _removeEvents.Execute(id.Value, taken) > 0 && _removeMessage.Execute(id.Value) > 0;

    /// <summary>Writes the first page as it is: the least that needs the disk.</summary>
    public void Touch() => _touch.Execute();

    /// <summary>Moves the last 64 pages of the file into free ones, or fewer when there are not as many, and cuts them off.</summary>
    public void Shrink() => _shrink.Exhaust();

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
                    _removeEvents,
                    _removeMessage,
                    _touch,
                    _shrink,
                    _bury,
                    _exhume,
                ]
        )
            statement.Dispose();
        connection.Dispose();
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

        // Some pragmas do a step of their work with each row.
        public void Exhaust()
        {
            using SqliteDataReader reader = _command.ExecuteReader();
            while (reader.Read()) { }
        }

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
