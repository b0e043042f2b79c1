using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// A set of phrases that is looked for in one pass, in any case. Octets are widened one to one to characters first, which costs next to
/// nothing, because .NET has the multi-phrase search (<see cref="SearchValues{T}"/> of strings) only for characters.
/// </summary>
internal sealed class Phrases
{
    private const int StackLimit = 512;

    private readonly SearchValues<string> _ascii;

    /// <summary>Those that are not ASCII; the search for them is slower, and there are none in most texts.</summary>
    private readonly SearchValues<string>? _others;

    /// <summary>Makes a set.</summary>
    /// <param name="phrases">Lower case; those that are not ASCII are found by their UTF-8 octets.</param>
    public Phrases(params ReadOnlySpan<string> phrases)
    {
        List<string> ascii = [];
        List<string> others = [];
        foreach (string phrase in phrases)
        {
            (Ascii.IsValid(phrase) ? ascii : others).Add(Widen(phrase));
            // A sentence may begin with it, and widened octets know no case.
            if (phrase[0] >= 0x80 && char.IsLower(phrase[0]))
                others.Add(Widen(char.ToUpperInvariant(phrase[0]) + phrase[1..]));
        }

        _ascii = SearchValues.Create([.. ascii], StringComparison.OrdinalIgnoreCase);
        _others = others.Count == 0 ? null : SearchValues.Create([.. others], StringComparison.OrdinalIgnoreCase);
    }

    private static string Widen(string phrase) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(phrase));

    /// <summary>Where the first phrase stands; -1 when none does.</summary>
    /// <param name="text">Octets, widened one to one.</param>
    public int IndexIn(ReadOnlySpan<char> text)
    {
        int first = text.IndexOfAny(_ascii);
        if (_others is null || Ascii.IsValid(text))
            return first;
        int other = text.IndexOfAny(_others);
        return first < 0 || (other >= 0 && other < first) ? other : first;
    }

    /// <summary>Whether a phrase stands in a text.</summary>
    /// <param name="text">Octets.</param>
    public bool StandIn(ReadOnlySpan<byte> text)
    {
        char[]? rented = null;
        Span<char> widened = text.Length <= StackLimit ? stackalloc char[text.Length] : rented = ArrayPool<char>.Shared.Rent(text.Length);
        widened = widened[..text.Length];
        Encoding.Latin1.GetChars(text, widened);
        bool found = IndexIn(widened) >= 0;
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return found;
    }
}
