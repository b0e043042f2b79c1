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
    /// <summary>Octets of a local part on receipt. RFC 5321 section 4.5.3.1.1 says 64, but real senders exceed it.</summary>
    public const int MaxReceivedLocalPart = 128;

    /// <summary>Octets of a local part that we mint: RFC 5321 section 4.5.3.1.1.</summary>
    public const int MaxMintedLocalPart = 64;

    /// <summary>Octets of a domain: RFC 5321 section 4.5.3.1.2.</summary>
    public const int MaxDomain = 255;

    /// <summary>Octets of a mailbox: a path has at most 256 (RFC 5321 section 4.5.3.1.3), of which two are its angle brackets.</summary>
    public const int MaxMailbox = 254;

    private const string AlphaDigit = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // RFC 5322's specials and the space: what stands in a local part only inside quotes.
    private static readonly SearchValues<char> Specials = SearchValues.Create(" \"(),:;<>@[\\]");
    private static readonly SearchValues<char> Printable = SearchValues.Create(AlphaDigit + " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~");
    private static readonly SearchValues<char> PrefixText = SearchValues.Create(AlphaDigit + "-_.+=");
    private static readonly SearchValues<char> PlainTextAndDot = SearchValues.Create(AlphaDigit + "-_.");
    private static readonly SearchValues<char> LetterDigitHyphenDot = SearchValues.Create(AlphaDigit + "-.");

    // RFC 5892 appendix A: the joiners and punctuation that IDNA lets stand between letters.
    private static readonly SearchValues<char> ContextCharacters = SearchValues.Create("\u00B7\u0375\u05F3\u05F4\u200C\u200D\u30FB");

    /// <summary>Whether a control character (C0, DEL, C1) or half a surrogate pair stands in it.</summary>
    public static bool HasControls(ReadOnlySpan<char> text)
    {
        // By a set: in code that is not optimised, ContainsAnyExceptInRange allocates.
        if (!text.ContainsAnyExcept(Printable))
            return false;
        while (!text.IsEmpty)
        {
            if (Rune.DecodeFromUtf16(text, out Rune rune, out int length) != OperationStatus.Done || Rune.IsControl(rune))
                return true;
            text = text[length..];
        }
        return false;
    }

    /// <summary>
    /// Whether a bounce address may begin with it: a letter or a digit, then letters, digits, <c>- _ + =</c> and single dots, as the plain
    /// form of a recipient, because no MTA or shell changes them.
    /// </summary>
    public static bool IsPrefix(ReadOnlySpan<char> text) =>
        !text.IsEmpty
        && char.IsAsciiLetterOrDigit(text[0])
        && text[^1] != '.'
        && !text.ContainsAnyExcept(PrefixText)
        && !HasDoubleDot(text);

    /// <summary>Whether a local part holds what stands only inside quotes: a space, or one of RFC 5322's specials.</summary>
    public static bool NeedsQuotes(ReadOnlySpan<char> localPart) => localPart.ContainsAny(Specials);

    /// <summary>Whether it is made of letters, digits, hyphens and underscores, with single dots between: what no MTA or shell changes.</summary>
    public static bool IsPlainDotString(ReadOnlySpan<char> text) =>
        !text.IsEmpty && text[0] != '.' && text[^1] != '.' && !text.ContainsAnyExcept(PlainTextAndDot) && !HasDoubleDot(text);

    /// <summary>Whether it stands in brackets, as an address literal does (RFC 5321 section 4.1.3).</summary>
    public static bool IsAddressLiteral(ReadOnlySpan<char> domain) => domain is ['[', _, .., ']'];

    /// <summary>
    /// Whether it is a domain name: labels of letters, digits and inner hyphens or U-labels, at most 63 characters each, at most
    /// <see cref="MaxDomain"/> octets in all. One label is enough; a dot at the end is not allowed.
    /// </summary>
    public static bool IsDomain(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || OctetsExceed(domain, MaxDomain))
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
        if (!NeedsQuotes(localPart))
            return string.Concat(localPart, "@", domain);
        string escaped = localPart
            .ToString()
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal);
        return $"\"{escaped}\"@{domain}";
    }

    /// <summary>Takes the quotes and backslashes off a quoted local part (RFC 5321 section 4.1.2).</summary>
    /// <param name="quoted">The local part, which begins with a quote.</param>
    /// <param name="text">At least as long as it.</param>
    /// <param name="length">The characters written.</param>
    /// <returns><c>false</c> when it is no quoted string.</returns>
    public static bool TryUnquote(ReadOnlySpan<char> quoted, Span<char> text, out int length)
    {
        length = 0;
        int end = quoted.Length - 1;
        if (end < 1 || quoted[end] != '"')
            return false;
        for (int i = 1; i < end; i++)
        {
            if (quoted[i] == '"' || (quoted[i] == '\\' && ++i == end))
                return false;
            text[length++] = quoted[i];
        }
        return true;
    }

    /// <summary>Whether two texts differ at most in the case of A-Z, which is all that a signature allows too.</summary>
    public static bool EqualsFolded(ReadOnlySpan<char> one, ReadOnlySpan<char> other)
    {
        if (one.Length != other.Length)
            return false;
        for (int i = 0; i < one.Length; i++)
        {
            if (one[i] != other[i] && !(char.IsAsciiLetter(one[i]) && (one[i] ^ other[i]) == 0x20))
                return false;
        }
        return true;
    }

    /// <summary>Writes text in UTF-8 with A-Z folded to lower case, which is all that relays may change. Returns the octets written.</summary>
    public static int Fold(ReadOnlySpan<char> text, Span<byte> octets)
    {
        if (Ascii.ToLower(text, octets, out int length) is OperationStatus.Done)
            return length;
        length = Encoding.UTF8.GetBytes(text, octets);
        Fold(octets[..length]);
        return length;
    }

    /// <summary>Folds A-Z to lower case in place.</summary>
    public static void Fold(Span<byte> octets)
    {
        foreach (ref byte octet in octets)
        {
            if (octet is >= (byte)'A' and <= (byte)'Z')
                octet |= 0x20;
        }
    }

    private static bool HasDoubleDot(ReadOnlySpan<char> text) => text.IndexOf("..", StringComparison.Ordinal) >= 0;

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
