using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace BounceMx.Storage;

/// <summary>
/// Whether the database of a data folder can be trusted, found out before anything is made of it.
/// Does: read the whole file as SQLite does, its log included; notice that a file is gone, or that its log lost what was in it.
/// Does not: change anything, not even take the log into the file; find octets of a message that changed without breaking the file's structure.
/// Known gap: a page that the disk gives back as it was long ago (a lost write) may go unseen.
/// </summary>
internal static class IntegrityCheck
{
    /// <summary>Checks the database in <paramref name="folder"/>. What is missing is sound, unless something tells that it was there.</summary>
    /// <exception cref="SqliteException">The file cannot be opened, for another reason than damage.</exception>
    /// <exception cref="IOException">The same.</exception>
    public static IntegrityReport Run(string folder, StorageCheck depth, TimeProvider time)
    {
        long start = time.GetTimestamp();
        var files = new DatabaseFiles(folder);
        long octets = files.Octets;
        string? damage = FindMissing(folder, files);
        if (damage is null && files.IsThere && depth is not StorageCheck.Off)
            damage = WalCheck.Find(files.Log) ?? Ask(files.Main, depth);
        return new IntegrityReport(damage, octets, time.GetElapsedTime(start));
    }

    /// <summary>Whether SQLite says that a file is not, or not any more, what it wrote.</summary>
    public static bool IsDamage(SqliteException e) =>
        e.SqliteErrorCode is raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB
        || e.SqliteExtendedErrorCode is raw.SQLITE_IOERR_READ or raw.SQLITE_IOERR_SHORT_READ or IoErrorCorruptFileSystem or IoErrorData;

    private const int IoErrorData = raw.SQLITE_IOERR | (32 << 8);
    private const int IoErrorCorruptFileSystem = raw.SQLITE_IOERR | (33 << 8);

    // SQLite would make an empty database of each, and remove the log.
    private static string? FindMissing(string folder, DatabaseFiles files) =>
        Recovery.IsUnfinished(folder) ? $"{Recovery.MarkerName} tells of a recovery that was broken off"
        : files.IsThere || !files.HasLog ? null
        : File.Exists(files.Main) ? $"it is empty, but {Path.GetFileName(files.Log)} is not"
        : $"it is gone, but {Path.GetFileName(files.Log)} is there";

    private static string? Ask(string file, StorageCheck depth)
    {
        try
        {
            ReadAhead(file);
            using SqliteConnection connection = OpenUntouched(file);
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // of constants
            command.CommandText = $"PRAGMA {(depth is StorageCheck.Full ? "integrity_check" : "quick_check")}(1)";
#pragma warning restore CA2100
            string finding = command.ExecuteScalar() as string ?? "SQLite does not say that it is sound";
            return finding == "ok" ? null : finding.ReplaceLineEndings(" ");
        }
        catch (SqliteException e) when (IsDamage(e))
        {
            return e.Message;
        }
    }

    // SQLite follows the tables, which criss-cross the file. Of 2 GiB that were not in memory the check took 40 s; of 2 GiB that were, 4 s, and to
    // read them from beginning to end 3 s. It must be closed before SQLite opens the file, as closing it takes SQLite's locks.
    private static void ReadAhead(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        // What does not fit would push out what was read before.
        if (stream.Length > GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2)
            return;
        var piece = new byte[1 << 20];
        try
        {
            while (stream.Read(piece) > 0) { }
        }
        catch (IOException)
        {
            // SQLite comes upon it itself, and says what it is.
        }
    }

    /// <summary>A connection that leaves the log where it is when it is closed, and does not make the file.</summary>
    public static SqliteConnection OpenUntouched(string file)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = file,
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
}

/// <summary>What a check found.</summary>
/// <param name="Damage">What is wrong, for people; <c>null</c> when all is well.</param>
/// <param name="Octets">Of the database and its log.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record IntegrityReport(string? Damage, long Octets, TimeSpan Elapsed);

/// <summary>The database cannot be trusted; the message is one line that names the file and what to do.</summary>
internal sealed class DamagedDatabaseException(string folder, string damage)
    : Exception(
        $"{new DatabaseFiles(folder).Main} is damaged: {damage.TrimEnd('.')}. It is left as it is; to save what can be read: bouncemx recover --data {folder}"
    );

/// <summary>The files that SQLite keeps a database in.</summary>
internal readonly record struct DatabaseFiles(string Folder)
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

    private bool IsFile(string name) => File.Exists(Path.Combine(Folder, name));

    private static long Length(string path) => new FileInfo(path) is { Exists: true } file ? file.Length : 0;
}
