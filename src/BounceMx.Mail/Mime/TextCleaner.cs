using System.Buffers;
using System.Globalization;
using System.Text;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Makes text from mail fit for records, logs and terminals: one line, single spaces, no control characters (C0, C1), no bidirectional
/// overrides, no lone surrogates, and not longer than asked for.
/// </summary>
internal static class TextCleaner
{
    /// <summary>Cleans UTF-8 text.</summary>
    /// <param name="utf8">Octets; invalid sequences become U+FFFD.</param>
    /// <param name="maxOctets">The UTF-8 length to which it is cut, at a character.</param>
    public static string Clean(ReadOnlySpan<byte> utf8, int maxOctets)
    {
        // Every character comes from at least one octet; blanks that collapse are not counted, so the input may be a little longer.
        utf8 = utf8.TrimBlank();
        utf8 = utf8[..Math.Min(utf8.Length, maxOctets * 4)];
        if (utf8.Length <= maxOctets && IsClean(utf8))
            return Encoding.ASCII.GetString(utf8);
        // No text has more UTF-16 units than UTF-8 octets.
        char[] text = ArrayPool<char>.Shared.Rent(utf8.Length);
        string result = CleanInPlace(text.AsSpan(0, Encoding.UTF8.GetChars(utf8, text)), maxOctets);
        ArrayPool<char>.Shared.Return(text);
        return result;
    }

    /// <summary>Cleans a string.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxOctets">The UTF-8 length to which it is cut, at a character.</param>
    public static string Clean(string text, int maxOctets)
    {
        char[] copy = ArrayPool<char>.Shared.Rent(text.Length);
        text.CopyTo(copy);
        string result = CleanInPlace(copy.AsSpan(0, text.Length), maxOctets);
        ArrayPool<char>.Shared.Return(copy);
        return result;
    }

    /// <summary>What is kept is never longer than what was read, so it is written over it.</summary>
    private static string CleanInPlace(Span<char> text, int maxOctets)
    {
        int length = 0;
        int octets = 0;
        bool blank = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (rune.Value is <= ' ' or > '~')
            {
                if (Rune.IsWhiteSpace(rune))
                {
                    blank = length > 0;
                    continue;
                }

                if (IsControl(rune))
                    continue;
            }

            octets += rune.Utf8SequenceLength + (blank ? 1 : 0);
            if (octets > maxOctets)
                break;
            if (blank)
                text[length++] = ' ';
            blank = false;
            length += rune.EncodeToUtf16(text[length..]);
        }

        return new string(text[..length]);
    }

    /// <summary>Whether the text is printable ASCII without double spaces, which needs no work.</summary>
    private static bool IsClean(ReadOnlySpan<byte> text) =>
        text.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0 && text.IndexOf("  "u8) < 0;

    private static bool IsControl(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned;
}
