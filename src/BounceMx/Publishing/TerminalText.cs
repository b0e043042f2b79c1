using System.Globalization;

namespace BounceMx.Publishing;

/// <summary>Text from outside, made safe to show.</summary>
internal static class TerminalText
{
    /// <summary>
    /// Replaces what a terminal or a reader's eye could be led by: control characters (escape sequences begin with one) and format
    /// characters (which turn the direction of text).
    /// </summary>
    public static string Clean(string text) =>
        text.Any(IsUnsafe)
            ? string.Create(
                text.Length,
                text,
                (span, source) =>
                {
                    for (int i = 0; i < span.Length; i++)
                        span[i] = IsUnsafe(source[i]) ? '\uFFFD' : source[i];
                }
            )
            : text;

    private static bool IsUnsafe(char c) =>
        char.GetUnicodeCategory(c)
            is UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator;
}
