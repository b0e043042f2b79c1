using System.Buffers;
using System.Globalization;
using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// The few rules of RFC 5321 section 4.1.2 and RFC 6531 section 3.3 that minting and reading need. It is given parts of addresses, never
/// parses a whole one, and allocates only for <see cref="Mailbox"/>. Known gap: a U-label is checked by its characters' categories, not
/// against the tables of IDNA (RFC 5892).
/// </summary>
internal static class AddressSyntax
{
    private const string AlphaDigit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // RFC 5322's specials and the space: what stands in a local part only inside quotes.
    private static readonly SearchValues<char> Specials = SearchValues.Create(" \"(),:;<>@[\\]");
    private static readonly SearchValues<char> AtomTextAndDot = SearchValues.Create(AlphaDigit + ".!#$%&'*+-/=?^_`{|}~");
    private static readonly SearchValues<char> LetterDigitHyphenDot = SearchValues.Create(AlphaDigit + "-.");

    // RFC 5892 appendix A: the joiners and punctuation that IDNA lets stand between letters.
    private static readonly SearchValues<char> ContextCharacters = SearchValues.Create("\u00B7\u0375\u05F3\u05F4\u200C\u200D\u30FB");

    /// <summary>Whether a control character (C0, DEL, C1) or half a surrogate pair stands in it.</summary>
    public static bool HasControls(ReadOnlySpan<char> text)
    {
        if (!text.ContainsAnyExceptInRange(' ', '~'))
            return false;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int length) != OperationStatus.Done || Rune.IsControl(rune))
                return true;
            text = text[length..];
        }
        return false;
    }

    /// <summary>Whether a local part holds what must be quoted, wherever its dots stand.</summary>
    public static bool HasSpecials(ReadOnlySpan<char> localPart) => localPart.ContainsAny(Specials);

    /// <summary>Whether it is ASCII atoms with single dots between; a dot may come first, where something precedes it.</summary>
    public static bool IsAsciiDotString(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[^1] != '.' && !text.ContainsAnyExcept(AtomTextAndDot) && !HasDoubleDot(text);

    /// <summary>Whether two dots follow each other, which only a quoted local part may have.</summary>
    public static bool HasDoubleDot(ReadOnlySpan<char> text) => text.IndexOf("..", StringComparison.Ordinal) >= 0;

    /// <summary>Whether it stands in brackets, as an address literal does (RFC 5321 section 4.1.3).</summary>
    public static bool IsAddressLiteral(ReadOnlySpan<char> domain) => domain is ['[', _, .., ']'];

    /// <summary>
    /// Whether it is a domain name: labels of letters, digits and inner hyphens or U-labels, at most 63 characters each, at most
    /// 255 octets in all (RFC 5321 section 4.5.3.1.2). One label is enough; a dot at the end is not allowed.
    /// </summary>
    public static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || OctetsExceed(domain, 255))
            return false;
        if (domain.ContainsAnyExcept(LetterDigitHyphenDot) && !HasOnlyDomainCharacters(domain))
            return false;
        foreach (Range range in domain.Split('.'))
        {
            ReadOnlySpan<char> label = domain[range];
            if (label.Length is 0 or > 63 || label[0] == '-' || label[^1] == '-')
                return false;
        }
        return true;
    }

    /// <summary>Whether it takes more octets in UTF-8 than <paramref name="limit"/>.</summary>
    public static bool OctetsExceed(ReadOnlySpan<char> text, int limit) =>
        // A character is one to three octets, so most answers need no counting.
        text.Length > limit
        || (text.Length * 3 > limit && Encoding.UTF8.GetByteCount(text) > limit);

    /// <summary>Puts a mailbox together, the local part quoted where a character of it must be.</summary>
    public static string Mailbox(ReadOnlySpan<char> localPart, ReadOnlySpan<char> domain)
    {
        if (!HasSpecials(localPart))
            return string.Concat(localPart, "@", domain);
        string escaped = localPart
            .ToString()
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"@{domain}";
    }

    private static bool HasOnlyDomainCharacters(ReadOnlySpan<char> domain)
    {
        while (!domain.IsEmpty)
        {
            bool valid = Rune.DecodeFromUtf16(domain, out Rune rune, out int length) == OperationStatus.Done;
            if (!valid || !(rune.IsAscii ? LetterDigitHyphenDot.Contains((char)rune.Value) : IsULabelCharacter(rune)))
                return false;
            domain = domain[length..];
        }
        return true;
    }

    private static bool IsULabelCharacter(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.UppercaseLetter
                or UnicodeCategory.LowercaseLetter
                or UnicodeCategory.OtherLetter
                or UnicodeCategory.ModifierLetter
                or UnicodeCategory.NonSpacingMark
                or UnicodeCategory.SpacingCombiningMark
                or UnicodeCategory.DecimalDigitNumber
        || (rune.IsBmp && ContextCharacters.Contains((char)rune.Value));
}
