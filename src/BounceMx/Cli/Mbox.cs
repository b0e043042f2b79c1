namespace BounceMx.Cli;

/// <summary>
/// Parts an mbox file (RFC 4155 appendix A). A message begins at a <c>From </c> line that holds a time of day and follows an empty line or
/// nothing, so that a sentence which begins with "From" parts no message.
/// </summary>
internal static class Mbox
{
    /// <summary>Whether a file is an mbox.</summary>
    public static bool IsMbox(ReadOnlySpan<byte> content) => IsFromLine(content);

    /// <summary>The messages, each with its <c>From </c> line.</summary>
    public static List<Range> Split(ReadOnlySpan<byte> content)
    {
        var ranges = new List<Range>();
        int start = 0;
        for (int at = 0; at < content.Length; )
        {
            int next = content[at..].IndexOf("\nFrom "u8);
            if (next < 0)
                break;
            at += next + 1;
            if (FollowsEmptyLine(content[..at]) && IsFromLine(content[at..]))
            {
                ranges.Add(start..at);
                start = at;
            }
        }
        ranges.Add(start..content.Length);
        return ranges;
    }

    private static bool FollowsEmptyLine(ReadOnlySpan<byte> before) => before.EndsWith("\n\n"u8) || before.EndsWith("\n\r\n"u8);

    private static bool IsFromLine(ReadOnlySpan<byte> text)
    {
        if (!text.StartsWith("From "u8))
            return false;
        int end = text.IndexOfAny((byte)'\r', (byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? text : text[..end];
        for (int i = 7; i + 2 < line.Length; i++)
        {
            if (line[i] == ':' && IsDigit(line[i - 1]) && IsDigit(line[i - 2]) && IsDigit(line[i + 1]) && IsDigit(line[i + 2]))
                return true;
        }
        return false;
    }

    private static bool IsDigit(byte octet) => octet is >= (byte)'0' and <= (byte)'9';
}
