namespace BounceMx.Storage;

/// <summary>What the retention logs: event ids 2600 to 2609.</summary>
internal static partial class RetentionLog
{
    [LoggerMessage(
        2600,
        LogLevel.Information,
        "Removed {Messages} messages with their events and {Files} journal files that were past Storage:RetainFor or Storage:RetainOctets; {Octets} octets are kept"
    )]
    public static partial void Removed(ILogger logger, long messages, long files, long octets);

    [LoggerMessage(
        2601,
        LogLevel.Warning,
        "Database and journal hold {Octets} octets, and Storage:RetainOctets is {Bound}: what is left is unread, or not taken by every sink, and stays"
    )]
    public static partial void OverBound(ILogger logger, long octets, long bound);

    [LoggerMessage(2602, LogLevel.Warning, "Nothing old can be removed at the moment; it is tried again: {Error}")]
    public static partial void Failed(ILogger logger, string error);

    [LoggerMessage(
        2603,
        LogLevel.Warning,
        "The disk has {Room} octets for database and journal, less than Storage:RetainOctets ({Bound}) and Storage:Reserve ({Reserve}) together: it may be low, and mail refused, before anything is removed for its size"
    )]
    public static partial void DiskTooSmall(ILogger logger, long room, long bound, long reserve);
}
