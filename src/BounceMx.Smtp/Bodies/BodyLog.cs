using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Bodies;

/// <summary>What keeping bodies says in the log: event ids 1200 to 1299.</summary>
internal static partial class BodyLog
{
    [LoggerMessage(1200, LogLevel.Error, "A message could not be kept in a temporary file, the peer is answered {Reply} at its end")]
    public static partial void NotKept(ILogger logger, Exception exception, string reply);
}
