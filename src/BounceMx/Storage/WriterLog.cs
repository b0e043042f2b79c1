namespace BounceMx.Storage;

/// <summary>What writing to the database says in the log: event ids 2500 to 2549.</summary>
internal static partial class WriterLog
{
    [LoggerMessage(2500, LogLevel.Error, "The database cannot be written ({Fault}): {Error} Mail is refused for now; {Advice}")]
    public static partial void Failing(ILogger logger, StorageFault fault, string error, string advice);

    [LoggerMessage(2501, LogLevel.Information, "The database is storing again, after {Duration}")]
    public static partial void StoringAgain(ILogger logger, TimeSpan duration);

    [LoggerMessage(
        2502,
        LogLevel.Error,
        "The database is damaged: {Error} Nothing is written to it any more and all mail is refused; stop the server and run bouncemx recover"
    )]
    public static partial void Damaged(ILogger logger, string error);

    [LoggerMessage(
        2503,
        LogLevel.Warning,
        "The database keeps the page size of an earlier version, and its file does not shrink: {Reason}. The next start tries it again"
    )]
    public static partial void NotRewritten(ILogger logger, string reason);

    [LoggerMessage(
        2510,
        LogLevel.Warning,
        "Mail is refused with 452 4.3.1: {Free} octets of the disk are free, less than the {Reserve} of Storage:Reserve"
    )]
    public static partial void DiskLow(ILogger logger, long free, long reserve);

    [LoggerMessage(2511, LogLevel.Information, "Mail is taken again: {Free} octets of the disk are free, Storage:Reserve is {Reserve}")]
    public static partial void DiskEnough(ILogger logger, long free, long reserve);
}
