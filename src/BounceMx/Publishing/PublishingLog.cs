namespace BounceMx.Publishing;

/// <summary>What publishing says in the log: event ids 3000 to 3999.</summary>
internal static partial class PublishingLog
{
    [LoggerMessage(3000, LogLevel.Warning, "Sink {Sink} failed (attempt {Attempt}), next in {Delay}: {Error}")]
    public static partial void Failed(ILogger logger, string sink, int attempt, TimeSpan delay, string error);

    [LoggerMessage(3001, LogLevel.Information, "Sink {Sink} takes events again")]
    public static partial void Recovered(ILogger logger, string sink);

    [LoggerMessage(
        3002,
        LogLevel.Error,
        "Sink {Sink} refuses event {EventId}, which is put aside (bouncemx events dead, bouncemx replay --dead): {Error}"
    )]
    public static partial void Refused(ILogger logger, string sink, string eventId, string error);

    [LoggerMessage(3003, LogLevel.Information, "Sink {Sink} was given again what it had refused: {Taken} taken, {Refused} refused again")]
    public static partial void Replayed(ILogger logger, string sink, int taken, int refused);

    [LoggerMessage(3004, LogLevel.Warning, "Sink {Sink} could not be given again what it had refused, next in {Delay}: {Error}")]
    public static partial void ReplayFailed(ILogger logger, string sink, TimeSpan delay, string error);

    [LoggerMessage(3010, LogLevel.Warning, "Redis at {Endpoint}: {Failure}: {Error}")]
    public static partial void RedisConnectionFailed(ILogger logger, string endpoint, string failure, string error);

    [LoggerMessage(3011, LogLevel.Information, "Redis at {Endpoint}: connected")]
    public static partial void RedisConnected(ILogger logger, string endpoint);

    [LoggerMessage(
        3020,
        LogLevel.Warning,
        "Journal {Path} ended in the middle of a line; the {Octets} octets of it were removed and come again"
    )]
    public static partial void JournalRepaired(ILogger logger, string path, long octets);

    [LoggerMessage(3021, LogLevel.Warning, "Events are no longer shown on standard output: {Error}")]
    public static partial void ConsoleFailed(ILogger logger, string error);
}
