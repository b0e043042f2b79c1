using BounceMx.Smtp.Bodies;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The messages that got their 250.
/// Does: store a message so that it survives any crash (hop 4), give back those that were not analysed yet, remove those it is told to.
/// Does not: analyse; know how long to keep anything (<see cref="Retention"/>).
/// </summary>
internal sealed class Spool
{
    /// <summary>Octets up to which a message waits in memory for its turn; larger ones are read from disk again.</summary>
    public const int CarriedSize = 64 * 1024;

    // A damaged row may say anything.
    private static readonly long LatestTime = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();

    private readonly Database _database;
    private long _stored;

    /// <summary>Counts what is there. One spool a database, made before anything is written: it keeps the count.</summary>
    public Spool(Database database)
    {
        _database = database;
        _stored = CountStored();
    }

    /// <summary>Stores a message; returns when it is on disk. One beyond <see cref="CarriedSize"/> is never in memory whole.</summary>
    /// <exception cref="StorageException">It is not on disk.</exception>
    public async Task<SpooledMessage> AppendAsync(
        Envelope envelope,
        DateTimeOffset receivedAt,
        MessageBody body,
        CancellationToken cancellationToken
    )
    {
        byte[]? carried = body.Length <= CarriedSize ? body.ToArray() : null;
        var write = new Append(this, StoredEnvelope.Write(envelope), receivedAt, body, carried);
        await _database.EnqueueAsync(write, cancellationToken);
        SpoolId id = await write.Task;
        return new SpooledMessage(id, envelope, receivedAt, carried);
    }

    /// <summary>
    /// Removes messages with their events, in one transaction, but for those that are unread, or dead, or whose events lie behind
    /// <paramref name="taken"/>. Returns how many went.
    /// </summary>
    /// <exception cref="StorageException">None of them did.</exception>
    public async Task<int> RemoveAsync(IReadOnlyList<SpoolId> ids, long taken, CancellationToken cancellationToken)
    {
        var write = new Remove(this, ids, taken);
        await _database.EnqueueAsync(write, cancellationToken);
        return await write.Task;
    }

    /// <summary>
    /// The oldest unread messages behind <paramref name="after"/>, in order. One that cannot be read, for its envelope or the page that it lies on,
    /// comes with its <see cref="SpooledMessage.Fault"/> and keeps back no other.
    /// </summary>
    /// <exception cref="SqliteException">None of them can be read, as the disk fails, or the list of what is unread is damaged.</exception>
    public IReadOnlyList<SpooledMessage> ReadUnread(SpoolId after, int limit)
    {
        using SqliteConnection connection = _database.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT envelope, received_at, CASE WHEN length(raw) <= $carried THEN raw END
            FROM message WHERE spool_id = $id
            """;
        command.Parameters.AddWithValue("$carried", CarriedSize);
        SqliteParameter id = command.Parameters.Add("$id", SqliteType.Integer);
        var messages = new List<SpooledMessage>();
        while (messages.Count == 0 && ReadUnreadIds(connection, after, limit) is { Count: > 0 } ids)
        {
            foreach (SpoolId unread in ids)
            {
                id.Value = unread.Value;
                if (TryRead(command, unread) is { } message)
                    messages.Add(message);
            }
            after = ids[^1];
        }
        return messages;
    }

    private static List<SpoolId> ReadUnreadIds(SqliteConnection connection, SpoolId after, int limit)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT spool_id FROM unread WHERE spool_id > $after ORDER BY spool_id LIMIT $limit";
        command.Parameters.AddWithValue("$after", after.Value);
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = command.ExecuteReader();
        var ids = new List<SpoolId>();
        while (reader.Read())
            ids.Add(new SpoolId(reader.GetInt64(0)));
        return ids;
    }

    // Null when it is not there, though marked as unread.
    private static SpooledMessage? TryRead(SqliteCommand command, SpoolId id)
    {
        try
        {
            using SqliteDataReader reader = command.ExecuteReader();
            return reader.Read() ? Read(reader, id) : null;
        }
        catch (SqliteException e) when (StorageFaults.Of(e) == StorageFault.Corrupt)
        {
            return new SpooledMessage(id, Envelope.Unknown, DateTimeOffset.UnixEpoch, Raw: null) { Fault = e };
        }
    }

    private static SpooledMessage Read(SqliteDataReader reader, SpoolId id)
    {
        string envelope = reader.GetString(0);
        var message = new SpooledMessage(
            id,
            Envelope.Unknown,
            DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(reader.GetInt64(1), 0, LatestTime)),
            reader.IsDBNull(2) ? null : reader.GetFieldValue<byte[]>(2)
        );
        try
        {
            return message with { Envelope = StoredEnvelope.Read(envelope) };
        }
#pragma warning disable CA1031 // whatever it is: it is this message's alone
        catch (Exception e)
#pragma warning restore CA1031
        {
            return message with { Fault = e };
        }
    }

    /// <summary>The octets of a message.</summary>
    /// <exception cref="InvalidOperationException">There is no such message.</exception>
    public byte[] ReadRaw(SpoolId id)
    {
        using SqliteConnection connection = _database.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT spool_id, raw FROM message WHERE spool_id = $id";
        command.Parameters.AddWithValue("$id", id.Value);
        using SqliteDataReader reader = command.ExecuteReader();
        if (!reader.Read())
            throw new InvalidOperationException($"message {id} is not in the spool");
        // With the row's number beside it, it is read in place: a column of its own would first be put together in SQLite's memory.
        using Stream raw = reader.GetStream(1);
        byte[] all = GC.AllocateUninitializedArray<byte>(checked((int)raw.Length));
        raw.ReadExactly(all);
        return all;
    }

    /// <summary>How many messages are stored, and how many of them are not analysed yet.</summary>
    public (long Stored, long Unread) Count() => (Interlocked.Read(ref _stored), Count("SELECT count(*) FROM unread"));

    // A message that was analysed has events, and their index is small: to count the messages themselves would read the whole table.
    private long CountStored() =>
        Count(
            """
            SELECT (SELECT count(*) FROM (SELECT DISTINCT spool_id FROM event))
                 + (SELECT count(*) FROM unread WHERE NOT EXISTS (SELECT 1 FROM event WHERE event.spool_id = unread.spool_id))
            """
        );

    private long Count(string query)
    {
        using SqliteConnection connection = _database.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // a constant of this class
        command.CommandText = query;
#pragma warning restore CA2100
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Append(Spool spool, string envelope, DateTimeOffset receivedAt, MessageBody body, byte[]? raw)
        : AwaitedWrite<SpoolId>
    {
        public override long Octets => body.Length;

        public override bool IsUrgent => true;

        public override void OnCommitted()
        {
            Interlocked.Increment(ref spool._stored);
            base.OnCommitted();
        }

        protected override SpoolId Run(WriteStatements statements) =>
            raw is null ? statements.InsertMessage(receivedAt, envelope, body) : statements.InsertMessage(receivedAt, envelope, raw);
    }

    private sealed class Remove(Spool spool, IReadOnlyList<SpoolId> ids, long taken) : AwaitedWrite<int>
    {
        public override void OnCommitted()
        {
            Interlocked.Add(ref spool._stored, -Result);
            base.OnCommitted();
        }

        protected override int Run(WriteStatements statements) => ids.Count(id => statements.RemoveMessage(id, taken));
    }
}
