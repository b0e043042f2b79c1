using Microsoft.Data.Sqlite;

namespace BounceMx.Storage;

/// <summary>
/// Whether the database of a data folder can be trusted, found out before anything is made of it.
/// Does: read the whole file as SQLite does, its log included; notice that a file is gone, that its log lost what was in it, or that a sink is ahead
/// of all events.
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
        var files = new DataFiles(folder);
        long octets = files.Octets;
        string? damage = FindMissing(files);
        if (damage is null && files.IsThere && depth is not StorageCheck.Off)
            damage = WalCheck.Find(files.Log) ?? Ask(files, depth);
        return new IntegrityReport(damage, octets, time.GetElapsedTime(start));
    }

    /// <summary>What is gone that was there, for people; <c>null</c> when nothing is. SQLite would make an empty database of each, and remove the log.</summary>
    public static string? FindMissing(DataFiles files) =>
        Recovery.IsUnfinished(files.Folder) ? $"{Recovery.MarkerName} tells of a recovery that was broken off"
        : files.IsThere || !files.HasLog ? null
        : File.Exists(files.Main) ? $"it is empty, but {Path.GetFileName(files.Log)} is not"
        : $"it is gone, but {Path.GetFileName(files.Log)} is there";

    private static string? Ask(DataFiles files, StorageCheck depth)
    {
        try
        {
            ReadAhead(files.Main);
            using SqliteConnection connection = files.OpenUntouched();
            using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // of constants
            command.CommandText = $"PRAGMA {(depth is StorageCheck.Full ? "integrity_check" : "quick_check")}(1)";
#pragma warning restore CA2100
            string finding = command.ExecuteScalar() as string ?? "SQLite does not say that it is sound";
            return finding == "ok" ? FindLostEvents(command) : finding.ReplaceLineEndings(" ");
        }
        catch (SqliteException e) when (StorageFaults.IsDamage(e))
        {
            return e.Message;
        }
    }

    // Pages as they were long ago are sound, each by itself. A sink would pass over new events until their numbers are above its cursor.
    private static string? FindLostEvents(SqliteCommand command)
    {
        command.CommandText = "SELECT count(*) FROM sqlite_schema WHERE name IN ('cursor', 'event')";
        // Made, and killed before it had tables.
        if (command.ExecuteScalar() is not 2L)
            return null;
        command.CommandText =
            "SELECT sink FROM cursor WHERE seq > coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'event'), 0) LIMIT 1";
        return command.ExecuteScalar() is string sink ? $"sink {sink} took events that it does not know of" : null;
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
}

/// <summary>What a check found.</summary>
/// <param name="Damage">What is wrong, for people; <c>null</c> when all is well.</param>
/// <param name="Octets">Of the database and its log.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record IntegrityReport(string? Damage, long Octets, TimeSpan Elapsed);

/// <summary>The database cannot be trusted; the message is one line that names the file and what to do.</summary>
internal sealed class DamagedDatabaseException(string folder, string damage)
    : Exception(
        $"{new DataFiles(folder).Main} is damaged: {damage.TrimEnd('.')}. It is left as it is; to save what can be read: bouncemx recover --data {folder}"
    );
