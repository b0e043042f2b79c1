using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BounceMx.Storage;

/// <summary>What SQLite keeps a database in, seen from outside of it: <see cref="DatabaseFile"/> is the one that a server works with.</summary>
/// <param name="Folder">The data folder, or one with files of the same names.</param>
internal readonly record struct DataFiles(string Folder)
{
    /// <summary>The name of the database in a data folder.</summary>
    public const string Name = "bouncemx.db";

    private static readonly string[] Suffixes = ["-wal", "-journal", "-shm", ""];

    public string Main => Path.Combine(Folder, Name);

    public string Log => Main + "-wal";

    /// <summary>Whether there is a database at all; an empty file is none yet.</summary>
    public bool IsThere => Length(Main) > 0;

    public bool HasLog => Length(Log) > 0;

    public long Octets => Length(Main) + Length(Log);

    /// <summary>All that are there, the database last.</summary>
    public IEnumerable<string> Existing => Suffixes.Select(suffix => Name + suffix).Where(IsFile);

    /// <summary>
    /// A connection beside all others, or without any: does not make the file, and leaves the log where it is when it is closed, as what is in it may
    /// not have been checked.
    /// </summary>
    /// <exception cref="SqliteException">The file cannot be opened.</exception>
    public SqliteConnection OpenUntouched()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Main,
                // Not read-only: SQLite must be able to make the index of its log.
                Mode = SqliteOpenMode.ReadWrite,
                Pooling = false,
                DefaultTimeout = 30,
            }.ToString()
        );
        try
        {
            connection.Open();
            _ = raw.sqlite3_db_config(connection.Handle, raw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, out _);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private bool IsFile(string name) => File.Exists(Path.Combine(Folder, name));

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
