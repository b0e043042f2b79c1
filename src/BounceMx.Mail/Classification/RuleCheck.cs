namespace BounceMx.Mail.Classification;

/// <summary>
/// Runs the examples of a rule book, which are its tests.
/// <para>Does: find an example that its rule does not win, alone, against the whole book; a near miss that it does win; two rules that tie.</para>
/// <para>Does not: change or repair anything. An example's reply and status are read from its text; what the rule's conditions ask for besides is supplied.</para>
/// </summary>
public static class RuleCheck
{
    /// <summary>All faults of a book, one line each; empty for a sound one.</summary>
    /// <param name="book">The book.</param>
    public static IEnumerable<string> Faults(RuleBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        return book.Rules.SelectMany(rule => Faults(book, rule));
    }

    /// <summary>The faults of one rule's examples against a book; empty when there are none.</summary>
    /// <param name="book">The book that the rule stands in.</param>
    /// <param name="rule">The rule.</param>
    public static IEnumerable<string> Faults(RuleBook book, BounceRule rule)
    {
        ArgumentNullException.ThrowIfNull(book);
        ArgumentNullException.ThrowIfNull(rule);
        foreach (string example in rule.Examples)
        {
            (string? winner, string? tied) = Winner(book, rule, example);
            if (tied is not null)
                yield return $"{rule.Id}: example \"{example}\": {winner} and {tied} tie";
            else if (winner != rule.Id)
                yield return $"{rule.Id}: example \"{example}\": won by {winner ?? "no rule"}";
        }
        foreach (string nearMiss in rule.NearMisses)
        {
            (string? winner, string? tied) = Winner(book, rule, nearMiss);
            if (winner == rule.Id || tied == rule.Id)
                yield return $"{rule.Id}: near miss \"{nearMiss}\": won by this rule";
        }
    }

    private static (string? Winner, string? Tied) Winner(RuleBook book, BounceRule rule, string diagnostic)
    {
        Span<char> buffer = stackalloc char[DiagnosticText.MaxLength];
        ReadOnlySpan<char> text = buffer[..DiagnosticText.Normalize(diagnostic, buffer)];
        if (!book.Matcher.TryMatch(text, Context(text, rule.When), out RuleMatch match))
            return (null, null);
        return (book.Rules[match.Rule].Id, match.Tied < 0 ? null : book.Rules[match.Tied].Id);
    }

    /// <summary>What the text states, and for what it does not state, the first alternative of each condition.</summary>
    private static RuleContext Context(ReadOnlySpan<char> text, RuleConditions? when) =>
        new(
            DiagnosticText.FindStatus(text) ?? StatusOf(First(when?.Status)),
            ReplyOf(text) ?? ReplyOf(First(when?.Reply)?.PadRight(3, '0')),
            First(when?.Command),
            First(when?.RemoteMta),
            First(when?.ReportingMta)
        );

    private static string? First(string? alternatives) => alternatives?.Split(' ')[0];

    private static EnhancedStatusCode? StatusOf(string? prefix) =>
        prefix is not null && StatusPrefix.TryParse(prefix, out StatusPrefix p)
            ? new EnhancedStatusCode(p.Class < 0 ? 5 : p.Class, Math.Max(p.Subject, 0), Math.Max(p.Detail, 0))
            : null;

    private static ReplyCode? ReplyOf(ReadOnlySpan<char> text) =>
        text.Length >= 3
        && text[0] is '2' or '4' or '5'
        && (text.Length == 3 || text[3] is ' ' or '-')
        && int.TryParse(text[..3], out int reply)
            ? new ReplyCode(reply)
            : null;
}
