namespace BounceMx.Verp;

/// <summary>How our bounce addresses look. <see cref="Check"/> says what is wrong with them.</summary>
public sealed record VerpOptions
{
    /// <summary>
    /// What every bounce address begins with, compared caselessly: a letter or digit, then letters, digits, <c>- _ + =</c> and single dots
    /// between, at most 32 characters.
    /// </summary>
    public string Prefix { get; init; } = "bounces";

    /// <summary>
    /// Two characters, written as in Postfix's default_verp_delimiters: the first parts prefix, payload and tags, the second stands for
    /// the recipient's <c>@</c>. They differ, and each is one of <c>+ = # _ *</c>: what neither domain names hold nor MTAs and shells change.
    /// </summary>
    public string Delimiters { get; init; } = "+=";

    /// <summary>The bounce domains, compared caselessly in A-Z; when empty, every domain is ours. An address literal is ours only if listed.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>
    /// The keys of signatures: the first signs, all verify. Empty: nothing is signed, and a signature is taken off without being checked.
    /// To change the key, put the new one first and keep the old one for <see cref="MaxAge"/>.
    /// </summary>
    public IReadOnlyList<VerpKey> Keys { get; init; } = [];

    /// <summary>
    /// For how long a signature holds: whole days, 1 to 3650, counted by the day of minting in UTC. The default of 30 outlives the queues
    /// of MTAs (mostly 5 days) and late bounces.
    /// </summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Whether <see cref="VerpCodec.Encode"/> always takes the hash form, which does not show the recipient.</summary>
    public bool HideRecipients { get; init; }

    /// <summary>
    /// Other programs' forms to read beside our own: names of built-in ones (<c>mailtrain</c>), or text with fields in braces
    /// (<c>bounce-{list}-{local}={domain}</c>; the package's README says which fields there are). Most built-in ones are on without being
    /// named, unless <c>none</c> stands here too. Two that could read the same address differently are a fault.
    /// </summary>
    public IReadOnlyList<string> Templates { get; init; } = [];

    /// <summary>Finds what is wrong, for a message at start; empty when all is well.</summary>
    public IReadOnlyList<VerpOptionsFault> Check() => FindFaults(out _);

    /// <summary>The same, and the templates that are active when all is well.</summary>
    internal List<VerpOptionsFault> FindFaults(out TemplateSet? templates)
    {
        templates = null;
        var faults = new List<VerpOptionsFault>();
        if (Prefix is not { Length: <= 32 } || !AddressSyntax.IsPrefix(Prefix))
            faults.Add(new(nameof(Prefix), Prefix ?? "", "1 to 32 letters, digits, - _ + =, first a letter or digit, single dots between"));
        if (Delimiters is not { Length: 2 } || Delimiters[0] == Delimiters[1] || !Delimiters.All(PossibleDelimiters.Contains))
            faults.Add(new(nameof(Delimiters), Delimiters ?? "", $"two different characters of {PossibleDelimiters}"));
        else if (VerpWrapper.IsWrapped($"{Prefix}{Delimiters[0]}") || VerpWrapper.IsWrapped($"{Prefix}-"))
            faults.Add(new(nameof(Prefix), Prefix!, "no beginning of SRS and BATV addresses: SRS0, SRS1, prvs, btv1"));
        CheckLists(faults);
        if (MaxAge.Ticks % TimeSpan.TicksPerDay != 0 || MaxAge.Days is < 1 or > 3650)
            faults.Add(new(nameof(MaxAge), MaxAge.ToString(), "1 to 3650 whole days"));
        if (faults.Count == 0)
        {
            templates = new TemplateSet(this);
            faults.AddRange(templates.Faults);
        }
        return faults;
    }

    /// <summary>The same with lists of its own, so that nobody changes them; those that are <c>null</c> remain a fault.</summary>
    internal VerpOptions Copy() =>
        this with
        {
            Domains = Domains is null ? null! : [.. Domains],
            Keys = Keys is null ? null! : [.. Keys],
            Templates = Templates is null ? null! : [.. Templates],
        };

    private void CheckLists(List<VerpOptionsFault> faults)
    {
        for (int i = 0; i < Domains?.Count; i++)
        {
            if (!AddressSyntax.IsDomain(Domains[i]) && !AddressSyntax.IsAddressLiteral(Domains[i]))
                faults.Add(new($"{nameof(Domains)}:{i}", Domains[i] ?? "", "a domain name such as bounces.example.com"));
        }
        for (int i = 0; i < Keys?.Count; i++)
        {
            if (Keys[i] is not { } key)
                faults.Add(new($"{nameof(Keys)}:{i}", "", "a key"));
            else if (Keys.Take(i).Any(earlier => earlier?.Id == key.Id))
                faults.Add(new($"{nameof(Keys)}:{i}", key.ToString(), "a key whose id no earlier key has"));
        }
        (string, object?)[] lists = [(nameof(Domains), Domains), (nameof(Keys), Keys), (nameof(Templates), Templates)];
        foreach ((string name, object? list) in lists)
        {
            if (list is null)
                faults.Add(new(name, "", "a list, which may be empty"));
        }
    }

    // Neither "-", which domain names and streams have, nor "~", which begins the hash form; nor what MTAs route by ("%", "!", "|", "/")
    // or shells change in the midst of a word.
    private const string PossibleDelimiters = "+=#_*";
}

/// <summary>One thing that is wrong with <see cref="VerpOptions"/>.</summary>
/// <param name="Name">The property, in a list with its index: <c>Domains:0</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Allowed">What it may be, in words.</param>
public readonly record struct VerpOptionsFault(string Name, string Value, string Allowed);
