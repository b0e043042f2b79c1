using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BounceMx.Storage;

/// <summary>What became of a table.</summary>
/// <param name="Name">The table.</param>
/// <param name="Saved">Rows in the new database.</param>
/// <param name="Lost">
/// Row numbers that could not be read: about as many rows are lost, fewer where numbers were free. <c>null</c>: not even how many there were is known.
/// </param>
internal sealed record SalvagedTable(string Name, long Saved, long? Lost);

/// <summary>
/// Copies what can be read of a damaged database into a new one, so that nothing is lost that is there.
/// Does: copy the tables, older schemas' too; drop rows whose JSON is broken; mark messages that have, or may have, lost events as unread, as reading
/// them again gives the same events under the same ids; let numbers go on above all that were used.
/// Does not: change the damaged files; find rows of which SQLite cannot find the page (its tool sqlite3 .recover reads pages one by one).
/// Known gap: a message whose octets changed without breaking the file's structure, or whose last page alone is damaged, is copied as it is.
/// </summary>
internal sealed class Salvage : IDisposable
{
    // Numbers left free where it cannot be read how far the old ones went.
    private const long Margin = 1 << 20;

    private readonly SqliteConnection _connection;
    private readonly bool _hasSource;
    private readonly long _lastSpoolId;

    /// <summary>Opens both databases.</summary>
    /// <param name="source">The damaged one; an empty file has nothing.</param>
    /// <param name="target">The new one, with empty tables.</param>
    /// <param name="lastSpoolId">A number that a message had, as far as is known from elsewhere; 0 when nothing is.</param>
    /// <exception cref="InvalidDataException">The old one was written by a later version of the program.</exception>
    public Salvage(DataFiles source, DataFiles target, long lastSpoolId)
    {
        _lastSpoolId = lastSpoolId;
        _connection = target.OpenUntouched();
        // A commit for each range need not reach the disk: the whole does, at the end.
        Execute("PRAGMA main.synchronous = NORMAL");
        Execute("PRAGMA trusted_schema = OFF");
        Execute("PRAGMA cell_size_check = ON");
        // Without it a file that is shorter than it says is not read at all.
        Execute("PRAGMA writable_schema = ON");
        _hasSource = source.IsThere && TryExecute("ATTACH $1 AS old", source.Main) is not null;
        if (
            TryRead("PRAGMA old.user_version", out long? version)
            && TryRead("PRAGMA main.user_version", out long? known)
            && version > known
        )
            throw new InvalidDataException($"{source.Main} has schema {version}; this program knows schema {known} at most");
    }

    /// <summary>Copies all.</summary>
    /// <exception cref="SqliteException">The disk is full or fails.</exception>
    public IReadOnlyList<SalvagedTable> Run()
    {
        var messages = new SalvageTable(this, "message", "spool_id");
        var events = new SalvageTable(this, "event", "seq");
        var dead = new SalvageTable(this, "dead", "id");
        messages.Copy(BoundOfMessages());
        events.Copy(BoundOfEvents());
        dead.Copy(BoundOf("dead", "id"));
        SalvagedTable cursors = CopyCursors();
        // Schema 1 did not have it.
        Execute(
            "UPDATE main.event SET stored_at = coalesce((SELECT received_at FROM main.message WHERE message.spool_id = event.spool_id), 0) WHERE stored_at = 0"
        );
        messages.AddLost(Execute("DELETE FROM main.message WHERE NOT json_valid(envelope)"));
        MarkUnread(events);
        Continue("message", BoundOfMessages());
        Continue("event", BoundOfEvents());
        Continue("dead", BoundOf("dead", "id"));
        SalvagedTable[] tables = [messages.Report(), events.Report(), cursors, dead.Report(), new("unread", Count("unread"), 0)];
        Finish();
        return tables;
    }

    /// <summary>Executes a statement on the new database.</summary>
    /// <returns>The rows that it changed.</returns>
    public int Execute(string sql, params ReadOnlySpan<object> values)
    {
        using SqliteCommand command = Prepare(sql, values);
        return command.ExecuteNonQuery();
    }

    /// <summary>Executes a statement that reads the damaged one.</summary>
    /// <returns>The rows that it changed; <c>null</c> when something could not be read.</returns>
    public int? TryExecute(string sql, params ReadOnlySpan<object> values)
    {
        try
        {
            return Execute(sql, values);
        }
        catch (SqliteException e) when (!IsOfTarget(e))
        {
            return null;
        }
    }

    /// <summary>Reads a number from the damaged one.</summary>
    /// <returns><c>false</c> when it cannot be read.</returns>
    public bool TryRead(string sql, out long? value, params ReadOnlySpan<object> values)
    {
        value = null;
        try
        {
            using SqliteCommand command = Prepare(sql, values);
            value = command.ExecuteScalar() as long?;
            return true;
        }
        catch (SqliteException e) when (!IsOfTarget(e))
        {
            return false;
        }
    }

    /// <summary>The rows of a table of the new one.</summary>
    public long Count(string table)
    {
        using SqliteCommand command = Prepare($"SELECT count(*) FROM main.{table}", []);
        return (long)command.ExecuteScalar()!;
    }

