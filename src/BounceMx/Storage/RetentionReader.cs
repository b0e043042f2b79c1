using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>A message that may go.</summary>
/// <param name="Id">Its number.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="Octets">Its size, its events not counted.</param>
internal readonly record struct RemovableMessage(SpoolId Id, DateTimeOffset ReceivedAt, long Octets);

/// <summary>The database file in figures.</summary>
/// <param name="Pages">All pages.</param>
/// <param name="FreePages">Those that hold nothing and wait to be used again.</param>
/// <param name="PageSize">Octets of a page.</param>
/// <param name="CanShrink">Whether free pages can be given back to the disk; not so in files of early versions.</param>
internal readonly record struct DatabaseSize(long Pages, long FreePages, long PageSize, bool CanShrink)
{
    /// <summary>Octets of the file.</summary>
    public long Octets => Pages * PageSize;

    /// <summary>Octets in use.</summary>
    public long Used => (Pages - FreePages) * PageSize;

    /// <summary>Octets that wait to be used again.</summary>
    public long Free => FreePages * PageSize;
}

/// <summary>What the retention asks the database, beside the writer. Not thread-safe.</summary>
internal sealed class RetentionReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _size;
    private readonly SqliteCommand _cursor;
    private readonly SqliteParameter _sink;
    private readonly SqliteCommand _oldest;
    private readonly SqliteCommand _removable;
    private readonly SqliteParameter _after;
    private readonly SqliteParameter _taken;
    private readonly SqliteParameter _limit;

    public RetentionReader(SqliteConnection connection)
    {
        _connection = connection;
        _size = connection.CreateCommand();
        _size.CommandText = """
            SELECT page_count, freelist_count, page_size, auto_vacuum
            FROM pragma_page_count, pragma_freelist_count, pragma_page_size, pragma_auto_vacuum
            """;
        _cursor = connection.CreateCommand();
        _cursor.CommandText = "SELECT seq FROM cursor WHERE sink = $sink";
        _sink = _cursor.Parameters.Add("$sink", SqliteType.Text);
        _oldest = connection.CreateCommand();
        _oldest.CommandText = "SELECT received_at FROM message ORDER BY spool_id LIMIT 1";
        _removable = connection.CreateCommand();
        // By the index of events, which names message and event and is small: while a sink is down, most messages must stay, and their own
        // pages are not touched. Events without a message, as a recovery may leave them, come out as old as can be.
        _removable.CommandText = """
            SELECT spool_id,
                   (SELECT received_at FROM message WHERE message.spool_id = event.spool_id),
                   (SELECT length(raw) FROM message WHERE message.spool_id = event.spool_id)
            FROM event WHERE spool_id > $after
            GROUP BY spool_id
            HAVING max(seq) <= $taken
               AND NOT EXISTS (SELECT 1 FROM unread WHERE unread.spool_id = event.spool_id)
               AND NOT EXISTS (SELECT 1 FROM event AS refused JOIN dead USING (seq) WHERE refused.spool_id = event.spool_id)
            ORDER BY spool_id LIMIT $limit
            """;
        _after = _removable.Parameters.Add("$after", SqliteType.Integer);
        _taken = _removable.Parameters.Add("$taken", SqliteType.Integer);
        _limit = _removable.Parameters.Add("$limit", SqliteType.Integer);
    }

    public DatabaseSize ReadSize()
    {
        using SqliteDataReader reader = _size.ExecuteReader();
        reader.Read();
        return new DatabaseSize(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3) == 2);
    }

    /// <summary>
    /// The last event that every one of the sinks has taken. As it stands on disk: there it moves together with the marks of the events that
    /// the sink refused.
    /// </summary>
    public long ReadTaken(IReadOnlyList<string> sinks) => sinks.Select(ReadCursor).DefaultIfEmpty(long.MaxValue).Min();

    /// <summary>When the oldest message came; long ago where there is none, as then there may be events without one.</summary>
    public DateTimeOffset ReadOldest() => _oldest.ExecuteScalar() is long at ? TimeOf(at) : DateTimeOffset.MinValue;

    /// <summary>The oldest messages behind <paramref name="after"/> that are read, whose events all sinks have taken and none has refused.</summary>
    public List<RemovableMessage> ReadRemovable(SpoolId after, long taken, int limit)
    {
        (_after.Value, _taken.Value, _limit.Value) = (after.Value, taken, limit);
        using SqliteDataReader reader = _removable.ExecuteReader();
        var messages = new List<RemovableMessage>(limit);
        while (reader.Read())
        {
            bool isThere = !reader.IsDBNull(1);
            messages.Add(
                new RemovableMessage(
                    new SpoolId(reader.GetInt64(0)),
                    isThere ? TimeOf(reader.GetInt64(1)) : DateTimeOffset.MinValue,
                    isThere ? reader.GetInt64(2) : 0
                )
            );
        }
        return messages;
    }

    public void Dispose()
    {
        _size.Dispose();
        _cursor.Dispose();
        _oldest.Dispose();
        _removable.Dispose();
        _connection.Dispose();
    }

    // A file that was damaged and recovered may hold any number there.
    private static DateTimeOffset TimeOf(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(
            Math.Clamp(milliseconds, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        );

    private long ReadCursor(string sink)
    {
        _sink.Value = sink;
        return (long?)_cursor.ExecuteScalar() ?? 0;
    }
}
