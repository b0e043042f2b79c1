using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// The hash form of a recipient, for addresses that would be too long or must not show it: <c>~</c> and 16 characters of base32hex, the
/// first 80 bits of HMAC-SHA-256 over <c>~</c> and the recipient. Cannot be read back, only compared with a recipient.
/// Without keys its key is empty: then it is a check sum that anybody can make of a guessed recipient, not a secret.
/// </summary>
internal static class RecipientHash
{
    /// <summary>Characters behind the <c>~</c>.</summary>
    public const int Length = 16;

    // No signed text begins so, as a prefix begins with a letter or a digit: one key may serve both.
    public const char Mark = '~';

    /// <summary>Whether a payload, its mark included, has this form.</summary>
    public static bool IsHash(ReadOnlySpan<char> payload) =>
        payload.Length == 1 + Length && payload[0] == Mark && Base32Hex.IsAll(payload[1..]);

    /// <summary>Writes mark and hash; <c>false</c> when they do not fit.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> secret, MintedRecipient recipient, Span<char> payload, out int length)
    {
        length = 1 + Length;
        if (payload.Length < length)
            return false;
        payload[0] = Mark;
        Write(secret, recipient, payload.Slice(1, Length));
        return true;
    }

    /// <summary>Whether a hash, in any case, is that of the recipient. Takes the same time for every other.</summary>
    public static bool IsOf(ReadOnlySpan<byte> secret, MintedRecipient recipient, ReadOnlySpan<char> hash)
    {
        Span<char> expected = stackalloc char[Length];
        Span<char> given = stackalloc char[Length];
        Write(secret, recipient, expected);
        return hash.Length == Length
            && Ascii.ToLower(hash, given, out _) is OperationStatus.Done
            && CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(expected), MemoryMarshal.AsBytes(given));
    }

    private static void Write(ReadOnlySpan<byte> secret, MintedRecipient recipient, Span<char> hash)
    {
        Span<byte> text = stackalloc byte[1 + AddressSyntax.MaxMailbox];
        text[0] = (byte)Mark;
        recipient.Octets.CopyTo(text[1..]);
        text = text[..(1 + recipient.Octets.Length)];
        AddressSyntax.Fold(text);
        Span<byte> hmac = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, text, hmac);
        Base32Hex.Write(hmac, hash);
    }
}
