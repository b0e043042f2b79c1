using BounceMx.Mail.Classification;

namespace BounceMx.Rules;

/// <summary>
/// Lays rules of one's own over those that are built in.
/// Does: refuse what is not well formed, and a rule that does not win its own examples against the whole book, or wins a near miss.
/// Does not: mind that a rule of one's own wins an example of one that is built in, which is what many are written for; <see cref="Overruled"/> tells.
/// </summary>
internal static class RuleOverlay
{
    // Two rules that are alike are still two: a copy of one that is built in, with another reason, is one's own.
    private static readonly HashSet<BounceRule> BuiltIn = new(RuleBook.Default.Rules, ReferenceEqualityComparer.Instance);

    /// <summary>The book that a server would use.</summary>
    /// <exception cref="RuleFormatException">It would use none of it; the message, one line, names file, rule and key.</exception>
    public static RuleBook Load(IReadOnlyList<RuleFile> files)
    {
        RuleBook book = Lay(files);
        string[] faults = [.. Faults(book)];
        return faults switch
        {
            [] => book,
            [var only] => throw new RuleFormatException(only),
            [var first, ..] => throw new RuleFormatException($"{first} (and {faults.Length - 1} more: bouncemx rules check)"),
        };
    }

    /// <summary>The book, its examples not run yet.</summary>
    /// <exception cref="RuleFormatException">A file is not well formed; the message, one line, names file, rule and key.</exception>
    public static RuleBook Lay(IReadOnlyList<RuleFile> files) =>
        files.Count == 0
            ? RuleBook.Default
            : RuleBook.Default.Overlay(files.Select(file => (file.Name, (Stream)new MemoryStream(file.Content))));

    /// <summary>What the examples and near misses of the rules that are not built in show to be wrong, a line each.</summary>
    public static IEnumerable<string> Faults(RuleBook book) => Faults(book, Own(book.Rules));

    /// <summary>What the examples and near misses of some rules of a book show to be wrong, a line each.</summary>
    public static IEnumerable<string> Faults(RuleBook book, IEnumerable<BounceRule> rules) =>
        rules.SelectMany(rule => RuleCheck.Faults(book, rule).Select(fault => $"{rule.File}: {fault}"));

    /// <summary>Those that are not built in.</summary>
    public static IEnumerable<BounceRule> Own(IEnumerable<BounceRule> rules) => rules.Where(rule => !BuiltIn.Contains(rule));

    /// <summary>The examples of rules that are built in which a rule of one's own wins now, a line each.</summary>
    public static IEnumerable<string> Overruled(RuleBook book) =>
        book.Rules.Where(BuiltIn.Contains).SelectMany(rule => RuleCheck.Faults(book, rule));
}
