using System.Globalization;

namespace BounceMx.Mail.Classification;

/// <summary>What a rule's conditions are held against.</summary>
internal readonly record struct RuleContext(
    EnhancedStatusCode? Status,
    ReplyCode? Reply,
    string? Command,
    string? RemoteMta,
    string? ReportingMta
);

/// <summary>The start of an enhanced status code, by whole parts.</summary>
/// <param name="Class">-1 for any, as <c>x</c> says.</param>
/// <param name="Subject">-1 when not stated.</param>
/// <param name="Detail">-1 when not stated.</param>
internal readonly record struct StatusPrefix(int Class, int Subject, int Detail)
{
    public bool Holds(EnhancedStatusCode code) =>
        (Class < 0 || Class == code.Class) && (Subject < 0 || Subject == code.Subject) && (Detail < 0 || Detail == code.Detail);

    public static bool TryParse(string text, out StatusPrefix prefix)
    {
        prefix = new StatusPrefix(-1, -1, -1);
        string[] parts = text.Split('.');
        if (parts.Length > 3 || parts[0] is not ("2" or "4" or "5" or "x"))
            return false;
        int subject = -1;
        int detail = -1;
        if ((parts.Length > 1 && !TryNumber(parts[1], out subject)) || (parts.Length > 2 && !TryNumber(parts[2], out detail)))
            return false;
        prefix = new StatusPrefix(parts[0] == "x" ? -1 : parts[0][0] - '0', subject, detail);
        return true;
    }

    private static bool TryNumber(string part, out int number) =>
        int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number < 1000;
}

/// <summary>A rule's conditions, taken apart once so that holding them against a recipient allocates nothing.</summary>
internal sealed class RuleCondition(RuleConditions when)
{
    private readonly StatusPrefix[]? _status = Split(when.Status)
        ?.Select(s => StatusPrefix.TryParse(s, out StatusPrefix p) ? p : default)
        .ToArray();
    private readonly string[]? _reply = Split(when.Reply);
    private readonly string[]? _command = Split(when.Command);
    private readonly string[]? _remoteMta = Split(when.RemoteMta);
    private readonly string[]? _reportingMta = Split(when.ReportingMta);

    public bool Holds(in RuleContext context) =>
        (_status is null || (context.Status is { } status && Any(_status, status)))
        && (_reply is null || (context.Reply is { } reply && Any(_reply, reply)))
        && (_command is null || (context.Command is { } command && _command.AsSpan().Contains(command)))
        && (_remoteMta is null || IsUnder(context.RemoteMta ?? context.ReportingMta, _remoteMta))
        && (_reportingMta is null || IsUnder(context.ReportingMta, _reportingMta));

    private static string[]? Split(string? alternatives) => alternatives?.Split(' ');

    private static bool Any(StatusPrefix[] prefixes, EnhancedStatusCode code)
    {
        foreach (StatusPrefix prefix in prefixes)
        {
            if (prefix.Holds(code))
                return true;
        }
        return false;
    }

    private static bool Any(string[] prefixes, ReplyCode reply)
    {
        Span<char> digits = stackalloc char[11];
        reply.Value.TryFormat(digits, out int length, provider: CultureInfo.InvariantCulture);
        foreach (string prefix in prefixes)
        {
            if (digits[..length].StartsWith(prefix))
                return true;
        }
        return false;
    }

    private static bool IsUnder(string? host, string[] domains)
    {
        ReadOnlySpan<char> name = host.AsSpan().TrimEnd('.');
        foreach (string domain in domains)
        {
            if (
                name.EndsWith(domain, StringComparison.OrdinalIgnoreCase)
                && (name.Length == domain.Length || name[^(domain.Length + 1)] == '.')
            )
                return true;
        }
        return false;
    }
}
