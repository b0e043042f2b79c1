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
    public const int MaxFields = 8;

    // A row has a place for each character of a local part, of which there are no more than octets, and one for its end.
    private const int RowLength = AddressSyntax.MaxReceivedLocalPart + 1;

    // One text more than fields: before, between and behind them. The first and the last may be empty.
    private readonly string[] _literals = literals;
    private readonly TemplateField[] _fields = fields;
    private AddressAutomaton? _automaton;

    /// <summary>How the configuration calls it: the name of a built-in template, or its text.</summary>
    public string Name { get; } = name;

    /// <summary>The pattern itself.</summary>
    public string Text { get; } = text;

    /// <summary>Whether it is one of <see cref="BuiltInTemplates"/>: those have names, all others their text.</summary>
    public bool IsBuiltIn => Name != Text;

    public IReadOnlyList<TemplateField> Fields => _fields;

    public IReadOnlyList<string> Literals => _literals;

    /// <summary>How it begins.</summary>
    public TemplateBeginning Beginning { get; } =
        literals[0].Length > 0 ? TemplateBeginning.Text
        : HasWord(literals[1]) ? TemplateBeginning.FieldAndWord
        : TemplateBeginning.Field;

    /// <summary>Whether the local part, unquoted and without control characters, is one of this pattern.</summary>
    /// <param name="localPart">At most 128 characters, else it is none.</param>
    /// <param name="lead">How many characters stand before the first fixed text.</param>
    public bool Matches(ReadOnlySpan<char> localPart, out int lead)
    {
        lead = 0;
        if (!HasAllTexts(localPart))
            return false;
        Span<bool> starts = stackalloc bool[MaxFields * RowLength];
        if (!FindStarts(localPart, starts))
            return false;
        if (Beginning is not TemplateBeginning.Text)
            lead = EndOf(0, 0, localPart, starts);
        return true;
    }

    /// <summary>What a local part that matches says; the fields beside the recipient are also the tags, in their order.</summary>
    public VerpAddress Read(ReadOnlySpan<char> localPart)
    {
        Span<bool> starts = stackalloc bool[MaxFields * RowLength];
        FindStarts(localPart, starts);
        ReadOnlySpan<char> local = default;
        ReadOnlySpan<char> domain = default;
        var named = new OrderedDictionary<string, string>(StringComparer.Ordinal);
        int start = _literals[0].Length;
        for (int field = 0; field < _fields.Length; field++)
        {
            int end = EndOf(field, start, localPart, starts);
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

    /// <summary>The same local parts as an automaton, to be compared with others.</summary>
    public AddressAutomaton Automaton => _automaton ??= ToAutomaton();

    // Turns most local parts away by a few searches.
    private bool HasAllTexts(ReadOnlySpan<char> localPart)
    {
        if (localPart.Length > AddressSyntax.MaxReceivedLocalPart || !IsTextAt(0, 0, localPart))
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

    /// <summary>The first place where a field may end that may start where it does.</summary>
    private int EndOf(int field, int start, ReadOnlySpan<char> localPart, Span<bool> starts)
    {
        int end = start + _fields[field].Type.Characters.Length;
        while (!MayEnd(field, end, localPart, starts))
            end++;
        return end;
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
        string expected = _literals[literal];
        return at + expected.Length <= localPart.Length && Ascii.EqualsIgnoreCase(localPart.Slice(at, expected.Length), expected);
    }

    private static bool HasWord(string text)
    {
        int letters = 0;
        return text.Any(c => (letters = char.IsAsciiLetter(c) ? letters + 1 : 0) == 3);
    }

    private static Span<bool> Row(Span<bool> starts, int field) => starts.Slice(field * RowLength, RowLength);

    private AddressAutomaton ToAutomaton()
    {
        var automaton = new AddressAutomaton().Text(_literals[0]);
        for (int i = 0; i < _fields.Length; i++)
        {
            automaton.IsLead = i == 0 && Beginning is not TemplateBeginning.Text;
            FieldType type = _fields[i].Type;
            if (type == FieldType.Domain)
                automaton.Domain();
            else if (type.Repeats)
                automaton.OneOrMore(type.Characters[0]);
            else
                automaton.Each(type.Characters);
            automaton.IsLead = false;
            automaton.Text(_literals[i + 1]);
        }
        return automaton;
    }
}

/// <summary>How a template begins. Of two that match, the one that stands first here reads the address, as it says more.</summary>
internal enum TemplateBeginning
{
    /// <summary>With fixed text: <c>bounce-{list}</c>.</summary>
    Text,

    /// <summary>With a field and then a text with a word in it, three letters or more: <c>{list}-return-</c>.</summary>
    FieldAndWord,

    /// <summary>With a field and no word: <c>{campaign}.{list}</c>.</summary>
    Field,
}
