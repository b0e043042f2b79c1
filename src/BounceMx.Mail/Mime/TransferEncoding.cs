using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Undoes a Content-Transfer-Encoding (RFC 2045 section 6). Identity encodings cost nothing: the result is the input.
/// What is no valid encoding stays as it is, because MTAs label parts that they never encoded.
/// </summary>
internal static class TransferEncoding
{
    private static readonly SearchValues<byte> _base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="u8
    );

    private static readonly SearchValues<byte> _whiteSpace = SearchValues.Create(" \t\r\n"u8);

    /// <summary>How much of a body must look like base64 before it is believed to be.</summary>
    private const int ProbeLength = 256;

    /// <summary>Of so many octets one may be out of place.</summary>
    private const int MaxStrange = 32;

    /// <summary>Decodes a body.</summary>
    /// <param name="body">The raw body.</param>
    /// <param name="encoding">The header's value; anything but <c>base64</c> and <c>quoted-printable</c> is identity.</param>
    public static ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body, ReadOnlySpan<byte> encoding)
    {
        if (Ascii.EqualsIgnoreCase(encoding, "quoted-printable"u8))
            return body.Span.Contains((byte)'=') ? DecodeQuotedPrintable(body.Span) : body;
        if (Ascii.EqualsIgnoreCase(encoding, "base64"u8) && LooksLikeBase64(body.Span))
            return DecodeBase64(body.Span);
        return body;
    }

    /// <summary>Decodes the Q encoding's and quoted-printable's <c>=XX</c>, and drops soft line breaks (RFC 2045 section 6.7).</summary>
    public static ReadOnlyMemory<byte> DecodeQuotedPrintable(ReadOnlySpan<byte> text)
    {
        byte[] decoded = GC.AllocateUninitializedArray<byte>(text.Length);
        int length = 0;
        while (!text.IsEmpty)
        {
            int plain = text.IndexOf((byte)'=');
            if (plain < 0)
                plain = text.Length;
            text[..plain].CopyTo(decoded.AsSpan(length));
            length += plain;
            text = text[plain..];
            if (text.IsEmpty)
                break;
            if (TryHex(text, out byte octet))
            {
                decoded[length++] = octet;
                text = text[3..];
            }
            else if (SoftBreakLength(text[1..]) is var soft and >= 0)
            {
                text = text[(1 + soft)..];
            }
            else
            {
                decoded[length++] = (byte)'=';
                text = text[1..];
            }
        }

        return decoded.AsMemory(0, length);
    }

    /// <summary>Decodes base64 and skips everything that is not of its alphabet (RFC 2045 section 6.8); padding may stand in the middle.</summary>
    public static ReadOnlyMemory<byte> DecodeBase64(ReadOnlySpan<byte> text)
    {
        byte[] decoded = GC.AllocateUninitializedArray<byte>((text.Length / 4 * 3) + 3);
        int length = 0;
        int bits = 0;
        int held = 0;
        foreach (byte c in text)
        {
            if (c == '=')
            {
                (bits, held) = (0, 0);
                continue;
            }

            int value = SixBits(c);
            if (value < 0)
                continue;
            bits = ((bits << 6) | value) & 0xFFFF;
            held += 6;
            if (held < 8)
                continue;
            held -= 8;
            decoded[length++] = (byte)(bits >> held);
        }

        return decoded.AsMemory(0, length);
    }

    /// <summary>Reads <c>=XX</c> at the start of <paramref name="text"/>, in either case.</summary>
    public static bool TryHex(ReadOnlySpan<byte> text, out byte octet)
    {
        octet = 0;
        if (text.Length < 3 || !char.IsAsciiHexDigit((char)text[1]) || !char.IsAsciiHexDigit((char)text[2]))
            return false;
        octet = (byte)((HexValue(text[1]) << 4) | HexValue(text[2]));
        return true;
    }

    private static int HexValue(byte c) => c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10;

    /// <summary>How much of what follows an equals sign makes it a soft line break; -1 when it is none.</summary>
    private static int SoftBreakLength(ReadOnlySpan<byte> text)
    {
        int blanks = text.IndexOfAnyExcept((byte)' ', (byte)'	');
        if (blanks < 0)
            return text.Length;
        int end = LineReader.EndLength(text[blanks..]);
        return end == 0 ? -1 : blanks + end;
    }

    /// <summary>What is not of the alphabet is to be ignored (RFC 2045 section 6.8), but text with blanks between its words is no base64.</summary>
    private static bool LooksLikeBase64(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> probe = body[..Math.Min(body.Length, ProbeLength)];
        bool isWords = probe.Contains((byte)' ');
        int left = isWords ? 0 : probe.Length / MaxStrange;
        while (!probe.IsEmpty)
        {
            int odd = probe.IndexOfAnyExcept(_base64);
            if (odd < 0)
                return true;
            if (!_whiteSpace.Contains(probe[odd]) && left-- == 0)
                return false;
            probe = probe[(odd + 1)..];
        }

        return true;
    }

    private static int SixBits(byte c) =>
        c switch
        {
            >= (byte)'A' and <= (byte)'Z' => c - 'A',
            >= (byte)'a' and <= (byte)'z' => c - 'a' + 26,
            >= (byte)'0' and <= (byte)'9' => c - '0' + 52,
            (byte)'+' => 62,
            (byte)'/' => 63,
            _ => -1,
        };
}
