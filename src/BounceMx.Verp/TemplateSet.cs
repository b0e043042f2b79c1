namespace BounceMx.Verp;

/// <summary>
/// The templates that are active: those that are configured, by name or text, and the built-in ones that are on by default. Does: find the
/// one that reads an address, and tell at start which would make addresses ambiguous.
/// Of two that match, the one that begins with text reads the address, then one whose first field is followed by a word, as they say more:
/// <c>bounce-</c> before <c>{list}-return-</c> before <c>{list}.</c>. Of two with a word, the one whose word comes first in the address does, as
/// what follows may hold a recipient with anything in it. Whatever else two could read is a fault, and so is a configured template that could
/// read our own form, a plain stream or a layer. Those go before the built-in ones that begin with a field.
/// </summary>
internal sealed class TemplateSet
{
    /// <summary>Among the templates of a configuration: no built-in one but those that it names.</summary>
    public const string None = "none";

    private readonly List<VerpOptionsFault> _faults = [];
    private readonly VerpTemplate[] _templates;

    /// <summary>Reads a configuration.</summary>
    /// <param name="options">Options whose prefix and delimiters are valid.</param>
    public TemplateSet(VerpOptions options)
    {
        IReadOnlyList<string> configured = options.Templates;
        OwnForms own = new(OwnAddresses(options.Prefix, options.Delimiters[0], options.Delimiters[1]), StreamAddresses(options.Prefix));
        var active = new List<VerpTemplate>();
        for (int i = 0; i < configured.Count; i++)
        {
            string value = configured[i] ?? "";
            IReadOnlyList<VerpTemplate> patterns = Parse(i, value);
            if (
                patterns.Select(pattern => FindConflict(pattern, own, active)).FirstOrDefault(allowed => allowed is not null) is { } allowed
            )
                _faults.Add(new(NameOf(i), value, allowed));
            active.AddRange(patterns);
        }
        if (!configured.Contains(None, StringComparer.OrdinalIgnoreCase))
        {
            // A default gives way to what the configuration says, with all its patterns.
            foreach (BuiltInTemplate builtIn in BuiltInTemplates.All.Where(builtIn => builtIn.IsDefault && !IsActive(builtIn.Name)))
            {
                if (builtIn.Patterns.All(pattern => FindConflict(pattern, own, active) is null))
                    active.AddRange(builtIn.Patterns);
            }
        }
        _templates = [.. active.Distinct().OrderBy(template => template.Beginning)];
        Names = [.. active.Select(template => template.Name).Distinct(StringComparer.Ordinal)];

        bool IsActive(string name) => active.Exists(template => template.Name == name);
    }

    /// <summary>What is wrong with the configuration.</summary>
    public IReadOnlyList<VerpOptionsFault> Faults => _faults;

    /// <summary>What the active templates are called, the configured first.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The template that reads the local part (unquoted, without control characters); <c>null</c> when none does.</summary>
    public VerpTemplate? Find(ReadOnlySpan<char> localPart)
    {
        VerpTemplate? found = null;
        int least = 0;
        foreach (VerpTemplate template in _templates)
        {
            if (found is not null && template.Beginning > found.Beginning)
                break;
            if (template.Matches(localPart, out int lead) && (found is null || lead < least))
                (found, least) = (template, lead);
        }
        return found;
    }

    /// <summary>All addresses of our own form, whose recipient could be read: <c>prefix+local=domain+tag</c> and <c>prefix+~hash+tag</c>.</summary>
    public static AddressAutomaton[] OwnAddresses(string prefix, char delimiter, char atSign)
    {
        CharacterSet tags = CharacterSet.Any.Without([delimiter, atSign]);
        return
        [
            Begin().OneOrMore(CharacterSet.Any).One(CharacterSet.Of([atSign])).Domain().Parts(delimiter, tags),
            Begin()
                .One(CharacterSet.Of([RecipientHash.Mark]))
                .Each(Enumerable.Repeat(CharacterSet.Base32Hex, RecipientHash.Length))
                .Parts(delimiter, tags),
        ];

        AddressAutomaton Begin() => new AddressAutomaton().Text(prefix).One(CharacterSet.Of([delimiter]));
    }

    /// <summary>
    /// The plain addresses of streams, <c>prefix-stream</c>, a stream being a name of letters, digits, hyphens and underscores. What else
    /// stands there is a stream only if no template reads it: <c>{campaign}.{list}.{subscriber}</c> may have a campaign of that name.
    /// </summary>
    public static AddressAutomaton StreamAddresses(string prefix) =>
        new AddressAutomaton().Text(prefix).Text("-").OneOrMore(CharacterSet.LettersAndDigits.And("-_"));

    private IReadOnlyList<VerpTemplate> Parse(int index, string text)
    {
        if (text.Equals(None, StringComparison.OrdinalIgnoreCase))
            return [];
        if (BuiltInTemplates.Find(text) is { } builtIn)
            return builtIn.Patterns;
        string? allowed = null;
        if (text.Length > 0 && !text.AsSpan().ContainsAny('{', '}'))
            allowed = $"{string.Join(", ", BuiltInTemplates.All.Select(template => template.Name))}, {None}, or a template with {{fields}}";
        else if (TemplateSyntax.Parse(text, text, out allowed) is { } template)
            return [template];
        _faults.Add(new(NameOf(index), text, allowed!));
        return [];
    }

    /// <summary>
    /// What is to be asked of a template instead, if it has an address in common with what was there before. The built-in ones have none
    /// with layers and with each other, which a test holds.
    /// </summary>
    private static string? FindConflict(VerpTemplate template, OwnForms own, List<VerpTemplate> active)
    {
        bool beginsWithText = template.Beginning is TemplateBeginning.Text;
        foreach (AddressAutomaton form in beginsWithText || !template.IsBuiltIn ? own.Addresses : [])
        {
            if (AddressAutomaton.FindCommon(template.Automaton, form, inStep: false) is { } example)
                return $"a template that reads no address of the own form (Prefix), as this one would {example}";
        }
        if (!template.IsBuiltIn)
        {
            if (AddressAutomaton.FindCommon(template.Automaton, own.Streams, inStep: false) is { } stream)
                return $"a template that reads no plain address of a stream (Prefix), as this one would {stream}";
            foreach ((string name, AddressAutomaton wrapped) in beginsWithText ? VerpWrapper.Automata : VerpWrapper.AutomataWithEqualsSign)
            {
                if (AddressAutomaton.FindCommon(template.Automaton, wrapped, inStep: false) is { } example)
                    return $"a template that reads nothing that begins as {name} does, as this one would {example}";
            }
        }
        foreach (VerpTemplate other in active)
        {
            if (!(template.IsBuiltIn && other.IsBuiltIn) && FindCommon(template, other) is { } example)
                return $"a template that reads no address of \"{other.Name}\", as this one would {example}";
        }
        return null;
    }

    /// <summary>
    /// A local part that two templates would read, neither before the other; <c>null</c> when there is none. Patterns of one built-in
    /// template may share some, as they are tried in their order.
    /// </summary>
    internal static string? FindCommon(VerpTemplate one, VerpTemplate other) =>
        one.Name == other.Name || one.Beginning != other.Beginning
            ? null
            : AddressAutomaton.FindCommon(one.Automaton, other.Automaton, inStep: one.Beginning is TemplateBeginning.FieldAndWord);

    private static string NameOf(int index) => $"Templates:{index}";

    /// <summary>What we read ourselves.</summary>
    private sealed record OwnForms(AddressAutomaton[] Addresses, AddressAutomaton Streams);
}
