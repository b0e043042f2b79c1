using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// A set of phrases that is looked for in a decoded subject, in any case. Those outside of ASCII, for which .NET's search is slower, are looked
/// for only where the subject is not ASCII either.
/// </summary>
internal sealed class SubjectPhrases
{
    private readonly SearchValues<string> _ascii;
    private readonly SearchValues<string> _others;

    /// <summary>Makes a set.</summary>
    /// <param name="phrases">Lower case.</param>
    public SubjectPhrases(params string[] phrases)
    {
        _ascii = SearchValues.Create([.. phrases.Where(phrase => Ascii.IsValid(phrase))], StringComparison.OrdinalIgnoreCase);
        _others = SearchValues.Create([.. phrases.Where(phrase => !Ascii.IsValid(phrase))], StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Whether a phrase stands anywhere.</summary>
    public bool StandIn(string subject) =>
        subject.AsSpan().IndexOfAny(_ascii) >= 0 || (!Ascii.IsValid(subject) && subject.AsSpan().IndexOfAny(_others) >= 0);

    /// <summary>Whether the subject begins with a phrase.</summary>
    public bool Begin(string subject) =>
        subject.AsSpan().IndexOfAny(_ascii) == 0 || (!Ascii.IsValid(subject) && subject.AsSpan().IndexOfAny(_others) == 0);
}
