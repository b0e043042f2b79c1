using System.Globalization;

namespace BounceMx.Storage;

/// <summary>
/// The data folder of a server that runs: taken, so that no second one serves from it, and looked at before anything is made of what is there.
/// To be disposed of last, when the database is closed.
/// </summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FolderLock _lock;
    private readonly StorageOptions _options;
    private readonly IntegrityReport _report;

    private DataFolder(FolderLock folderLock, StorageOptions options, IntegrityReport report) =>
        (_lock, _options, _report) = (folderLock, options, report);

    /// <summary>Takes the folder and checks the database in it.</summary>
    /// <exception cref="FolderTakenException">Another server has it.</exception>
    /// <exception cref="DamagedDatabaseException">The database cannot be trusted.</exception>
    /// <exception cref="IOException">The folder cannot be made, read or written.</exception>
    /// <exception cref="UnauthorizedAccessException">The same, for want of rights.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">The database cannot be opened.</exception>
    public static DataFolder Open(StorageOptions options, TimeProvider time)
    {
        FolderLock folderLock = FolderLock.Take(options.Folder);
        try
        {
            IntegrityReport report = IntegrityCheck.Run(options.Folder, options.Check, time);
            return report.Damage is null
                ? new DataFolder(folderLock, options, report)
                : throw new DamagedDatabaseException(options.Folder, report.Damage);
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>Logs what was found.</summary>
    /// <param name="logger">Where to.</param>
    /// <param name="hasJournal">Whether there is a journal, of which something once was the source.</param>
    /// <returns>This folder.</returns>
    public DataFolder Tell(ILogger logger, bool hasJournal)
    {
        if (_report.Octets == 0 && hasJournal)
            DataFolderLog.DatabaseMissing(logger, _options.Folder);
        else if (_report.Octets > 0 && _options.Check is not StorageCheck.Off)
            DataFolderLog.Checked(logger, _options.Check, Seconds(_report.Elapsed), _report.Octets);
        return this;
    }

    public void Dispose() => _lock.Dispose();

    private static string Seconds(TimeSpan elapsed) => elapsed.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture);
}

/// <summary>What the start says of the data folder: event ids 1400 to 1499.</summary>
internal static partial class DataFolderLog
{
    [LoggerMessage(1400, LogLevel.Information, "The database is sound: check {Check} took {Seconds} s for {Octets} octets")]
    public static partial void Checked(ILogger logger, StorageCheck check, string seconds, long octets);

    [LoggerMessage(
        1401,
        LogLevel.Warning,
        "There is a journal in {Folder} but no database: a new one is begun. Mail that was stored there is not; if the database lies elsewhere, stop, and put it back"
    )]
    public static partial void DatabaseMissing(ILogger logger, string folder);
}
