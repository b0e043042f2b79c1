using System.Globalization;
using System.Text;

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
        utf8 = utf8.Trim(" \t\r\n"u8);
        utf8 = utf8[..Math.Min(utf8.Length, maxOctets * 4)];
        if (utf8.Length <= maxOctets && IsClean(utf8))
            return Encoding.ASCII.GetString(utf8);
        return Clean(Encoding.UTF8.GetString(utf8), maxOctets);
    }

    /// <summary>Cleans a string.</summary>
    public static string Clean(string text, int maxOctets)
    {
        var clean = new StringBuilder(Math.Min(text.Length, maxOctets));
        int octets = 0;
        bool blank = false;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || IsControl(rune))
            {
                blank |= Rune.IsWhiteSpace(rune);
                continue;
            }

            int width = rune.Utf8SequenceLength + (blank && clean.Length > 0 ? 1 : 0);
            if (octets + width > maxOctets)
                break;
            if (blank && clean.Length > 0)
                clean.Append(' ');
            blank = false;
            octets += width;
            clean.Append(rune.ToString());
        }

        return clean.ToString();
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
