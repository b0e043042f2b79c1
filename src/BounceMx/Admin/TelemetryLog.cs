namespace BounceMx.Admin;

/// <summary>What telemetry logs: event ids 4000 to 4099.</summary>
internal static partial class TelemetryLog
{
    [LoggerMessage(4000, LogLevel.Warning, "The collector at {Endpoint} does not take our metrics; said once until it does")]
    public static partial void NotTaken(ILogger logger, Uri endpoint);

    [LoggerMessage(4001, LogLevel.Information, "The collector at {Endpoint} takes our metrics again")]
    public static partial void TakenAgain(ILogger logger, Uri endpoint);
}
