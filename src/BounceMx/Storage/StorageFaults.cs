using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>What SQLite's result codes mean to us (sqlite.org/rescode.html), and what people can do about each.</summary>
internal static class StorageFaults
{
    // Where the extended code says more than the code that it extends.
    private static readonly Dictionary<int, StorageFault> ByExtendedCode = new()
    {
        [8 | (4 << 8)] = StorageFault.Moved, // SQLITE_READONLY_DBMOVED
        [10 | (12 << 8)] = StorageFault.Other, // SQLITE_IOERR_NOMEM: memory, not the disk
        [10 | (19 << 8)] = StorageFault.Full, // SQLITE_IOERR_SHMSIZE: no room for the index of the log
    };

    private static readonly Dictionary<int, StorageFault> ByCode = new()
    {
        [3] = StorageFault.ReadOnly, // SQLITE_PERM
        [5] = StorageFault.Busy, // SQLITE_BUSY
        [6] = StorageFault.Busy, // SQLITE_LOCKED
        [8] = StorageFault.ReadOnly, // SQLITE_READONLY
        [10] = StorageFault.InputOutput, // SQLITE_IOERR
        [11] = StorageFault.Corrupt, // SQLITE_CORRUPT
        [13] = StorageFault.Full, // SQLITE_FULL
        [14] = StorageFault.ReadOnly, // SQLITE_CANTOPEN
        [26] = StorageFault.Corrupt, // SQLITE_NOTADB
    };

    private static readonly HashSet<int> Unreadable =
    [
        10 | (1 << 8), // SQLITE_IOERR_READ
        10 | (2 << 8), // SQLITE_IOERR_SHORT_READ
        10 | (32 << 8), // SQLITE_IOERR_DATA
        10 | (33 << 8), // SQLITE_IOERR_CORRUPTFS
    ];

    private static readonly Dictionary<StorageFault, string> Advices = new()
    {
        [StorageFault.Full] = "free space on its disk",
        [StorageFault.InputOutput] = "look at the kernel's log and at the disk",
        [StorageFault.Corrupt] = "stop the server and run bouncemx recover",
        [StorageFault.ReadOnly] = "see that the file is there and its file system is mounted to be written",
        [StorageFault.Moved] = "put the same file back, or restart the server to begin with what is there",
        [StorageFault.Busy] = "find the program that keeps it locked (fuser)",
        [StorageFault.Other] = "report it",
    };

    /// <summary>What an exception stands for.</summary>
    public static StorageFault Of(Exception exception) =>
        exception is not SqliteException e ? StorageFault.Other
        : ByExtendedCode.TryGetValue(e.SqliteExtendedErrorCode, out StorageFault fault) ? fault
        : ByCode.GetValueOrDefault(e.SqliteErrorCode);

    /// <summary>
    /// Whether a start, or a recovery, has to take what it reads for damaged. That is more than <see cref="StorageFault.Corrupt"/>: a server that runs
    /// tries again what the disk could not read, one that has not begun must not begin on it.
    /// </summary>
    public static bool IsDamage(SqliteException e) => Of(e) == StorageFault.Corrupt || Unreadable.Contains(e.SqliteExtendedErrorCode);

    /// <summary>Whether a smaller write, or another, may still succeed: then each of a batch is tried apart.</summary>
    public static bool MayBeOneWrites(this StorageFault fault) => fault is StorageFault.Other or StorageFault.Full;

    /// <summary>
    /// Whether a connection is not to be trusted after it: of what it has in memory nobody knows whether the disk has it, and a file that was
    /// opened read-only stays so when its file system no longer is. One whose file has gone is kept: with it would go what was removed, and a
    /// new one would find another file.
    /// </summary>
    public static bool EndsConnection(this StorageFault fault) =>
        fault is StorageFault.InputOutput or StorageFault.ReadOnly or StorageFault.Corrupt;

    /// <summary>What to do about it; a phrase.</summary>
    public static string Advice(this StorageFault fault) => Advices[fault];
}
