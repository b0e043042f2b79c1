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

    private readonly SearchValues<string> _phrases;

    /// <summary>Makes a set.</summary>
    /// <param name="phrases">Lower case; those that are not ASCII are found by their UTF-8 octets.</param>
    public Phrases(params ReadOnlySpan<string> phrases)
    {
        string[] widened = new string[phrases.Length];
        for (int i = 0; i < phrases.Length; i++)
            widened[i] = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(phrases[i]));
        _phrases = SearchValues.Create(widened, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>Where the first phrase stands; -1 when none does.</summary>
    /// <param name="text">Octets, widened one to one.</param>
    public int IndexIn(ReadOnlySpan<char> text) => text.IndexOfAny(_phrases);

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
