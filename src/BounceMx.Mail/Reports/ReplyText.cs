using System.Buffers;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds the SMTP reply code and the enhanced status code in a diagnostic or in prose (RFC 5321 section 4.2, RFC 3463, RFC 2034).
/// Three digits are a reply code only where a reply would start: at the start of a line, before an enhanced code, or behind a colon,
/// quote, bracket or a word such as <c>said</c>; never within an address, a port, a date or a size.
/// </summary>
internal static class ReplyText
{
    /// <summary>Octets of the longest enhanced status code, <c>5.nnn.nnn</c>, and some.</summary>
    private const int MaxStatus = 11;

    private static readonly byte[][] _leads =
    [
        "said"u8.ToArray(),
        "code"u8.ToArray(),
        "responsecode"u8.ToArray(),
        "answered"u8.ToArray(),
        "replied"u8.ToArray(),
        "saying"u8.ToArray(),
        "with"u8.ToArray(),
        "status"u8.ToArray(),
        "smtp"u8.ToArray(),
        "got"u8.ToArray(),
        "error"u8.ToArray(),
        "reply"u8.ToArray(),
        "response"u8.ToArray(),
        "responded"u8.ToArray(),
        "responded with"u8.ToArray(),
        "returned"u8.ToArray(),
        "deferred"u8.ToArray(),
        "was"u8.ToArray(),
        "is"u8.ToArray(),
    ];

    private static readonly SearchValues<byte> _hexDigits = SearchValues.Create("0123456789ABCDEF"u8);

    private static readonly SearchValues<byte> _beforeStatus = SearchValues.Create(" \t\r\n;:("u8);

    /// <summary>What is counted is no reply: <c>250 bytes</c>.</summary>
    private static readonly byte[][] _units =
    [
        "bytes"u8.ToArray(),
        "octets"u8.ToArray(),
        "kb"u8.ToArray(),
        "mb"u8.ToArray(),
        "seconds"u8.ToArray(),
        "minutes"u8.ToArray(),
        "hours"u8.ToArray(),
        "days"u8.ToArray(),
        "messages"u8.ToArray(),
        "recipients"u8.ToArray(),
        "emails"u8.ToArray(),
        "mails"u8.ToArray(),
        "users"u8.ToArray(),
        "lines"u8.ToArray(),
        "attempts"u8.ToArray(),
        "characters"u8.ToArray(),
        "eur"u8.ToArray(),
        "usd"u8.ToArray(),
        "gbp"u8.ToArray(),
        "chf"u8.ToArray(),
        "dollar"u8.ToArray(),
        "pounds"u8.ToArray(),
        "€"u8.ToArray(),
        "$"u8.ToArray(),
        "£"u8.ToArray(),
    ];

    /// <summary>Finds the first failure reply, 4yz or 5yz; a 2yz only where the text starts with it.</summary>
    /// <param name="text">UTF-8; may be folded.</param>
    /// <param name="code">The code.</param>
    /// <param name="at">Where it stands.</param>
    public static bool TryFind(ReadOnlySpan<byte> text, out ReplyCode code, out int at)
    {
        at = 0;
        if (text.Length >= 3 && text[0] == '2' && IsReply(text, 0))
        {
            code = CodeAt(text, 0);
            return true;
        }

        for (; at + 3 <= text.Length; at++)
        {
            int found = text[at..].IndexOfAny((byte)'4', (byte)'5');
            if (found < 0 || at + found + 3 > text.Length)
                break;
            at += found;
            if (IsReply(text, at))
            {
                code = CodeAt(text, at);
                return true;
            }
        }

        code = default;
        at = -1;
        return false;
    }

    /// <summary>
    /// Finds the enhanced status code that belongs to a reply: right behind its code, else the first in the text of the same class.
    /// </summary>
    /// <param name="text">UTF-8; may be folded.</param>
    /// <param name="reply">Where the reply code stands in the text; -1 when there is none.</param>
    /// <param name="status">The code.</param>
    /// <param name="isBehindReply">Whether the server that replied said it, rather than somebody else in the text.</param>
    public static bool TryFindStatus(ReadOnlySpan<byte> text, int reply, out EnhancedStatusCode status, out bool isBehindReply)
    {
        status = default;
        isBehindReply = reply >= 0 && TryStatusBehind(text[(reply + 3)..], text[reply], out status);
        if (isBehindReply)
            return true;
        for (int at = 0; at + 5 <= text.Length; at++)
        {
            int found = text[at..].IndexOfAny((byte)'2', (byte)'4', (byte)'5');
            if (found < 0)
                break;
            at += found;
            if (
                (at == 0 || !IsWordOrDot(text[at - 1]))
                && EnhancedStatusCode.TryParsePrefix(text[at..], out status, out int length)
                && (at + length == text.Length || !IsWord(text[at + length]))
                && (reply < 0 || text[reply] == text[at])
            )
                return true;
        }

        status = default;
        return false;
    }

