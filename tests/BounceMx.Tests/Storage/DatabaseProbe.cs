using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Storage;

/// <summary>A write whose outcome the test awaits: it runs what it is given.</summary>
internal sealed class ProbeWrite(Action<WriteStatements> execute, bool isUrgent = true, long octets = 0) : DatabaseWrite
{
    private readonly TaskCompletionSource<StorageException?> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override bool IsUrgent => isUrgent;

    public override long Octets => octets;

    /// <summary>The connection that it ran on last, told apart by its statements.</summary>
    public WriteStatements? RanOn { get; private set; }

    /// <summary>How it ended: <c>null</c> when it is on disk.</summary>
    public Task<StorageException?> Outcome => _outcome.Task;

    public override void Execute(WriteStatements statements)
    {
        RanOn = statements;
        execute(statements);
    }

    public override void OnCommitted() => _outcome.SetResult(null);

    public override void OnFailed(StorageException exception) => _outcome.SetResult(exception);
}

/// <summary>The database file as another program sees it.</summary>
internal sealed class ForeignHand(string folder)
{
    public string File { get; } = Path.Combine(folder, "bouncemx.db");

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        return connection;
    }

    public void Execute(string sql)
    {
        using SqliteConnection connection = Open();
        Execute(connection, sql);
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    public object? Read(string sql)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Writes into the file itself. A commit of another program before it makes the server read the file anew.</summary>
    public void Overwrite(long offset, params byte[] octets)
    {
        Execute(
            "INSERT INTO cursor (sink, seq) VALUES ('nobody', 0) ON CONFLICT DO UPDATE SET seq = seq + 1; PRAGMA wal_checkpoint(TRUNCATE)"
        );
        using FileStream file = System.IO.File.OpenWrite(File);
        file.Position = offset;
        file.Write(octets);
    }
}
