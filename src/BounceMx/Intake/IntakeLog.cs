namespace BounceMx.Intake;

/// <summary>What receiving says in the log: event ids 1500 to 1999. Addresses only at Debug.</summary>
internal static partial class IntakeLog
{
    [LoggerMessage(
        1500,
        LogLevel.Warning,
        "No bounce domain is configured (Verp:Domains, --domain): bounce addresses of any domain are accepted"
    )]
    public static partial void AnyDomain(ILogger logger);

    [LoggerMessage(EventId = 1501, Message = "A message could not be stored, the peer was answered {Code} {Status}: {Error}")]
    public static partial void NotStored(
        ILogger logger,
        LogLevel level,
        Mail.ReplyCode code,
        Mail.EnhancedStatusCode? status,
        string error
    );

    [LoggerMessage(1502, LogLevel.Debug, "Message {SpoolId} of {Octets} octets from {RemoteIp} to {Recipients}")]
    public static partial void Stored(
        ILogger logger,
        Storage.SpoolId spoolId,
        long octets,
        System.Net.IPAddress remoteIp,
        string recipients
    );

    [LoggerMessage(
        1503,
        LogLevel.Warning,
        "The key file {Path} (Verp:KeyFile) can be read by everybody or written by others than its owner (mode {Mode}): who has a key can forge bounces; chmod 600 or 640 it"
    )]
    public static partial void OpenKeyFile(ILogger logger, string path, string mode);

    [LoggerMessage(1504, LogLevel.Information, "Signatures of bounce addresses are checked by the keys {KeyIds}")]
    public static partial void Checked(ILogger logger, string keyIds);

    [LoggerMessage(
        1505,
        LogLevel.Information,
        "No key is configured (Verp:KeyFile, Verp:Keys): signatures of bounce addresses are not checked"
    )]
    public static partial void NotChecked(ILogger logger);
}
