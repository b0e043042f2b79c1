using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace BounceMx.Verp;

/// <summary>
/// The escaped form of a recipient, for what MTAs route by, quote or cannot carry and shells change: the unquoted <c>local@domain</c> in
/// UTF-8, in which each octet that is no letter, digit, dot, underscore or hyphen is <c>=</c> and two hex digits, the <c>@</c> too. A dot
/// where an atom may have none (first, last, beside another) is escaped as well, as MTAs drop or quote such addresses.
/// Does: write and read it; the hex is written in lower case and read in any. Does not: allocate, but for <see cref="ToMailbox"/>.
/// </summary>
internal static class EscapedRecipient
{
    private const string Hex = "0123456789abcdef";
    private static readonly SearchValues<char> Literals = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-"
    );

    /// <summary>Writes the form; <c>false</c> when it does not fit.</summary>
    public static bool TryWrite(MintedRecipient recipient, VerpGrammar grammar, Span<char> text, out int length)
    {
        length = 0;
        if (text.IsEmpty)
            return false;
        text[length++] = grammar.AtSign;
        for (int i = 0; i < recipient.Octets.Length; i++)
        {
            byte octet = recipient.Octets[i];
            bool literal = IsLiteral((char)octet, grammar) && !(octet == '.' && IsOddDot(recipient, i));
            if (length + (literal ? 1 : 3) > text.Length)
                return false;
            if (literal)
            {
                text[length++] = (char)octet;
                continue;
            }
            text[length++] = grammar.AtSign;
            text[length++] = Hex[octet >> 4];
            text[length++] = Hex[octet & 15];
        }
        return true;
    }

    /// <summary>
    /// Whether a text, without its leading <c>=</c>, can only have been written by this algorithm: every octet as it is or in hex, an
    /// <c>@</c> among them. What its octets say may still be no recipient.
    /// </summary>
    public static bool IsWellFormed(ReadOnlySpan<char> text, VerpGrammar grammar)
    {
        Span<byte> octets = stackalloc byte[AddressSyntax.MaxReceivedLocalPart];
        return text.Length <= octets.Length && TryUnescape(text, grammar, octets, out int count) && octets[..count].Contains((byte)'@');
    }

    /// <summary>Reads the form, without its leading <c>=</c>, back into <c>local@domain</c>.</summary>
    /// <param name="text">The escaped text.</param>
    /// <param name="grammar">Its characters.</param>
    /// <param name="recipient">At least as long as the text.</param>
    /// <param name="length">The characters written.</param>
    /// <param name="at">Where the <c>@</c> stands in it that parts local part and domain.</param>
    /// <returns><c>false</c> when it is not in the form, or no recipient that an address may have.</returns>
    public static bool TryRead(ReadOnlySpan<char> text, VerpGrammar grammar, Span<char> recipient, out int length, out int at)
    {
        (length, at) = (0, 0);
        Span<byte> octets = stackalloc byte[AddressSyntax.MaxReceivedLocalPart];
        if (text.Length > octets.Length || !TryUnescape(text, grammar, octets, out int count))
            return false;
        if (!Utf8.IsValid(octets[..count]))
            return false;
        length = Encoding.UTF8.GetChars(octets[..count], recipient);
        ReadOnlySpan<char> all = recipient[..length];
        at = all.LastIndexOf('@');
        return at > 0 && !AddressSyntax.HasControls(all) && AddressSyntax.IsDomain(all[(at + 1)..]);
    }

    /// <summary>The recipient of a text that <see cref="TryRead"/> takes, quoted where it must be.</summary>
    public static string ToMailbox(ReadOnlySpan<char> text, VerpGrammar grammar)
    {
        Span<char> recipient = stackalloc char[AddressSyntax.MaxReceivedLocalPart];
        return TryRead(text, grammar, recipient, out int length, out int at)
            ? AddressSyntax.Mailbox(recipient[..at], recipient[(at + 1)..length])
            : throw new ArgumentException("Not an escaped recipient.", nameof(text));
    }

    private static bool TryUnescape(ReadOnlySpan<char> text, VerpGrammar grammar, Span<byte> octets, out int count)
    {
        count = 0;
        for (int i = 0; i < text.Length; i++)
        {
            if (IsLiteral(text[i], grammar))
            {
                octets[count++] = (byte)text[i];
                continue;
            }
            bool isEscape = text[i] == grammar.AtSign && i + 2 < text.Length;
            if (!isEscape || Convert.FromHexString(text.Slice(i + 1, 2), octets[count..], out _, out _) is not OperationStatus.Done)
                return false;
            count++;
            i += 2;
        }
        return true;
    }

    private static bool IsLiteral(char character, VerpGrammar grammar) =>
        Literals.Contains(character) && character != grammar.Delimiter && character != grammar.AtSign;

    private static bool IsOddDot(MintedRecipient recipient, int i) =>
        i < recipient.At && (i == 0 || i == recipient.At - 1 || recipient.Octets[i - 1] == '.' || recipient.Octets[i + 1] == '.');
}
