using System.Buffers;

namespace BounceMx.Verp;

/// <summary>
/// Parses the text of a template: <c>bounce-{list}-{local}={domain}</c>. A field is <c>{name}</c> or <c>{name:type}</c>; a name that is a
/// type's is of that type, so that <c>{number}</c> holds digits only; <c>{local}</c> and <c>{domain}</c> make the recipient.
/// Everything else is fixed text of ASCII atoms.
/// </summary>
internal static class TemplateSyntax
{
    private const int MaxLength = 128;
    private const int MaxName = 32;
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static readonly SearchValues<char> NameCharacters = SearchValues.Create(Letters + "0123456789_-");

    // What an atom may hold, but for the braces.
    private static readonly SearchValues<char> TextCharacters = SearchValues.Create(Letters + "0123456789.!#$%&'*+-/=?^_`|~");

    /// <summary>Reads a template, or says what it has to be instead.</summary>
    /// <param name="name">How the template is to be called.</param>
    /// <param name="text">The pattern.</param>
    /// <param name="allowed">What is allowed where the text is wrong; <c>null</c> when it is right.</param>
    public static VerpTemplate? Parse(string name, string text, out string? allowed)
    {
        var literals = new List<string>();
        var fields = new List<TemplateField>();
        allowed = text.Length is 0 or > MaxLength
            ? $"a template of 1 to {MaxLength} characters, such as bounce-{{list}}-{{local}}={{domain}}"
            : null;
        for (int at = 0; allowed is null; )
        {
            int open = text.IndexOf('{', at);
            literals.Add(open < 0 ? text[at..] : text[at..open]);
            allowed = FaultOfText(literals[^1], fields.Count > 0 && open >= 0);
            if (open < 0 || allowed is not null)
                break;
            int close = text.IndexOf('}', open);
            allowed = close < 0 ? "a closing brace behind each opening one" : ReadField(text.AsSpan((open + 1)..close), fields);
            at = close + 1;
        }
        allowed ??= FaultOfWhole(literals, fields);
        return allowed is null ? new VerpTemplate(name, text, [.. literals], [.. fields]) : null;
    }

    private static string? FaultOfText(string literal, bool between) =>
        literal.Contains('}', StringComparison.Ordinal) ? "an opening brace before each closing one"
        : literal.AsSpan().ContainsAnyExcept(TextCharacters) ? "outside of braces letters, digits and .!#$%&'*+-/=?^_`|~, without a domain"
        : between && literal.Length == 0 ? "text between two fields, as in {list}-{number}"
        : null;

    private static string? ReadField(ReadOnlySpan<char> text, List<TemplateField> fields)
    {
        int colon = text.IndexOf(':');
        string name = (colon < 0 ? text : text[..colon]).ToString();
        if (name.Length is 0 or > MaxName || name.AsSpan().ContainsAnyExcept(NameCharacters) || !char.IsAsciiLetter(name[0]))
            return $"in braces a name of at most {MaxName} letters, digits, _ and -, beginning with a letter; behind a colon its type";
        if (fields.Exists(field => field.Name == name))
            return $"each name once; {{{name}}} stands there twice";
        FieldType? recipient = name switch
        {
            "local" => FieldType.Local,
            "domain" => FieldType.Domain,
            _ => null,
        };
        if (colon >= 0 && recipient is not null)
            return $"{{{name}}} without a type";
        FieldType? type = recipient ?? (colon < 0 ? FieldType.Find(name) ?? FieldType.Default : FieldType.Find(text[(colon + 1)..]));
        if (type is null)
            return $"the types {FieldType.Names}";
        fields.Add(new TemplateField(name, type));
        return null;
    }

    private static string? FaultOfWhole(List<string> literals, List<TemplateField> fields)
    {
        int domain = fields.FindIndex(field => field.Type == FieldType.Domain);
        if (fields.Count is 0 or > VerpTemplate.MaxFields)
            return $"1 to {VerpTemplate.MaxFields} fields";
        if (domain >= 0 != fields.Exists(field => field.Type == FieldType.Local))
            return "{local} and {domain} together, or neither";

        // So that the ends of a domain are seen by what stands there.
        return
            domain >= 0
            && (
                literals[domain] is [.., var before] && IsOfDomain(before) || literals[domain + 1] is [var behind, ..] && IsOfDomain(behind)
            )
            ? "before and behind {domain} a character that no domain has, such as ="
            : null;
    }

    private static bool IsOfDomain(char c) => CharacterSet.OfDomains.Contains(c);
}
