using System.Reflection;

namespace BounceMx.Mail.Classification;

/// <summary>
/// The rules: what words of MTAs and providers mean.
/// <para>Does: hold the rules that are built in, or those of given files laid over each other by id, ready for searching.</para>
/// <para>Does not: read folders, run examples (<see cref="RuleCheck"/>), or decide alone: <see cref="BounceClassifier"/> weighs codes too.</para>
/// <para>Known gap: a tie between two rules is found by <see cref="RuleCheck"/> only on the examples; elsewhere the words that end first win.</para>
/// </summary>
public sealed class RuleBook
{
    private const string ResourcePrefix = "rules/";

    private static readonly Lazy<RuleBook> LazyDefault = new(LoadEmbedded);

    private RuleBook(IReadOnlyList<BounceRule> rules)
    {
        Rules = rules;
        Matcher = new RuleMatcher(rules);
    }

    /// <summary>The rules that are built in; loaded when first asked for.</summary>
    public static RuleBook Default => LazyDefault.Value;

    /// <summary>All rules by id.</summary>
    public IReadOnlyList<BounceRule> Rules { get; }

    internal RuleMatcher Matcher { get; }

    /// <summary>Reads a book.</summary>
    /// <param name="files">Names, for messages, and contents, UTF-8.</param>
    /// <exception cref="RuleFormatException">A file is not as <see cref="BounceRule"/> says, or an id stands twice; the message names file, rule and key.</exception>
    public static RuleBook Load(IEnumerable<(string Name, Stream Content)> files) => Lay([], files);

    /// <summary>This book with others laid over it: a rule replaces the one with the same id, <c>"disabled": true</c> takes it out.</summary>
    /// <param name="files">Names, for messages, and contents, UTF-8.</param>
    /// <exception cref="RuleFormatException">
    /// A file is not as <see cref="BounceRule"/> says, an id stands twice in the files, or there is no rule to take out; the message names file, rule and key.
    /// </exception>
    public RuleBook Overlay(IEnumerable<(string Name, Stream Content)> files) => Lay(Rules, files);

    private static RuleBook Lay(IReadOnlyList<BounceRule> under, IEnumerable<(string Name, Stream Content)> files)
    {
        List<BounceRule> over = ReadDistinct(files);
        foreach (BounceRule rule in over)
        {
            if (rule.IsSwitch && under.All(known => known.Id != rule.Id))
                throw new RuleFormatException($"{rule.File}: rule '{rule.Id}': disabled: there is no rule with this id to take out");
        }
        HashSet<string> replaced = over.Select(rule => rule.Id).ToHashSet(StringComparer.Ordinal);
        // Sorted, so that nothing can come to depend on the order of files.
        return new([
            .. under
                .Where(rule => !replaced.Contains(rule.Id))
                .Concat(over.Where(rule => !rule.IsSwitch))
                .OrderBy(rule => rule.Id, StringComparer.Ordinal),
        ]);
    }

    private static List<BounceRule> ReadDistinct(IEnumerable<(string Name, Stream Content)> files)
    {
        List<BounceRule> rules = [];
        Dictionary<string, string> fileOf = new(StringComparer.Ordinal);
        foreach ((string name, Stream content) in files)
        {
            foreach (BounceRule rule in RuleReader.Read(name, content))
            {
                if (!fileOf.TryAdd(rule.Id, name))
                    throw new RuleFormatException($"{name}: rule '{rule.Id}': id: stands in {fileOf[rule.Id]} already");
                rules.Add(rule);
            }
        }
        return rules;
    }

    internal static RuleBook LoadEmbedded()
    {
        Assembly assembly = typeof(RuleBook).Assembly;
        return Load(
            assembly
                .GetManifestResourceNames()
                .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
                .Select(name => (name, assembly.GetManifestResourceStream(name)!))
        );
    }
}
