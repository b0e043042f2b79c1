using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>A sink's no to an event.</summary>
/// <param name="Sequence">The event's place in the outbox.</param>
/// <param name="Error">The sink's words.</param>
internal readonly record struct Refusal(long Sequence, string Error);

/// <summary>
/// The events that a sink refused for good (table <c>dead</c>), as the server sees them; <see cref="DeadLetterFile"/> is for programs beside it.
/// Does: put events aside together with the cursor's move in one transaction; give back those that somebody marked for another try, and write
/// down how it ended.
/// Does not: hold the events, which stay in the outbox; decide what is refused for good (<see cref="Publishing.SinkRunner"/>).
/// </summary>
internal sealed class DeadLetterStore(Database database, TimeProvider time)
{
    /// <summary>Characters of a sink's words that are kept.</summary>
    private const int MaxError = 1024;

    /// <summary>Puts events aside and moves the sink's cursor over them; returns when both are on disk.</summary>
    /// <exception cref="StorageException">Neither is.</exception>
    public Task BuryAsync(string sink, long cursor, IReadOnlyList<Refusal> refused, CancellationToken cancellationToken) =>
        WriteAsync(
            statements =>
            {
                foreach (Refusal refusal in refused)
                    statements.Bury(sink, refusal.Sequence, time.GetUtcNow(), Cut(refusal.Error));
                statements.MoveCursor(sink, cursor);
            },
            cancellationToken
        );

    /// <summary>Writes down how another try ended: what was taken is dead no more, what was refused again waits for the next mark.</summary>
    /// <exception cref="StorageException">It is not on disk.</exception>
    public Task SettleAsync(string sink, IReadOnlyList<long> taken, IReadOnlyList<Refusal> refused, CancellationToken cancellationToken) =>
        WriteAsync(
            statements =>
            {
                foreach (long sequence in taken)
                    statements.Exhume(sink, sequence);
                foreach (Refusal refusal in refused)
                    statements.Bury(sink, refusal.Sequence, time.GetUtcNow(), Cut(refusal.Error));
            },
            cancellationToken
        );

    private async Task WriteAsync(Action<WriteStatements> change, CancellationToken cancellationToken)
    {
        var write = new Change(change);
        await database.EnqueueAsync(write, cancellationToken);
        await write.Task;
    }

    private static string Cut(string error) => error.Length <= MaxError ? error : error[..MaxError];

    private sealed class Change(Action<WriteStatements> change) : AwaitedWrite<bool>
    {
        protected override bool Run(WriteStatements statements)
        {
            change(statements);
            return true;
        }
    }
}

/// <summary>A dead letter for people.</summary>
/// <param name="Number">What it is called on the command line.</param>
/// <param name="Sink">The sink that refused it.</param>
/// <param name="RefusedAt">When it did so last, UTC.</param>
/// <param name="Error">The sink's words.</param>
/// <param name="IsMarked">Whether somebody asked for another try.</param>
/// <param name="Event">The event.</param>
internal sealed record DeadLetter(long Number, string Sink, DateTimeOffset RefusedAt, string Error, bool IsMarked, StoredEvent Event);

/// <summary>
/// The dead letters in a data folder, for the command line: works beside a running server, which looks for marks every second, and without one.
/// </summary>
internal sealed class DeadLetterFile : IDisposable
{
    /// <summary>The schema that brought the table.</summary>
    private const long LeastSchema = 2;

    /// <summary>Dead letters that are read at once.</summary>
    private const int PageSize = 256;

    private readonly DataFiles _files;
    private readonly SqliteConnection _connection;

    private DeadLetterFile(DataFiles files, SqliteConnection connection) => (_files, _connection) = (files, connection);

