using BounceMx.Smtp.Bodies;
using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The messages that got their 250.
/// Does: store a message so that it survives any crash (hop 4), and give back those that were not analysed yet.
/// Does not: analyse; remove anything.
/// </summary>
internal sealed class Spool(Database database)
{
    /// <summary>Octets up to which a message waits in memory for its turn; larger ones are read from disk again.</summary>
    public const int CarriedSize = 64 * 1024;

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
        var write = new Append(StoredEnvelope.Write(envelope), receivedAt, body, carried);
        await database.EnqueueAsync(write, cancellationToken);
        SpoolId id = await write.Task;
        return new SpooledMessage(id, envelope, receivedAt, carried);
    }

    /// <summary>The oldest unread messages behind <paramref name="after"/>, in order.</summary>
    public IReadOnlyList<SpooledMessage> ReadUnread(SpoolId after, int limit)
    {
        using SqliteConnection connection = database.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = """
            SELECT spool_id, envelope, received_at, CASE WHEN length(raw) <= $carried THEN raw END
            FROM unread JOIN message USING (spool_id)
            WHERE spool_id > $after ORDER BY spool_id LIMIT $limit
            """;
        command.Parameters.AddWithValue("$carried", CarriedSize);
        command.Parameters.AddWithValue("$after", after.Value);
        command.Parameters.AddWithValue("$limit", limit);
        using SqliteDataReader reader = command.ExecuteReader();
        var messages = new List<SpooledMessage>();
        while (reader.Read())
        {
            messages.Add(
                new SpooledMessage(
                    new SpoolId(reader.GetInt64(0)),
                    StoredEnvelope.Read(reader.GetString(1)),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<byte[]>(3)
                )
            );
        }
        return messages;
    }

    /// <summary>The octets of a message.</summary>
    /// <exception cref="InvalidOperationException">There is no such message.</exception>
    public byte[] ReadRaw(SpoolId id)
    {
        using SqliteConnection connection = database.OpenReader();
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
    public (long Stored, long Unread) Count()
    {
        using SqliteConnection connection = database.OpenReader();
        using SqliteCommand command = connection.CreateCommand();
        // Nothing is removed yet, so the highest number is the count; counting the rows would read the whole table.
        command.CommandText = "SELECT (SELECT coalesce(max(spool_id), 0) FROM message), (SELECT count(*) FROM unread)";
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private sealed class Append(string envelope, DateTimeOffset receivedAt, MessageBody body, byte[]? raw) : DatabaseWrite
    {
        // Continuations must not run on the writer thread: they hold SMTP sessions.
        private readonly TaskCompletionSource<SpoolId> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private SpoolId _id;

        public Task<SpoolId> Task => _done.Task;

        public override long Octets => body.Length;

        public override bool IsUrgent => true;

        public override void Execute(WriteStatements statements) =>
            _id = raw is null ? statements.InsertMessage(receivedAt, envelope, body) : statements.InsertMessage(receivedAt, envelope, raw);

        public override void OnCommitted() => _done.SetResult(_id);

        public override void OnFailed(StorageException exception) => _done.SetException(exception);
    }
}
