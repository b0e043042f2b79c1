namespace BounceMx.Storage;

/// <summary>A write did not reach the disk; nothing of it is there.</summary>
internal sealed class StorageException(string message, bool diskFull, Exception inner) : Exception(message, inner)
{
    /// <summary>Whether the disk is full: it may go on by itself later (452 4.3.1 to a peer).</summary>
    public bool DiskFull { get; } = diskFull;
}
