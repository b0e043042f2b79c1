using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp;

/// <summary>What the SMTP server logs: event ids 1000 to 1099, no mail address in any of them.</summary>
internal static partial class SmtpLog
{
    [LoggerMessage(1000, LogLevel.Debug, "{ConnectionId}: connected from {RemoteAddress}")]
    public static partial void Connected(ILogger logger, string connectionId, System.Net.IPAddress remoteAddress);

    [LoggerMessage(1001, LogLevel.Debug, "{ConnectionId}: ended: {End}")]
    public static partial void Ended(ILogger logger, string connectionId, ConnectionEnd end);

    [LoggerMessage(1002, LogLevel.Error, "{ConnectionId}: {Command} failed, the peer was told to try again later")]
    public static partial void HandlerFailed(ILogger logger, Exception exception, string connectionId, string command);

    [LoggerMessage(1003, LogLevel.Error, "{ConnectionId}: the session failed, the peer was told to try again later")]
    public static partial void SessionFailed(ILogger logger, Exception exception, string connectionId);
}
