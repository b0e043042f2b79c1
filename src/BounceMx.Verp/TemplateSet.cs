namespace BounceMx.Verp;

/// <summary>
/// The templates that are active: those that are configured, by name or text, and the built-in ones that are on by default. Does: find the
/// one that reads an address, and tell at start which would make addresses ambiguous. Of two that match, the one that begins with text
/// reads the address, since it says more; then built-in templates in their order. All else that could match twice is a fault.
/// </summary>
internal sealed class TemplateSet
{
    /// <summary>Among the templates of a configuration: no built-in one but those that it names.</summary>
    public const string None = "none";

    private readonly List<VerpOptionsFault> _faults = [];
    private readonly VerpTemplate[] _templates;

    /// <summary>Reads a configuration.</summary>
    /// <param name="configured">Names of built-in templates, texts of others, or <see cref="None"/>.</param>
    /// <param name="own">Our own addresses.</param>
    public TemplateSet(IReadOnlyList<string> configured, IReadOnlyList<AddressAutomaton> own)
    {
        var active = new List<(VerpTemplate Template, AddressAutomaton Addresses)>();
        for (int i = 0; i < configured.Count; i++)
        {
            string value = configured[i] ?? "";
            foreach (VerpTemplate template in Parse(i, value))
            {
                AddressAutomaton addresses = template.ToAutomaton();
                if (FindConflict(template, addresses, own, active) is { } allowed)
                    _faults.Add(new(NameOf(i), value, allowed));
                active.Add((template, addresses));
            }
        }
        if (!configured.Contains(None, StringComparer.OrdinalIgnoreCase))
        {
            // A default gives way to what the configuration says, with all its patterns.
            foreach (BuiltInTemplate builtIn in BuiltInTemplates.All.Where(builtIn => builtIn.IsDefault && !IsActive(builtIn.Name)))
            {
                var patterns = builtIn.Patterns.Select(template => (template, template.ToAutomaton())).ToList();
                if (patterns.TrueForAll(pattern => FindConflict(pattern.template, pattern.Item2, own, active) is null))
                    active.AddRange(patterns);
            }
        }
        _templates = [.. active.Select(entry => entry.Template).OrderBy(template => !template.BeginsWithText).ThenBy(OrderOf)];

        bool IsActive(string name) => active.Exists(entry => entry.Template.Name == name);
    }

    /// <summary>What is wrong with the configuration.</summary>
    public IReadOnlyList<VerpOptionsFault> Faults => _faults;

    /// <summary>What the active templates are called, in the order in which they are asked.</summary>
    public IEnumerable<string> Names => _templates.Select(template => template.Name).Distinct();

    /// <summary>The template that reads the local part (unquoted, without control characters); <c>null</c> when none does.</summary>
    public VerpTemplate? Find(ReadOnlySpan<char> localPart)
    {
        foreach (VerpTemplate template in _templates)
        {
            if (template.Matches(localPart))
                return template;
        }
        return null;
    }

    /// <summary>All addresses of our own form, whose recipient could be read: <c>prefix+local=domain+tag</c> and <c>prefix+~hash+tag</c>.</summary>
    public static AddressAutomaton[] OwnAddresses(string prefix, char delimiter, char atSign)
    {
        CharacterSet tags = CharacterSet.Any.Without([delimiter, atSign]);
        return
        [
            Begin().OneOrMore(CharacterSet.Any).One(CharacterSet.Of([atSign])).Domain().Parts(delimiter, tags),
            Begin().Text("~").Each(Enumerable.Repeat(CharacterSet.Base32Hex, 16)).Parts(delimiter, tags),
        ];

        AddressAutomaton Begin() => new AddressAutomaton().Text(prefix).One(CharacterSet.Of([delimiter]));
    }

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

    /// <summary>What is to be asked of a template instead, if it has an address in common with what was there before.</summary>
    private static string? FindConflict(
        VerpTemplate template,
        AddressAutomaton addresses,
        IReadOnlyList<AddressAutomaton> own,
        List<(VerpTemplate Template, AddressAutomaton Addresses)> active
    )
    {
        if (template.BeginsWithText)
        {
            foreach (AddressAutomaton form in own)
            {
                if (AddressAutomaton.FindCommon(addresses, form) is { } example)
                    return $"a template that reads no address of the own form (Prefix), as this one would {example}";
            }
            foreach ((string name, AddressAutomaton wrapped) in VerpWrapper.Automata)
            {
                if (AddressAutomaton.FindCommon(addresses, wrapped) is { } example)
                    return $"a template that reads nothing that begins as {name} does, as this one would {example}";
            }
        }
        foreach ((VerpTemplate other, AddressAutomaton others) in active)
        {
            if (AreApart(template, other) || AddressAutomaton.FindCommon(addresses, others) is not { } example)
                continue;
            return $"a template that reads no address of \"{other.Name}\", as this one would {example}";
        }
        return null;
    }

    private static bool AreApart(VerpTemplate one, VerpTemplate other) =>
        one.BeginsWithText != other.BeginsWithText || one.Name == other.Name || (OrderOf(one) >= 0 && OrderOf(other) >= 0);

    // The place among the built-in templates; -1 for another.
    private static int OrderOf(VerpTemplate template)
    {
        for (int i = 0; i < BuiltInTemplates.All.Count; i++)
        {
            if (BuiltInTemplates.All[i].Name == template.Name)
                return i;
        }
        return -1;
    }

    private static string NameOf(int index) => $"Templates:{index}";
}
