using System.Globalization;
using System.Text;

namespace BounceMx.Storage;

/// <summary>
/// Puts a new database with all that can be read in the place of a damaged one.
/// Does: move the damaged files, as they are, into a folder of their own; let <see cref="Salvage"/> fill a new database there; move that to its
/// place. It may be killed at any moment: a marker keeps a server from starting, and the next recovery goes on where this one was.
/// What it makes belongs to whom the old belonged, as root may run it for a server that has a user of its own.
/// Does not: delete anything of the old; run beside a server (the caller has the <see cref="FolderLock"/>).
/// </summary>
internal static class Recovery
{
    /// <summary>There while a recovery is under way: names the folder of the damaged files.</summary>
    public const string MarkerName = "bouncemx.recovering";

    // In the folder of the damaged files: where the new database grows.
    private const string NewName = "new";

    /// <summary>Whether a recovery was begun and did not come to its end.</summary>
    public static bool IsUnfinished(string folder) => File.Exists(Path.Combine(folder, MarkerName));

    /// <summary>Recovers the database in <paramref name="folder"/>, which nobody else has open.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="lastSpoolId">A number that a message had, as far as is known from elsewhere; 0 when nothing is.</param>
    /// <param name="time">Names the folder of the damaged files.</param>
    /// <returns>The folder with the damaged files, and what was saved of each table; that is empty where the last recovery had come so far already.</returns>
    /// <exception cref="IOException">The disk is full or fails.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The same.</exception>
    public static async Task<(string Damaged, IReadOnlyList<SalvagedTable> Tables)> RunAsync(
        string folder,
        long lastSpoolId,
        TimeProvider time
    )
    {
        string marker = Path.Combine(folder, MarkerName);
        string damaged = Path.Combine(folder, ReadOrWriteMarker(marker, time));
        OwnerOnly.CreateFolder(damaged);
        FileOwner.Copy(folder, damaged);
        IReadOnlyList<SalvagedTable> tables = [];
        // The database itself is moved last: where it is there, all of them are, and one in the data folder is the new one.
        bool isMoved = File.Exists(Path.Combine(damaged, DataFiles.Name));
        if (!isMoved)
            MoveAway(folder, damaged);
        if (!isMoved || !File.Exists(Path.Combine(folder, DataFiles.Name)))
            tables = await FillAsync(folder, damaged, lastSpoolId);
        File.Delete(marker);
        DiskSync.FlushFolder(folder);
        return (damaged, tables);
    }

    private static string ReadOrWriteMarker(string marker, TimeProvider time)
    {
        if (File.Exists(marker))
            return File.ReadAllText(marker);
        string name = time.GetUtcNow().ToString("'damaged-'yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        string draft = marker + ".new";
        using (FileStream file = OwnerOnly.OpenFile(draft))
        {
            file.SetLength(0);
            file.Write(Encoding.ASCII.GetBytes(name));
            DiskSync.Flush(file.SafeFileHandle);
        }
        FileOwner.Copy(Path.GetDirectoryName(marker)!, draft);
        File.Move(draft, marker, overwrite: true);
        DiskSync.FlushFolder(Path.GetDirectoryName(marker)!);
        return name;
    }

    private static void MoveAway(string folder, string damaged)
    {
        foreach (string name in new DataFiles(folder).Existing)
            File.Move(Path.Combine(folder, name), Path.Combine(damaged, name), overwrite: true);
        // Where the database itself was lost, an empty one tells that all is moved.
        string main = new DataFiles(damaged).Main;
        if (!File.Exists(main))
        {
            OwnerOnly.OpenFile(main).Dispose();
            FileOwner.Copy(folder, main);
        }
        DiskSync.FlushFolder(damaged);
        DiskSync.FlushFolder(folder);
    }

    private static async Task<IReadOnlyList<SalvagedTable>> FillAsync(string folder, string damaged, long lastSpoolId)
    {
        string growing = Path.Combine(damaged, NewName);
        if (Directory.Exists(growing))
            Directory.Delete(growing, recursive: true);
        await using (Database.Open(growing)) { }
        var old = new DataFiles(damaged);
        var fresh = new DataFiles(growing);
        IReadOnlyList<SalvagedTable> tables;
        using (var salvage = new Salvage(old, fresh, lastSpoolId))
            tables = salvage.Run();
        FileOwner.Copy(old.Main, fresh.Main);
        using (FileStream file = OwnerOnly.OpenFile(fresh.Main))
            DiskSync.Flush(file.SafeFileHandle);
        File.Move(fresh.Main, Path.Combine(folder, DataFiles.Name));
        DiskSync.FlushFolder(folder);
        Directory.Delete(growing, recursive: true);
        return tables;
    }
}
