using BounceMx.Storage;

namespace BounceMx.Pipeline;

/// <summary>What the analysis says in the log: event ids 2000 to 2999.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(2000, LogLevel.Error, "Message {SpoolId} could not be analysed; it stays in the spool and is tried again")]
    public static partial void AnalysisFailed(ILogger logger, SpoolId spoolId, Exception exception);

    [LoggerMessage(2001, LogLevel.Error, "Events cannot be stored; messages stay in the spool and are tried again: {Error}")]
    public static partial void NotStored(ILogger logger, string error);

    [LoggerMessage(2003, LogLevel.Information, "Events are stored again")]
    public static partial void StoringAgain(ILogger logger);

    [LoggerMessage(
        2004,
        LogLevel.Error,
        "Message {SpoolId} failed {Tries} times by a fault of ours and is published as type other, unread; it stays in the spool: {Fault}"
    )]
    public static partial void PublishedUnread(ILogger logger, SpoolId spoolId, int tries, string fault);

    [LoggerMessage(
        2005,
        LogLevel.Error,
        "Message {SpoolId} cannot be read, as the database is damaged; it stays there: stop the server and run bouncemx recover: {Error}"
    )]
    public static partial void Damaged(ILogger logger, SpoolId spoolId, string error);

    [LoggerMessage(
        2006,
        LogLevel.Error,
        "The events of message {SpoolId} could not be stored; it stays in the spool and is tried again: {Error}"
    )]
    public static partial void EventsRefused(ILogger logger, SpoolId spoolId, string error);

    [LoggerMessage(2002, LogLevel.Error, "The spool could not be read; it is tried again")]
    public static partial void ScanFailed(ILogger logger, Exception exception);
}
