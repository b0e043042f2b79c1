namespace BounceMx.Smtp.Commands;

/// <summary>
/// xtext, the encoding of values in DSN parameters (RFC 3461 section 4): printable ASCII, where <c>+</c>, <c>=</c> and all else stands as
/// <c>+</c> and two upper-case hexadecimal digits.
/// </summary>
internal static class Xtext
{
    /// <summary>Decodes.</summary>
    /// <param name="text">One value; its length is the caller's to limit.</param>
    /// <param name="decoded">Printable ASCII, space included.</param>
    /// <returns><c>false</c> when it is empty, no xtext, or stands for something unprintable.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> text, out string decoded)
    {
        Span<char> characters = stackalloc char[Math.Min(text.Length, 512)];
        decoded = "";
        int length = 0;
        for (int at = 0; at < text.Length; at++)
        {
            int octet = text[at];
            if (octet == '+')
            {
                if (at + 2 >= text.Length)
                    return false;
                octet = (HexDigit(text[at + 1]) << 4) | HexDigit(text[at + 2]);
                at += 2;
            }
            else if (octet is '=' or ' ')
            {
                return false;
            }
            if (octet is < ' ' or > '~' || length == characters.Length)
                return false;
            characters[length++] = (char)octet;
        }
        decoded = new string(characters[..length]);
        return length > 0;
    }

    // Of anything else a number that is no octet.
    private static int HexDigit(byte octet) =>
        octet switch
        {
            >= (byte)'0' and <= (byte)'9' => octet - '0',
            >= (byte)'A' and <= (byte)'F' => octet - 'A' + 10,
            _ => -1,
        };
}
