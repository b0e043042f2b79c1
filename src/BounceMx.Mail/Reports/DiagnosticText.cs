using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Reads a Diagnostic-Code, <c>diagnostic-type ; text</c> (RFC 3464 section 2.3.6), and other replies, into one line of text.</summary>
internal static class DiagnosticText
{
    /// <summary>What a record keeps of it.</summary>
    public const int MaxOctets = 1024;

    /// <summary>What is read of it: sixteen times what is kept.</summary>
    private const int MaxInput = 16 * 1024;

    /// <summary>No diagnostic type in use is longer.</summary>
    private const int MaxTypeLength = 40;

    private static readonly SearchValues<byte> _notInType = SearchValues.Create(" \t\r\n<>@:"u8);

    /// <summary>Cuts the type off.</summary>
    /// <param name="field">The field's value, still folded.</param>
    /// <param name="isExitCode">Whether the text is a program's exit code (<c>X-Unix; 255</c>), not a reply.</param>
    public static ReadOnlyMemory<byte> WithoutType(ReadOnlyMemory<byte> field, out bool isExitCode)
    {
        field = field[..Math.Min(field.Length, MaxInput)].Trim(" \t\r\n"u8);
        ReadOnlySpan<byte> span = field.Span;
        isExitCode = false;
        int semicolon = span[..Math.Min(span.Length, MaxTypeLength)].IndexOf((byte)';');
        if (semicolon <= 0 || !IsType(span[..semicolon].TrimBlank()))
            return field;
        isExitCode = Ascii.EqualsIgnoreCase(span[..semicolon].TrimBlank(), "x-unix"u8);
        return field[(semicolon + 1)..].Trim(" \t\r\n"u8);
    }

    /// <summary>The text as a record keeps it: one line, and the lines of one reply joined without repeating its code.</summary>
    /// <param name="text">UTF-8, still folded; may hold a transcript's arrows.</param>
    /// <returns><c>null</c> when nothing is left.</returns>
    public static string? Read(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, MaxOctets * 4)].TrimBlank();
        if (text.IsEmpty)
            return null;
        Span<byte> joined = stackalloc byte[MaxOctets * 4];
        string clean = TextCleaner.Clean(IsMultiline(text) ? joined[..JoinReply(text, joined)] : text, MaxOctets);
        return clean.Length == 0 ? null : clean;
    }

    private static bool IsType(ReadOnlySpan<byte> type) => type.IndexOfAny(_notInType) < 0 && !Octets.IsDigit(type[0]);

    private static bool IsMultiline(ReadOnlySpan<byte> text) =>
        text.Length > 4 && text[3] == '-' && Octets.IsDigit(text[0]) && Octets.IsDigit(text[1]) && Octets.IsDigit(text[2]);

    /// <summary><c>550-5.1.1 no such\n550 5.1.1 user</c> becomes <c>550 5.1.1 no such user</c>: wordings then match across the line end.</summary>
    private static int JoinReply(ReadOnlySpan<byte> text, Span<byte> joined)
    {
        ReadOnlySpan<byte> code = text[..3];
        ReadOnlySpan<byte> rest = text[4..];
        ReadOnlySpan<byte> status = EnhancedStatusCode.TryParsePrefix(rest, out _, out int prefix) ? rest[..prefix] : default;
        code.CopyTo(joined);
        joined[3] = (byte)' ';
        int length = 4;
        bool between = false;
        while (!rest.IsEmpty)
        {
            // A continuation stands behind white space (the field was unfolded) or a transcript's arrows.
            if (between && rest.Length >= 3 && rest.StartsWith(code) && (rest.Length == 3 || rest[3] is (byte)'-' or (byte)' '))
            {
                rest = rest[Math.Min(4, rest.Length)..].TrimStart(" \t"u8);
                if (!status.IsEmpty && rest.StartsWith(status))
                    rest = rest[status.Length..];
                between = false;
                continue;
            }

            if (between && rest.StartsWith("<<< "u8))
            {
                rest = rest[4..];
                continue;
            }

            between = rest[0] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
            joined[length++] = rest[0];
            rest = rest[1..];
        }

        return length;
    }
}
