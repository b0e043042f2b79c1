using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Bodies;

/// <summary>What keeping bodies says in the log: event ids 1100 to 1199.</summary>
internal static partial class BodyLog
{
    [LoggerMessage(1100, LogLevel.Error, "A message could not be kept in a temporary file, the peer is answered {Reply} at its end")]
    public static partial void NotKept(ILogger logger, Exception exception, string reply);
}
