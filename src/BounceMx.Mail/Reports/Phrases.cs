using System.Buffers;
using System.Text;
using BounceMx.Mail.Classification;

namespace BounceMx.Mail.Reports;

/// <summary>
/// A set of phrases that is looked for in one pass, in any case. Octets are widened one to one to characters first, which costs next to
/// nothing, because .NET has the multi-phrase search (<see cref="SearchValues{T}"/> of strings) only for characters.
/// </summary>
internal sealed class Phrases
{
    private const int StackLimit = 512;

    /// <summary>.NET looks for more at once a character at a time.</summary>
    private const int MaxAtOnce = 80;

    private readonly SearchValues<string>[] _ascii;

    /// <summary>Those that are not ASCII, for whose search .NET asks a dictionary for each character; there are none in most texts.</summary>
    private readonly string[] _others;
    private readonly int _longestOther;
    private AhoCorasick? _otherSearch;

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

        _ascii = [.. ascii.Chunk(MaxAtOnce).Select(some => SearchValues.Create(some, StringComparison.OrdinalIgnoreCase))];
        // The search folds the case of octets as if they were Latin-1.
        _others = [.. others.Select(phrase => phrase.ToLowerInvariant()).Distinct(StringComparer.Ordinal)];
        foreach (string other in _others)
            _longestOther = Math.Max(_longestOther, other.Length);
    }

    private AhoCorasick OtherSearch => _otherSearch ??= new AhoCorasick(_others);

    /// <summary>Whether a phrase stands in a text.</summary>
    /// <param name="text">Octets, widened one to one.</param>
    public bool AreIn(ReadOnlySpan<char> text)
    {
        foreach (SearchValues<string> some in _ascii)
        {
            if (text.ContainsAny(some))
                return true;
        }

        return _others.Length > 0 && !Ascii.IsValid(text) && OtherSearch.Find(text).MoveNext();
    }

    private static string Widen(string phrase) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(phrase));

    /// <summary>Where the first phrase stands; -1 when none does.</summary>
    /// <param name="text">Octets, widened one to one.</param>
    public int IndexIn(ReadOnlySpan<char> text)
    {
        int first = -1;
        foreach (SearchValues<string> some in _ascii)
            first = Earlier(first, text.IndexOfAny(some));
        return _others.Length == 0 || Ascii.IsValid(text) ? first : Earlier(first, IndexOfOther(text));
    }

    private int IndexOfOther(ReadOnlySpan<char> text)
    {
        int first = -1;
        foreach (AhoCorasick.Hit hit in OtherSearch.Find(text))
        {
            // They come in the order of their ends.
            if (first >= 0 && hit.End - _longestOther >= first)
                break;
            first = Earlier(first, hit.Start);
        }

        return first;
    }

    private static int Earlier(int one, int other) => one < 0 || (other >= 0 && other < one) ? other : one;

    /// <summary>Whether a phrase stands in a text.</summary>
    /// <param name="text">Octets.</param>
    public bool StandIn(ReadOnlySpan<byte> text)
    {
        char[]? rented = null;
        Span<char> widened = text.Length <= StackLimit ? stackalloc char[text.Length] : rented = ArrayPool<char>.Shared.Rent(text.Length);
        widened = widened[..text.Length];
        Encoding.Latin1.GetChars(text, widened);
        bool found = AreIn(widened);
        if (rented is not null)
            ArrayPool<char>.Shared.Return(rented);
        return found;
    }
}