    /// <summary>The columns of a table that both have; empty where the old one has none, or cannot tell.</summary>
    public string Columns(string table)
    {
        try
        {
            using SqliteCommand command = Prepare(
                "SELECT group_concat(name, ', ') FROM pragma_table_info($1, 'old') WHERE name IN (SELECT name FROM pragma_table_info($1, 'main'))",
                [table]
            );
            return _hasSource ? command.ExecuteScalar() as string ?? "" : "";
        }
        catch (SqliteException e) when (!IsOfTarget(e))
        {
            return "";
        }
    }

    public void Dispose() => _connection.Dispose();

    // An event whose neighbour was lost may have had more of its message's events beside it.
    private void MarkUnread(SalvageTable events)
    {
        TryExecute("INSERT OR IGNORE INTO main.unread SELECT spool_id FROM old.unread");
        foreach ((long first, long last) in events.LostRanges)
            Execute("INSERT OR IGNORE INTO main.unread SELECT spool_id FROM main.event WHERE seq IN ($1, $2)", first - 1, last + 1);
        Execute("INSERT OR IGNORE INTO main.unread SELECT spool_id FROM main.event WHERE NOT json_valid(data)");
        events.AddLost(Execute("DELETE FROM main.event WHERE NOT json_valid(data)"));
        Execute(
            """
            INSERT OR IGNORE INTO main.unread SELECT spool_id FROM main.message
            WHERE NOT EXISTS (SELECT 1 FROM main.event WHERE event.spool_id = message.spool_id)
            """
        );
        Execute("DELETE FROM main.unread WHERE spool_id NOT IN (SELECT spool_id FROM main.message)");
        Execute("DELETE FROM main.dead WHERE seq NOT IN (SELECT seq FROM main.event)");
    }

    // One that is above the count of the events is damaged, or the count is: its sink begins anew, as events that it had before do less harm than
    // events that it never gets.
    private SalvagedTable CopyCursors()
    {
        bool isRead = TryExecute("INSERT OR IGNORE INTO main.cursor SELECT sink, seq FROM old.cursor") is not null;
        long last = TryReadCount("event", out long counted) ? counted : SalvageTable.LargestId;
        int wrong = Execute("DELETE FROM main.cursor WHERE seq > $1", last);
        return new("cursor", Count("cursor"), isRead ? wrong : null);
    }

    private Bound BoundOfMessages()
    {
        Bound bound = BoundOf("message", "spool_id", "SELECT max(spool_id) FROM old.event", "SELECT max(spool_id) FROM old.unread");
        return bound with { Last = Math.Max(bound.Last, _lastSpoolId) };
    }

    private Bound BoundOfEvents() => BoundOf("event", "seq", "SELECT max(seq) FROM old.cursor", "SELECT max(seq) FROM old.dead");

    // Any of them may be damaged, or be of an earlier time: a number that is passed over costs nothing, one that comes back costs an event.
    private Bound BoundOf(string table, string id, params string[] witnesses)
    {
        bool isExact = TryReadCount(table, out long counted);
        long largest = Largest([$"SELECT max({id}) FROM main.{table}", $"SELECT max({id}) FROM old.{table}", .. witnesses]);
        return new Bound(Math.Max(counted, largest), isExact);
    }

    // SQLite's own count of the numbers. A table in which never was a row is not counted.
    private bool TryReadCount(string table, out long counted)
    {
        bool isRead = TryRead("SELECT seq FROM old.sqlite_sequence WHERE name = $1", out long? value, table);
        counted = value is <= SalvageTable.LargestId ? value.Value : 0;
        return isRead && value is not > SalvageTable.LargestId;
    }

    private long Largest(string[] witnesses)
    {
        long largest = 0;
        foreach (string witness in witnesses)
        {
            if (TryRead(witness, out long? value) && value is { } number and <= SalvageTable.LargestId)
                largest = Math.Max(largest, number);
        }
        return largest;
    }

    // Cursors and journals know the old numbers: one that came back would be passed over, or be taken for another.
    private void Continue(string table, Bound bound)
    {
        long last = bound.IsExact ? bound.Last : bound.Last + Margin;
        if (Execute("UPDATE main.sqlite_sequence SET seq = max(seq, $2) WHERE name = $1", table, last) == 0)
            Execute("INSERT INTO main.sqlite_sequence (name, seq) VALUES ($1, $2)", table, last);
    }

    // From here on the log of the new database may be taken into it; that of the old one is not touched.
    private void Finish()
    {
        if (_hasSource)
            Execute("DETACH old");
        _ = raw.sqlite3_db_config(_connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, out _);
        Execute("PRAGMA main.synchronous = FULL");
        Execute("PRAGMA main.wal_checkpoint(TRUNCATE)");
    }

    // The old one is only read: what fails to be written is of the new one, and no reason to pass over rows.
    private static bool IsOfTarget(SqliteException e) =>
        !StorageFaults.IsDamage(e)
        && e.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR or raw.SQLITE_READONLY or raw.SQLITE_BUSY or raw.SQLITE_LOCKED;

    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        SqliteCommand command = _connection.CreateCommand();
#pragma warning disable CA2100 // of names in this folder's code alone
        command.CommandText = sql;
#pragma warning restore CA2100
        for (int i = 0; i < values.Length; i++)
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        return command;
    }
}

/// <summary>How far the numbers of a table went.</summary>
/// <param name="Last">The last one that is known of.</param>
/// <param name="IsExact">Whether there was none above.</param>
internal readonly record struct Bound(long Last, bool IsExact);
