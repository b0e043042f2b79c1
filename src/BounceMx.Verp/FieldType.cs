namespace BounceMx.Verp;

/// <summary>What a field of a template may hold.</summary>
/// <param name="Name">As it stands behind the colon of a field; empty for what needs no type.</param>
/// <param name="Characters">The characters that the field consists of, place by place; the last set may repeat.</param>
/// <param name="Repeats">Whether the last place may be filled any number of times.</param>
internal sealed record FieldType(string Name, CharacterSet[] Characters, bool Repeats)
{
    private const int MaxCount = 63;
    private static readonly CharacterSet NameCharacters = CharacterSet.LettersAndDigits.And("._");

    /// <summary>The recipient's local part: whatever our own form would read there.</summary>
    public static readonly FieldType Local = OneOrMore("", CharacterSet.Any);

    /// <summary>
    /// The recipient's domain: the whole run of characters that domain names have, which also must be one. Both its ends are found without
    /// trying, because a template must put other characters around it.
    /// </summary>
    public static readonly FieldType Domain = OneOrMore("", CharacterSet.OfDomains);

    /// <summary>What a field without a type holds: no delimiter of ours, so that a list's name cannot swallow a recipient.</summary>
    public static readonly FieldType Default = OneOrMore("", NameCharacters.And("-"));

    // 8-4-4-4-12 hex digits (RFC 9562 section 4).
    private static readonly FieldType Uuid = new(
        "uuid",
        [.. "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh".Select(c => c == 'h' ? CharacterSet.HexDigits : CharacterSet.Of([c]))],
        Repeats: false
    );

    private static readonly FieldType[] Repeating =
    [
        OneOrMore("name", NameCharacters),
        OneOrMore("number", CharacterSet.Digits),
        OneOrMore("hex", CharacterSet.HexDigits),
    ];

    /// <summary>The names of the types, for messages.</summary>
    public static string Names { get; } = "name, number, hex (each also with a count, as in hex32) and uuid";

    /// <summary>The type of that name, <c>number</c>, or so many of it, <c>hex32</c>; <c>null</c> when there is none.</summary>
    public static FieldType? Find(ReadOnlySpan<char> name)
    {
        if (name.SequenceEqual(Uuid.Name))
            return Uuid;
        foreach (FieldType type in Repeating)
        {
            if (name.SequenceEqual(type.Name))
                return type;
            if (
                name.StartsWith(type.Name, StringComparison.Ordinal)
                && int.TryParse(name[type.Name.Length..], System.Globalization.NumberStyles.None, null, out int count)
                && count is > 0 and <= MaxCount
            )
            {
                return new(name.ToString(), [.. Enumerable.Repeat(type.Characters[0], count)], Repeats: false);
            }
        }
        return null;
    }

    /// <summary>Whether a text as long as <see cref="Characters"/> fills it.</summary>
    public bool IsFilledBy(ReadOnlySpan<char> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!Characters[i].Contains(text[i]))
                return false;
        }
        return true;
    }

    private static FieldType OneOrMore(string name, CharacterSet characters) => new(name, [characters], Repeats: true);
}

/// <summary>A named field of a template.</summary>
internal sealed record TemplateField(string Name, FieldType Type);
