using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// A set of phrases that is looked for in a decoded text, such as a subject, in any case. Those outside of ASCII, for which .NET's search is slower,
/// are looked for only where the text is not ASCII either.
/// </summary>
internal sealed class SubjectPhrases
{
    private readonly string[] _phrases;
    private readonly SearchValues<string> _ascii;
    private readonly SearchValues<string> _others;

    /// <summary>Makes a set.</summary>
    /// <param name="phrases">Lower case.</param>
    public SubjectPhrases(params string[] phrases)
    {
        _phrases = phrases;
        _ascii = SearchValues.Create([.. phrases.Where(phrase => Ascii.IsValid(phrase))], StringComparison.OrdinalIgnoreCase);
        _others = SearchValues.Create([.. phrases.Where(phrase => !Ascii.IsValid(phrase))], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a phrase stands anywhere.</summary>
    public bool StandIn(ReadOnlySpan<char> text) => text.ContainsAny(_ascii) || (!Ascii.IsValid(text) && text.ContainsAny(_others));

    /// <summary>Whether the text begins with a phrase.</summary>
    public bool Begin(ReadOnlySpan<char> text)
    {
        char first = text.IsEmpty ? '\0' : char.ToLowerInvariant(text[0]);
        foreach (string phrase in _phrases)
        {
            if (phrase[0] == first && text.StartsWith(phrase, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
