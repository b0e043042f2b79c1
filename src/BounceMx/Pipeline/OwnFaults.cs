using System.Collections.Concurrent;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Pipeline;

/// <summary>
/// The messages at which a part of ours fails, by a bug and not by a disk: how often each did, and when that is enough. Known gaps: the count
/// begins anew with each start of the server; a fault that ends the process is not counted.
/// </summary>
internal sealed class OwnFaults
{
    /// <summary>Tries of a message; then it is published as one that was not read.</summary>
    public const int MaxTries = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    // SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH: what is to be stored cannot be, whatever the disk.
    private static readonly int[] OfTheData = [18, 19, 20];

    private readonly ConcurrentDictionary<SpoolId, (int Tries, string Fault)> _faults = new();

    /// <summary>Whether trying again is no use: disks and memory come back, bugs do not go away.</summary>
    public static bool IsOurs(Exception exception) =>
        exception switch
        {
            StorageException { Fault: StorageFault.Other, InnerException: { } inner } => IsOurs(inner),
            SqliteException sqlite => OfTheData.Contains(sqlite.SqliteErrorCode),
            StorageException or IOException or UnauthorizedAccessException or OutOfMemoryException => false,
            _ => true,
        };

    /// <summary>Notes that a try failed.</summary>
    /// <returns>How long to wait before the next.</returns>
    public TimeSpan Add(SpoolId id, Exception exception)
    {
        if (!IsOurs(exception))
            return FirstPause;
        string fault = (exception is StorageException { InnerException: { } inner } ? inner : exception).GetType().Name;
        int tries = _faults.AddOrUpdate(id, _ => (1, fault), (_, last) => (last.Tries + 1, fault)).Tries;
        TimeSpan pause = FirstPause * Math.Pow(2, Math.Min(tries - 1, MaxTries * 2));
        return pause < LongestPause ? pause : LongestPause;
    }

    /// <summary>The fault for which a message is tried no more; <c>null</c> while it is.</summary>
    public string? Final(SpoolId id) =>
        _faults.TryGetValue(id, out (int Tries, string Fault) known) && known.Tries >= MaxTries ? known.Fault : null;

    /// <summary>The message is done.</summary>
    public void Forget(SpoolId id) => _faults.TryRemove(id, out _);
}