    /// <summary>Opens the database in <paramref name="folder"/>.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    /// <exception cref="DamagedDatabaseException">Part of it is gone, or a recovery is not done.</exception>
    /// <exception cref="InvalidDataException">An earlier version of the program wrote it.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static DeadLetterFile Open(string folder)
    {
        var files = new DataFiles(folder);
        if (IntegrityCheck.FindMissing(files) is { } damage)
            throw new DamagedDatabaseException(folder, damage);
        if (!files.IsThere)
            throw new FileNotFoundException($"{files.Main}: there is no database", files.Main);
        SqliteConnection connection = files.OpenUntouched();
        try
        {
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            if ((long)command.ExecuteScalar()! < LeastSchema)
                throw new InvalidDataException($"{files.Main} is of an earlier version, which the server brings up to date when it starts");
            return new DeadLetterFile(files, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>All, in the order of their numbers. Read in pages, as a reader that waits (for <c>less</c>) would keep the log from starting over.</summary>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public IEnumerable<DeadLetter> Read()
    {
        for (List<DeadLetter> page = ReadAfter(0); page.Count > 0; page = ReadAfter(page[^1].Number))
        {
            foreach (DeadLetter letter in page)
                yield return letter;
        }
    }

    /// <summary>Marks dead letters for another try.</summary>
    /// <param name="sink">Only those of this sink; <c>null</c>: of any.</param>
    /// <param name="numbers">Only these; empty: all.</param>
    /// <returns>How many are marked, those included that were already.</returns>
    /// <exception cref="DamagedDatabaseException">The database's log is damaged.</exception>
    /// <exception cref="SqliteException">It cannot be written.</exception>
    public int Mark(string? sink, IReadOnlyCollection<long> numbers)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = """
            UPDATE dead SET retry = 1
            WHERE ($sink IS NULL OR sink = $sink) AND ($numbers IS NULL OR id IN (SELECT value FROM json_each($numbers)))
            """;
        command.Parameters.AddWithValue("$sink", (object?)sink ?? DBNull.Value);
        command.Parameters.AddWithValue("$numbers", numbers.Count == 0 ? DBNull.Value : List(numbers));
        return Write(command);
    }

    /// <summary>Gives dead letters up: nobody tries them again, and their messages may be removed when they are old enough.</summary>
    /// <param name="numbers">Which.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="DamagedDatabaseException">The database's log is damaged.</exception>
    /// <exception cref="SqliteException">It cannot be written.</exception>
    public int Forget(IReadOnlyCollection<long> numbers)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "DELETE FROM dead WHERE id IN (SELECT value FROM json_each($numbers))";
        command.Parameters.AddWithValue("$numbers", List(numbers));
        return Write(command);
    }

    private List<DeadLetter> ReadAfter(long number)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = """
            SELECT dead.id, sink, refused_at, error, retry, seq, data FROM dead JOIN event USING (seq)
            WHERE dead.id > $after ORDER BY dead.id LIMIT $limit
            """;
        command.Parameters.AddWithValue("$after", number);
        command.Parameters.AddWithValue("$limit", PageSize);
        using SqliteDataReader reader = command.ExecuteReader();
        var page = new List<DeadLetter>();
        while (reader.Read())
        {
            page.Add(
                new DeadLetter(
                    reader.GetInt64(0),
                    reader.GetString(1),
                    DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(2)),
                    reader.GetString(3),
                    reader.GetInt64(4) != 0,
                    new StoredEvent(reader.GetInt64(5), reader.GetString(6))
                )
            );
        }
        return page;
    }

    private static string List(IEnumerable<long> numbers) => $"[{string.Join(',', numbers)}]";

    // What is written goes behind the last commit that SQLite can read of the log: over what stands there, where the log is damaged. Inside the
    // transaction, as nobody else writes to the log then.
    private int Write(SqliteCommand command)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        if (WalCheck.Find(_files.Log) is { } damage)
            throw new DamagedDatabaseException(_files.Folder, damage);
        command.Transaction = transaction;
        int changed = command.ExecuteNonQuery();
        transaction.Commit();
        return changed;
    }

    public void Dispose() => _connection.Dispose();
}
