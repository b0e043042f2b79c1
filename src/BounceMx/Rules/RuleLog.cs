namespace BounceMx.Rules;

/// <summary>What the rules log: event ids 2100 to 2199.</summary>
internal static partial class RuleLog
{
    [LoggerMessage(2100, LogLevel.Information, "Rules in use: {Rules}, {Own} of them from {Folder}")]
    public static partial void Taken(ILogger logger, int rules, int own, string folder);

    [LoggerMessage(2101, LogLevel.Error, "{Fault}; the rules loaded before stay in use")]
    public static partial void Kept(ILogger logger, string fault);
}