    private static ReplyCode CodeAt(ReadOnlySpan<byte> text, int at) =>
        new(((text[at] - '0') * 100) + ((text[at + 1] - '0') * 10) + text[at + 2] - '0');

    private static bool IsReply(ReadOnlySpan<byte> text, int at)
    {
        if (!Octets.IsDigit(text[at + 1]) || !Octets.IsDigit(text[at + 2]) || (at > 0 && IsWordOrDot(text[at - 1])))
            return false;
        ReadOnlySpan<byte> after = text[(at + 3)..];
        if (
            !after.IsEmpty
            && (IsWord(after[0]) || (after[0] == '.' && after.Length > 1 && Octets.IsDigit(after[1])) || after[0] is (byte)'@')
        )
            return false;
        if (TryStatusBehind(after, text[at], out _))
            return true;
        // IronPort quotes what it was told: 550-'Unknown user …'.
        if (after.StartsWith("-'"u8) || after.StartsWith("-\""u8))
            return true;
        ReadOnlySpan<byte> before = text[..at];
        return IsReplyPosition(before) && !StartsWithUnit(after);
    }

    private static bool TryStatusBehind(ReadOnlySpan<byte> after, byte replyClass, out EnhancedStatusCode status)
    {
        status = default;
        after = after[..Math.Min(after.Length, 24)].TrimStart(" -#:([\t'\""u8);
        return after.Length > 0 && after[0] == replyClass && EnhancedStatusCode.TryParsePrefix(after, out status, out _);
    }

    private static bool IsReplyPosition(ReadOnlySpan<byte> before)
    {
        // A reply in quotes or brackets, on a line of its own, behind an Exchange '#', or behind a transcript's arrows.
        before = before.TrimEnd(" \t"u8);
        while (before.EndsWith("\u3000"u8))
            before = before[..^3].TrimEnd(" \t"u8);
        if (
            before.IsEmpty
            || before[^1] is (byte)'\n' or (byte)'\r' or (byte)'#' or (byte)'"' or (byte)'\'' or (byte)'(' or (byte)'[' or (byte)'<'
        )
            return true;
        if (before[^1] is (byte)':' or (byte)';' or (byte)'=' or (byte)'>' || before.EndsWith("],"u8) || before.EndsWith(">,"u8))
            return true;
        if (StatusBefore(before) > 0 || EndsInWideMark(before) || EndsInErrorNumber(before))
            return true;
        foreach (byte[] lead in _leads)
        {
            if (before.Length < lead.Length || !before[^lead.Length..].StartsWithIgnoreCase(lead))
                continue;
            if (before.Length == lead.Length || !IsWord(before[^(lead.Length + 1)]))
                return true;
        }

        return false;
    }

    /// <summary>Whether a text ends in the colon, bracket or quotation mark of Chinese and Japanese prose.</summary>
    private static bool EndsInWideMark(ReadOnlySpan<byte> text) =>
        text[^1] >= 0x80
        && (text.EndsWith("："u8) || text.EndsWith("（"u8) || text.EndsWith("「"u8) || text.EndsWith("『"u8) || text.EndsWith("“"u8));

    /// <summary>Whether a text ends in the number of an error, as Exchange 5.5 writes it before a remote reply: <c>(000B09B6)</c>.</summary>
    private static bool EndsInErrorNumber(ReadOnlySpan<byte> text) =>
        text.Length >= 10 && text[^1] == ')' && text[^10] == '(' && text[^9..^1].IndexOfAnyExcept(_hexDigits) < 0;

    /// <summary>How much of the text up to a reply the enhanced code takes that some put first, <c>5.1.1 550 user unknown</c>; 0 when there is none.</summary>
    public static int StatusBefore(ReadOnlySpan<byte> before)
    {
        ReadOnlySpan<byte> text = before.TrimEnd(" \t"u8);
        int blanks = before.Length - text.Length;
        // No further back than a code reaches: this is asked wherever three digits stand.
        text = text[^Math.Min(text.Length, MaxStatus + 1)..];
        text = text[(text.LastIndexOfAny(_beforeStatus) + 1)..];
        return text.Length is >= 5 and <= MaxStatus && EnhancedStatusCode.TryParse(text, out _) ? text.Length + blanks : 0;
    }

    private static bool StartsWithUnit(ReadOnlySpan<byte> after)
    {
        if (after.IsEmpty || after[0] != ' ')
            return false;
        foreach (byte[] unit in _units)
        {
            if (after[1..].StartsWithIgnoreCase(unit))
                return true;
        }

        return false;
    }

    private static bool IsWord(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == '_';

    private static bool IsWordOrDot(byte c) => IsWord(c) || c is (byte)'.' or (byte)'-' or (byte)'@' or (byte)'+' or (byte)'/';
}
