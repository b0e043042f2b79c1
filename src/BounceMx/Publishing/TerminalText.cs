using System.Globalization;
using System.Text;

namespace BounceMx.Publishing;

/// <summary>Text from outside, made safe to show.</summary>
internal static class TerminalText
{
    /// <summary>
    /// Replaces what a terminal or a reader's eye could be led by: control characters (escape sequences begin with one), format
    /// characters (which turn the direction of text, or hide in it) and halves of surrogate pairs.
    /// </summary>
    public static string Clean(string text)
    {
        StringBuilder? clean = null;
        int at = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD, which is what stands for it then.
            if (IsUnsafe(rune) || (rune == Rune.ReplacementChar && text[at] != '\uFFFD'))
                (clean ??= new StringBuilder(text, 0, at, text.Length)).Append('\uFFFD');
            else
                clean?.Append(text, at, rune.Utf16SequenceLength);
            at += rune.Utf16SequenceLength;
        }
        return clean?.ToString() ?? text;
    }

    private static bool IsUnsafe(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
