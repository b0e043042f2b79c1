using BounceMx.Mail.Classification;

namespace BounceMx.Cli;

/// <summary>Parts of rules as they are shown to people.</summary>
internal static class RuleText
{
    /// <summary>Such as <c>status 5.1, command RCPT or MAIL</c>.</summary>
    public static string Of(RuleConditions conditions) =>
        string.Join(
            ", ",
            Keys(conditions)
                .Where(key => key.Value is not null)
                .Select(key => $"{key.Name} {key.Value!.Replace(" ", " or ", StringComparison.Ordinal)}")
        );

    /// <summary>The keys of a file of rules and their values; <c>null</c> where not stated.</summary>
    public static (string Name, string? Value)[] Keys(RuleConditions conditions) =>
        [
            ("status", conditions.Status),
            ("reply", conditions.Reply),
            ("command", conditions.Command),
            ("remote_mta", conditions.RemoteMta),
            ("reporting_mta", conditions.ReportingMta),
        ];
}
