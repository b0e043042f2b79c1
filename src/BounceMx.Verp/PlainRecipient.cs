using System.Buffers;
using System.Text;

namespace BounceMx.Verp;

/// <summary>The plain form of a recipient, <c>local=domain</c>: minted only where nothing on the way can change or misread it.</summary>
internal static class PlainRecipient
{
    private static readonly SearchValues<byte> Unharmed = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-+="u8
    );

    /// <summary>
    /// Whether local part and domain consist of characters that no MTA or shell changes, the local part is a dot-string (RFC 5321 section
    /// 4.1.2), and it cannot be taken for the escaped form.
    /// </summary>
    public static bool IsMintable(MintedRecipient recipient, VerpGrammar grammar)
    {
        ReadOnlySpan<byte> localPart = recipient.Octets[..recipient.At];
        return localPart[0] != grammar.AtSign
            && localPart[0] != '.'
            && localPart[^1] != '.'
            && localPart.IndexOf(".."u8) < 0
            && !localPart.ContainsAnyExcept(Unharmed)
            && Ascii.IsValid(recipient.Octets[recipient.At..]);
    }

    /// <summary>Writes the form; <c>false</c> when it does not fit.</summary>
    public static bool TryWrite(MintedRecipient recipient, VerpGrammar grammar, Span<char> text, out int length)
    {
        length = recipient.Octets.Length;
        if (length > text.Length)
            return false;
        Encoding.ASCII.GetChars(recipient.Octets, text);
        text[recipient.At] = grammar.AtSign;
        return true;
    }
}
