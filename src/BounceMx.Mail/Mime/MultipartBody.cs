using System.Buffers;
using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Finds the parts of a multipart body (RFC 2046 section 5.1) in one pass. A delimiter is a whole line: <c>--boundary</c>, then
/// <c>--</c> or nothing, then white space; so one boundary may be the prefix of another. Blanks before it are forgiven. A missing close delimiter ends the last part at
/// the end of the body; what follows a close delimiter is looked at for further parts, since MTAs reuse boundaries.
/// </summary>
internal static class MultipartBody
{
    /// <summary>RFC 2046 allows 70 octets.</summary>
    private const int MaxBoundary = 256;

    private static readonly SearchValues<byte> _blanks = SearchValues.Create(" \t\r\n"u8);

    /// <summary>Splits a body.</summary>
    /// <param name="body">The body of the multipart.</param>
    /// <param name="boundary">The boundary parameter; where it is empty or does not occur, the first line that could be a delimiter tells it.</param>
    /// <param name="parts">Is filled with the ranges of the parts.</param>
    /// <param name="maxParts">How many parts are wanted at most; one more is reported so that the caller sees that there are more.</param>
    public static void Split(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, List<Range> parts, int maxParts)
    {
        parts.Clear();
        if (!boundary.IsEmpty && boundary.Length <= MaxBoundary)
            SplitAt(body, boundary, parts, maxParts);
        if (parts.Count == 0 && Guess(body) is { IsEmpty: false } guessed)
            SplitAt(body, guessed, parts, maxParts);
    }

    private static void SplitAt(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary, List<Range> parts, int maxParts)
    {
        Span<byte> delimiter = stackalloc byte[MaxBoundary + 2];
        "--"u8.CopyTo(delimiter);
        boundary.CopyTo(delimiter[2..]);
        delimiter = delimiter[..(boundary.Length + 2)];

        int partStart = -1;
        int at = 0;
        while (at < body.Length && parts.Count <= maxParts)
        {
            int found = body[at..].IndexOf(delimiter);
            if (found < 0)
                break;
            int start = at + found;
            ReadOnlySpan<byte> rest = body[(start + delimiter.Length)..];
            int lineLength = rest.IndexOfAny((byte)'\r', (byte)'\n');
            if (lineLength < 0)
                lineLength = rest.Length;
            int next = start + delimiter.Length + lineLength + LineReader.EndLength(rest[lineLength..]);
            int lineStart = body[..start].LastIndexOfAnyExcept((byte)' ', (byte)'\t') + 1;
            bool atLineStart = lineStart == 0 || body[lineStart - 1] is (byte)'\r' or (byte)'\n';
            if (atLineStart && IsDelimiterTail(rest[..lineLength], out bool closes))
            {
                if (partStart >= 0)
                    parts.Add(partStart..Math.Max(partStart, LineReader.LengthWithoutEnd(body[..lineStart])));
                partStart = closes ? -1 : next;
            }

            // The next delimiter can only start a line.
            at = Math.Max(next, start + delimiter.Length);
        }

        if (partStart >= 0 && parts.Count <= maxParts)
            parts.Add(partStart..body.Length);
    }

    private static bool IsDelimiterTail(ReadOnlySpan<byte> tail, out bool closes)
    {
        closes = tail.StartsWith("--"u8);
        return tail[(closes ? 2 : 0)..].IndexOfAnyExcept(_blanks) < 0;
    }

    /// <summary>The boundary of the first line that starts with two hyphens and has a header field in the line after it.</summary>
    private static ReadOnlySpan<byte> Guess(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> candidate = default;
        var lines = new LineReader(body);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (!candidate.IsEmpty && line.Length > 8 && Ascii.EqualsIgnoreCase(line[..8], "content-"u8))
                return candidate;
            candidate = line.Length is > 2 and <= MaxBoundary && line.StartsWith("--"u8) ? line[2..].TrimEnd(" \t"u8) : default;
        }

        return default;
    }
}
