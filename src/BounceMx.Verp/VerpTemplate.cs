using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// One pattern of another program's bounce addresses, <c>{list}-return-{message:number}-{local}={domain}</c>: fixed text, compared caselessly,
/// with fields between. Does: tell whether a local part fits, in time linear in its length and without allocating, and read its fields.
/// Does not: know of domains, SRS or BATV; <see cref="TemplateSyntax"/> parses it, <see cref="TemplateSet"/> chooses between several.
/// Where a local part can be parted in several ways, each field takes as little as it can, the first field first. The domain holds no
/// <c>=</c>, so the last <c>=</c> before it parts <c>{local}={domain}</c>, as in our own form.
/// </summary>
internal sealed class VerpTemplate(string name, string text, string[] literals, TemplateField[] fields)
{
    /// <summary>Octets of a local part on receipt, and so characters at most.</summary>
    public const int MaxLocalPart = 128;
    public const int MaxFields = 8;

    // One text more than fields: before, between and behind them. The first and the last may be empty.
    private readonly string[] _literals = literals;
    private readonly TemplateField[] _fields = fields;

    /// <summary>How the configuration calls it: the name of a built-in template, or its text.</summary>
    public string Name { get; } = name;

    /// <summary>The pattern itself.</summary>
    public string Text { get; } = text;

    public IReadOnlyList<TemplateField> Fields => _fields;

    public IReadOnlyList<string> Literals => _literals;

    /// <summary>Whether fixed text comes first. Such a template is asked before those that begin with a field.</summary>
    public bool BeginsWithText => _literals[0].Length > 0;

    /// <summary>Whether the local part, unquoted and without control characters, is one of this pattern.</summary>
    public bool Matches(ReadOnlySpan<char> localPart)
    {
        if (!HasAllTexts(localPart))
            return false;
        Span<bool> starts = stackalloc bool[MaxFields * (MaxLocalPart + 1)];
        return FindStarts(localPart, starts);
    }

    /// <summary>What a local part that matches says; the fields beside the recipient are also the tags, in their order.</summary>
    public VerpAddress Read(ReadOnlySpan<char> localPart)
    {
        Span<bool> starts = stackalloc bool[MaxFields * (MaxLocalPart + 1)];
        FindStarts(localPart, starts);
        ReadOnlySpan<char> local = default;
        ReadOnlySpan<char> domain = default;
        var named = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        int start = _literals[0].Length;
        for (int field = 0; field < _fields.Length; field++)
        {
            int end = start + _fields[field].Type.Characters.Length;
            while (!MayEnd(field, end, localPart, starts))
                end++;
            ReadOnlySpan<char> value = localPart[start..end];
            if (_fields[field].Type == FieldType.Local)
                local = value;
            else if (_fields[field].Type == FieldType.Domain)
                domain = value;
            else
                named.Add(_fields[field].Name, value.ToString());
            start = end + _literals[field + 1].Length;
        }
        return new VerpAddress(domain.IsEmpty ? null : AddressSyntax.Mailbox(local, domain), [.. named.Values]) { Fields = named };
    }

    /// <summary>The same language as an automaton, to be compared with others.</summary>
    public AddressAutomaton ToAutomaton()
    {
        var automaton = new AddressAutomaton().Text(_literals[0]);
        for (int i = 0; i < _fields.Length; i++)
        {
            FieldType type = _fields[i].Type;
            if (type == FieldType.Domain)
                automaton.Domain();
            else if (type.Repeats)
                automaton.OneOrMore(type.Characters[0]);
            else
                automaton.Each(type.Characters);
            automaton.Text(_literals[i + 1]);
        }
        return automaton;
    }

    // Turns most local parts away by a few searches.
    private bool HasAllTexts(ReadOnlySpan<char> localPart)
    {
        if (localPart.Length > MaxLocalPart || !IsTextAt(0, 0, localPart))
            return false;
        ReadOnlySpan<char> rest = localPart[_literals[0].Length..];
        for (int i = 1; i < _literals.Length; i++)
        {
            int at = rest.IndexOf(_literals[i], StringComparison.OrdinalIgnoreCase);
            if (at < 0)
                return false;
            rest = rest[(at + _literals[i].Length)..];
        }
        return true;
    }

    /// <summary>
    /// Marks for each field, from the last to the first, where it may start so that all that follows fits too; a row of the table takes one
    /// pass over the local part. Whether the first may start behind the first text is whether all of it matches.
    /// </summary>
    private bool FindStarts(ReadOnlySpan<char> localPart, Span<bool> starts)
    {
        for (int field = _fields.Length - 1; field >= 0; field--)
        {
            Span<bool> row = Row(starts, field);
            for (int at = localPart.Length - 1; at >= 0; at--)
                row[at] = MayStart(field, at, localPart, starts);
        }
        return Row(starts, 0)[_literals[0].Length];
    }

    private bool MayStart(int field, int at, ReadOnlySpan<char> localPart, Span<bool> starts)
    {
        FieldType type = _fields[field].Type;
        if (type == FieldType.Domain)
            return MayBeDomain(field, at, localPart, starts);
        if (type.Repeats)
            return type.Characters[0].Contains(localPart[at]) && (MayEnd(field, at + 1, localPart, starts) || Row(starts, field)[at + 1]);
        int end = at + type.Characters.Length;
        return MayEnd(field, end, localPart, starts) && type.IsFilledBy(localPart[at..end]);
    }

    private bool MayBeDomain(int field, int at, ReadOnlySpan<char> localPart, Span<bool> starts)
    {
        CharacterSet characters = FieldType.Domain.Characters[0];
        if (at > 0 && characters.Contains(localPart[at - 1]))
            return false;
        int end = at;
        while (end < localPart.Length && characters.Contains(localPart[end]))
            end++;
        return MayEnd(field, end, localPart, starts) && AddressSyntax.IsDomain(localPart[at..end]);
    }

    private bool MayEnd(int field, int at, ReadOnlySpan<char> localPart, Span<bool> starts)
    {
        if (!IsTextAt(field + 1, at, localPart))
            return false;
        int next = at + _literals[field + 1].Length;
        return field == _fields.Length - 1 ? next == localPart.Length : Row(starts, field + 1)[next];
    }

    private bool IsTextAt(int literal, int at, ReadOnlySpan<char> localPart)
    {
        string text = _literals[literal];
        return at + text.Length <= localPart.Length && Ascii.EqualsIgnoreCase(localPart.Slice(at, text.Length), text);
    }

    private static Span<bool> Row(Span<bool> starts, int field) => starts.Slice(field * (MaxLocalPart + 1), MaxLocalPart + 1);
}
