using System.Text;

namespace BounceMx.Mail.Reports;

/// <summary>Searches in octets without making strings of them.</summary>
internal static class Octets
{
    /// <summary>Finds ASCII text in any case.</summary>
    /// <param name="text">Any octets.</param>
    /// <param name="needle">ASCII in lower case, not empty.</param>
    /// <returns>The index, or -1.</returns>
    public static int IndexOfIgnoreCase(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> needle)
    {
        byte lower = needle[0];
        byte upper = lower is >= (byte)'a' and <= (byte)'z' ? (byte)(lower - 32) : lower;
        int at = 0;
        while (text.Length - at >= needle.Length)
        {
            int found = text[at..].IndexOfAny(lower, upper);
            if (found < 0 || text.Length - at - found < needle.Length)
                return -1;
            at += found;
            if (Ascii.EqualsIgnoreCase(text.Slice(at, needle.Length), needle))
                return at;
            at++;
        }

        return -1;
    }

    /// <summary>Whether ASCII text stands somewhere, in any case.</summary>
    public static bool ContainsIgnoreCase(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> needle) => text.IndexOfIgnoreCase(needle) >= 0;

    /// <summary>Whether ASCII text stands at the start, in any case.</summary>
    public static bool StartsWithIgnoreCase(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        text.Length >= prefix.Length && Ascii.EqualsIgnoreCase(text[..prefix.Length], prefix);

    /// <summary>Cuts white space off both ends.</summary>
    public static ReadOnlySpan<byte> TrimBlank(this ReadOnlySpan<byte> text)
    {
        int start = 0;
        while (start < text.Length && IsBlank(text[start]))
            start++;
        int end = text.Length;
        while (end > start && IsBlank(text[end - 1]))
            end--;
        return text[start..end];
    }

    /// <summary>Copies a text, each run of white space as one space.</summary>
    /// <param name="text">Any octets.</param>
    /// <param name="line">At least as long.</param>
    /// <returns>How many octets were written.</returns>
    public static int Collapse(ReadOnlySpan<byte> text, Span<byte> line)
    {
        int length = 0;
        foreach (byte octet in text)
        {
            if (octet is not ((byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n'))
                line[length++] = octet;
            else if (length > 0 && line[length - 1] != ' ')
                line[length++] = (byte)' ';
        }

        return length;
    }

    private static bool IsBlank(byte c) => c is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    public static bool IsDigit(byte c) => c is >= (byte)'0' and <= (byte)'9';
}
