using System.Buffers;

namespace BounceMx.Mail.Classification;

/// <summary>Where something stands that may not be a word of the text.</summary>
[Flags]
internal enum TextPlace : byte
{
    /// <summary>It is one or more whole words.</summary>
    Words = 0,

    /// <summary>It begins in the middle of a word.</summary>
    BeginsInWord = 1,

    /// <summary>It ends in the middle of a word.</summary>
    EndsInWord = 2,

    /// <summary>It is in an address, the name of a host, or a URL, or reaches into an address.</summary>
    InName = 4,
}

/// <summary>
/// Tells the words of a diagnostic from what merely has their letters: <c>perl</c> in <c>sperling</c>, <c>spam</c> in <c>spam.example.net</c>, <c>full</c> in
/// <c>fully</c>. What hosts and mailboxes are called says nothing about why mail failed.
/// <para>Does: know where words begin and end, and find addresses, host names and URLs, when first asked.</para>
/// <para>Does not: ask for word boundaries where a script writes none (Chinese, Japanese, Thai) or joins particles to words (Korean); or mind an
/// English ending (<c>users</c>, <c>exceeded</c>).</para>
/// <para>Known gaps: a host name in mixed case is taken for words, as many an MTA leaves out the space after a full stop (<c>User unknown.Please check</c>); so
/// is a quoted local part.</para>
/// </summary>
/// <param name="text">The text.</param>
/// <param name="names">Room for as many kinds as the text has characters, all zero; a shorter one is replaced.</param>
internal ref struct TextWords(ReadOnlySpan<char> text, Span<byte> names)
{
    /// <summary>A host name, a URL, or a word in angle brackets. What merely reaches into one counts: <c>sender domain.please</c> lacks a space.</summary>
    private const byte HostName = 1;

    /// <summary>An address.</summary>
    private const byte AddressName = 2;

    private static readonly SearchValues<char> AroundLocalPart = SearchValues.Create(" <>()\"',;:[]|@");

    private static readonly string[] Inflections = ["s", "es", "d", "ed", "ing"];

    private readonly ReadOnlySpan<char> _text = text;

    /// <summary>What kind of name each character belongs to.</summary>
    private readonly Span<byte> _names = names.Length < text.Length ? new byte[text.Length] : names[..text.Length];

    private bool _areNamesFound;

    /// <summary>Says where a stretch of the text stands.</summary>
    /// <param name="start">Where it begins.</param>
    /// <param name="end">Where it ends, exclusive; it is not empty.</param>
    public TextPlace At(int start, int end)
    {
        if (!_areNamesFound)
        {
            FindNames(_text, _names);
            _areNamesFound = true;
        }
        ReadOnlySpan<byte> kinds = _names[start..end];
        TextPlace place = (kinds[0] != 0 && !kinds.Contains((byte)0)) || kinds[^1] == AddressName ? TextPlace.InName : TextPlace.Words;
        if (start > 0 && IsJoined(_text[start - 1], _text[start]))
            place |= TextPlace.BeginsInWord;
        if (end < _text.Length && IsJoined(_text[end - 1], _text[end]) && !IsInflected(_text[end..]))
            place |= TextPlace.EndsInWord;
        return place;
    }

    /// <summary>Writes the text, its names made blank.</summary>
    /// <param name="text">At most <see cref="NormalizedText.MaxLength"/> characters.</param>
    /// <param name="output">Room for it.</param>
    public static void WithoutNames(ReadOnlySpan<char> text, Span<char> output)
    {
        Span<byte> kinds = stackalloc byte[NormalizedText.MaxLength];
        FindNames(text, kinds[..text.Length]);
        for (int i = 0; i < text.Length; i++)
            output[i] = kinds[i] != 0 ? ' ' : text[i];
    }

    private static bool IsJoined(char one, char next) => IsOfWord(one) && IsOfWord(next);

    private static bool IsOfWord(char c) =>
        char.IsAscii(c) ? char.IsAsciiLetterOrDigit(c) : char.IsLetterOrDigit(c) && !IsWrittenWithoutSpaces(c);

    private static bool IsWrittenWithoutSpaces(char c) =>
        c
            is (>= '\u0E00' and <= '\u0EFF') // Thai, Lao
                or (>= '\u1000' and <= '\u109F') // Burmese
                or (>= '\u1780' and <= '\u17FF') // Khmer
                or (>= '\u2E80' and <= '\uD7FF') // kana, Han, Hangul
                or (>= '\uF900' and <= '\uFAFF')
                or (>= '\uFF66' and <= '\uFFDC'); // kana and Hangul of half width

    /// <summary>Whether an English ending follows, and nothing more.</summary>
    private static bool IsInflected(ReadOnlySpan<char> behind)
    {
        int length = 1;
        while (length < behind.Length && IsOfWord(behind[length]))
        {
            if (++length > 3)
                return false;
        }
        ReadOnlySpan<char> ending = behind[..length];
        foreach (string known in Inflections)
        {
            if (ending.Equals(known, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Marks what names hosts and mailboxes. Each is found by the first of its characters that prose has seldom; no character is passed more than a few times.
    /// </summary>
    private static void FindNames(ReadOnlySpan<char> text, Span<byte> names)
    {
        for (int at = 0; at < text.Length; at++)
        {
            int next = text[at..].IndexOfAny('@', '.', '<');
            if (next < 0)
                return;
            at += next;
            at = text[at] switch
            {
                '@' => MarkAddress(text, at, names),
                '.' => MarkHost(text, at, names),
                _ => MarkBracketed(text, at, names),
            };
        }
    }

    /// <summary>Marks the address around an <c>@</c>, if there is one.</summary>
    /// <returns>The last character that needs no further look; so with the others.</returns>
    private static int MarkAddress(ReadOnlySpan<char> text, int at, Span<byte> names)
    {
        int start = text[..at].LastIndexOfAny(AroundLocalPart) + 1;
        int end = EndOfHost(text, at + 1);
        if (start == at || end == at + 1)
            return at;
        names[start..end].Fill(AddressName);
        return end - 1;
    }

    private static int MarkHost(ReadOnlySpan<char> text, int dot, Span<byte> names)
    {
        int start = dot;
        while (start > 0 && IsOfHost(text[start - 1]))
            start--;
        int end = EndOfHost(text, dot);
        // A full stop behind a name has been looked at with the name.
        if (end <= dot || !IsHost(text[start..end]))
        {
            while (dot + 1 < text.Length && text[dot + 1] == '.')
                dot++;
            return Math.Max(dot, end - 1);
        }
        if (text[..start].EndsWith("://"))
        {
            int rest = text[end..].IndexOfAny(" <>\"");
            end = rest < 0 ? text.Length : end + rest;
        }
        names[start..end].Fill(HostName);
        return end - 1;
    }

    /// <summary>One word in angle brackets, as Sendmail names a local recipient: <c>&lt;virus&gt;... User unknown</c>.</summary>
    private static int MarkBracketed(ReadOnlySpan<char> text, int bracket, Span<byte> names)
    {
        ReadOnlySpan<char> inside = text[(bracket + 1)..];
        int length = inside.IndexOfAny(" <>");
        if (length > 0 && inside[length] == '>')
            names.Slice(bracket + 1, length).Fill(HostName);
        return bracket;
    }

    private static int EndOfHost(ReadOnlySpan<char> text, int at)
    {
        while (at < text.Length && IsOfHost(text[at]))
            at++;
        while (at > 0 && text[at - 1] == '.')
            at--;
        return at;
    }

    private static bool IsHost(ReadOnlySpan<char> name)
    {
        int dot = name.LastIndexOf('.');
        return dot > 0
            && name.Length - dot > 2
            && char.IsAsciiLetter(name[dot + 1])
            && name[0] != '.'
            && name.IndexOf("..") < 0
            && (name.IndexOfAnyInRange('a', 'z') < 0 || name.IndexOfAnyInRange('A', 'Z') < 0);
    }

    private static bool IsOfHost(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_';
}
