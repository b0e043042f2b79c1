namespace BounceMx.Storage;

/// <summary>What kept a write from the disk.</summary>
internal enum StorageFault
{
    /// <summary>A bug of ours, or something that SQLite has no word for here.</summary>
    Other,

    /// <summary>No space: it goes on by itself when there is some (SQLITE_FULL).</summary>
    Full,

    /// <summary>The disk or the file system failed, or an fsync did (SQLITE_IOERR).</summary>
    InputOutput,

    /// <summary>The file is damaged (SQLITE_CORRUPT, SQLITE_NOTADB).</summary>
    Corrupt,

    /// <summary>The file or its file system cannot be written (SQLITE_READONLY, SQLITE_CANTOPEN).</summary>
    ReadOnly,

    /// <summary>The file was removed, moved or replaced while it was open (SQLITE_READONLY_DBMOVED).</summary>
    Moved,

    /// <summary>Another program holds the file (SQLITE_BUSY, SQLITE_LOCKED).</summary>
    Busy,
}

/// <summary>A write did not reach the disk; nothing of it is there.</summary>
internal sealed class StorageException(string message, StorageFault fault, Exception inner) : Exception(message, inner)
{
    /// <summary>What kept it from there.</summary>
    public StorageFault Fault { get; } = fault;

    /// <summary>Whether the disk is full: it may go on by itself later (452 4.3.1 to a peer).</summary>
    public bool DiskFull => Fault == StorageFault.Full;
}
