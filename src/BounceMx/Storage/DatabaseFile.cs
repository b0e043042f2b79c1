using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// The file <c>bouncemx.db</c> in the data folder, and the connections to it.
/// Does: make the file when it is not there; bring an older one up to date; open connections to it.
/// Does not: make it a second time. A file that has gone while the server runs is a fault (<see cref="MovedFile"/>), not a reason to begin anew.
/// </summary>
internal sealed class DatabaseFile
{
    /// <summary>How long another program's write is waited for: longer than any of ours takes, shorter than a peer waits for its 250 (RFC 5321 section 4.5.3.2.6).</summary>
    public static readonly TimeSpan DefaultBusyTimeout = TimeSpan.FromSeconds(10);

    private const int Busy = 5;

    private readonly string _folder;
    private readonly string _connectionString;
    private readonly TimeSpan _busyTimeout;

    private DatabaseFile(string folder, TimeSpan busyTimeout)
    {
        _folder = folder;
        _busyTimeout = busyTimeout;
        FullName = Path.Combine(folder, DataFiles.Name);
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = FullName,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            // SQLite waits by itself (busy_timeout), and asks more often than the library's 150 ms, which then gives up at once.
            DefaultTimeout = 1,
        }.ToString();
    }

    /// <summary>Its path.</summary>
    public string FullName { get; }

    /// <summary>Free octets of its disk.</summary>
    public long FreeSpace => DiskSpace.FreeIn(_folder);

    /// <summary>The file in <paramref name="folder"/>; both are made where they are not there.</summary>
    /// <exception cref="IOException">The folder cannot be made or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    public static DatabaseFile In(string folder, TimeSpan? busyTimeout = null)
    {
        folder = Path.GetFullPath(folder);
        OwnerOnly.CreateFolder(folder);
        var file = new DatabaseFile(folder, busyTimeout ?? DefaultBusyTimeout);
        // SQLite would make it with the umask; its log and index take the mode of the file. One that is there is not opened here: to close it
        // would take the locks of a database that is open in this process.
        if (!File.Exists(file.FullName))
            OwnerOnly.OpenFile(file.FullName).Dispose();
        return file;
    }

    /// <summary>Brings the file up to this program's schema and page size.</summary>
    /// <returns>Why it keeps the page size that it has; <c>null</c> when it has ours.</returns>
    /// <exception cref="SqliteException">The file is no database, or is damaged.</exception>
    /// <exception cref="InvalidDataException">The file was written by a later version of the program.</exception>
    public string? Upgrade()
    {
        using SqliteConnection connection = OpenWriter();
        Schema.Migrate(connection);
        return IsUpToDate(connection) ? null : TryRewrite(connection);
    }

    /// <summary>A connection to write. The caller disposes it.</summary>
    /// <param name="afterFault">Whether the disk failed: then all that is in the log is brought into the file first (<see cref="Pragmas.EmptyLog"/>).</param>
    /// <exception cref="SqliteException">The file cannot be opened, or has gone, or the log cannot be emptied.</exception>
    public SqliteConnection OpenWriter(bool afterFault = false)
    {
        SqliteConnection connection = Open(Pragmas.Writer);
        try
        {
            // It says so in a row, and not by an error, when others kept it from being done.
            if (afterFault && Read(connection, Pragmas.EmptyLog) != 0)
                throw new SqliteException("Another program keeps the log from being emptied", Busy);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>A connection to read beside the writer. The caller disposes it.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, or has gone.</exception>
    public SqliteConnection OpenReader() => Open(Pragmas.Reader);

    private SqliteConnection Open(string pragmas)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            Execute(connection, $"PRAGMA busy_timeout = {(int)_busyTimeout.TotalMilliseconds}");
            Execute(connection, pragmas);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static bool IsUpToDate(SqliteConnection connection) =>
        Read(connection, "PRAGMA page_size") == Pragmas.PageSize && Read(connection, "PRAGMA auto_vacuum") == 2;

    // Twice the file: a copy, and the journal that undoes all of it. SQLite puts the copy into its own temporary folder, which may be this disk.
    private string? TryRewrite(SqliteConnection connection)
    {
        long needed = 2 * new FileInfo(FullName).Length;
        if (FreeSpace is var free && free < needed)
            return $"{free} octets are free, {needed} are needed";
        try
        {
            using SqliteCommand rewrite = connection.CreateCommand();
            rewrite.CommandText = Pragmas.Rewrite;
            rewrite.ExecuteNonQuery();
            return IsUpToDate(connection) ? null : "another program reads it";
        }
        catch (SqliteException e) when (StorageFaults.Of(e) != StorageFault.Corrupt)
        {
            return e.Message;
        }
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    private static long Read(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = Command(connection, sql);
        return (long)command.ExecuteScalar()!;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // a constant of this program
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
