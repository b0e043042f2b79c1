namespace BounceMx.Mail.Classification;

/// <summary>What the values of a rule must look like, each on its own.</summary>
internal static class RuleSyntax
{
    /// <summary>What <see cref="Verdict.RuleId"/> says where no rule decided.</summary>
    private static readonly string[] ReservedIds = ["action", "kind", "category", "status", "reply", "program", "none"];

    private static readonly string[] Commands = ["CONN", "EHLO", "MAIL", "RCPT", "DATA"];

    /// <summary>Refuses a rule whose values are not well formed.</summary>
    /// <exception cref="RuleFormatException">The message names the key.</exception>
    public static void Check(BounceRule rule)
    {
        if (Fault(rule) is { } fault)
            throw new RuleFormatException(fault);
    }

    private static string? Fault(BounceRule rule)
    {
        if (rule.Id.Length == 0 || !rule.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))
            return "id: lower-case letters, digits, '.' and '-' only";
        if (ReservedIds.Contains(rule.Id, StringComparer.Ordinal))
            return $"id: '{rule.Id}' is what events say where no rule decided; choose another";
        if (!IsLower(rule.Text))
            return "text: must be lower case";
        if (
            rule.Text.AsSpan().Trim(' ').Length != rule.Text.Length
            || rule.Text.Contains("  ", StringComparison.Ordinal)
            || rule.Text.Any(char.IsControl)
        )
            return "text: single spaces between words, none around, no control characters";
        if (RuleText.Fault(rule.Text) is { } fault)
            return $"text: {fault}";
        if (rule.Examples.Count == 0)
            return "examples: at least one is needed";
        if (rule.Source.Mta.Length == 0)
            return "source.mta: is missing";
        if (rule.Source.Reference.Length == 0)
            return "source.reference: is missing";
        return rule.When is { } when ? Fault(when) : null;
    }

    private static string? Fault(RuleConditions when) =>
        when.Count == 0
            ? "when: states no condition"
            : Fault("status", when.Status, s => StatusPrefix.TryParse(s, out _), "such as 5.1, 5.1.1 or x.2.0")
                ?? Fault("reply", when.Reply, IsReply, "such as 4, 55 or 550")
                ?? Fault("command", when.Command, s => Commands.Contains(s, StringComparer.Ordinal), "one of CONN EHLO MAIL RCPT DATA")
                ?? Fault("remote_mta", when.RemoteMta, IsDomain, "a lower-case domain without a dot in front")
                ?? Fault("reporting_mta", when.ReportingMta, IsDomain, "a lower-case domain without a dot in front");

    private static string? Fault(string key, string? value, Predicate<string> holds, string expected) =>
        value is null || value.Split(' ').All(s => s.Length > 0 && holds(s)) ? null : $"when.{key}: '{value}' is not {expected}";

    private static bool IsReply(string s) => s.Length <= 3 && s[0] is '2' or '4' or '5' && s.All(char.IsAsciiDigit);

    private static bool IsDomain(string s) => IsLower(s) && s[0] != '.' && Uri.CheckHostName(s) == UriHostNameType.Dns;

    private static bool IsLower(string s)
    {
        foreach (char c in s)
        {
            if (char.ToLowerInvariant(c) != c)
                return false;
        }
        return true;
    }
}
