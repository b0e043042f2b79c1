namespace BounceMx.Mail.Classification;

/// <summary>
/// A diagnostic as the rules see it.
/// <para>Does: join the lines of a multi-line reply into one sentence, without the codes that each line repeats; make one space of white space
/// and control characters; find the enhanced status code.</para>
/// <para>Does not: fold case (the search does), or allocate.</para>
/// <para>Standards: RFC 5321 section 4.2.1 (multi-line replies), RFC 2034 section 4 (the enhanced code repeats on each line).</para>
/// </summary>
internal static class NormalizedText
{
    /// <summary>Characters that are looked at; a diagnostic has at most 1 KiB.</summary>
    public const int MaxLength = 1024;

    /// <summary>Writes what the rules see to <paramref name="output"/>, which is at least as long as the part of <paramref name="text"/> that is looked at.</summary>
    /// <returns>How much was written.</returns>
    public static int Normalize(ReadOnlySpan<char> text, Span<char> output)
    {
        text = text[..Math.Min(text.Length, Math.Min(MaxLength, output.Length))];
        ReadOnlySpan<char> reply = default;
        ReadOnlySpan<char> status = default;
        int written = 0;
        bool wordStart = true;
        for (int at = 0; at < text.Length; )
        {
            if (wordStart && text[at] is '4' or '5' && IsReply(text[at..], reply))
            {
                if (reply.IsEmpty)
                {
                    reply = text.Slice(at, 3);
                    status = text.Slice(at + 4, StatusLength(text[(at + 4)..]));
                }
                else
                {
                    at += 4;
                    if (!status.IsEmpty && text[at..].StartsWith(status))
                        at += status.Length;
                    continue;
                }
            }
            char c = text[at++];
            wordStart = c <= ' ' || char.IsControl(c);
            if (!wordStart)
                output[written++] = c;
            else if (written > 0 && output[written - 1] != ' ')
                output[written++] = ' ';
        }
        return written > 0 && output[written - 1] == ' ' ? written - 1 : written;
    }

    /// <summary>
    /// The first enhanced status code that stands as a word of its own and means one thing, or else the first at all (4.92.3 may be a version): gateways put a generic code of theirs
    /// before the reply that they quote. <c>null</c> when there is none.
    /// </summary>
    public static EnhancedStatusCode? FindStatus(ReadOnlySpan<char> text)
    {
        EnhancedStatusCode? first = null;
        for (int at = 0; at < text.Length; at++)
        {
            int dot = text[at..].IndexOf('.');
            if (dot < 0)
                break;
            at += dot;
            if (at == 0 || (at > 1 && (char.IsAsciiLetterOrDigit(text[at - 2]) || text[at - 2] is '.' or '_' or '/')))
                continue;
            if (StatusLength(text[(at - 1)..]) == 0)
                continue;
            EnhancedStatusCode code = Parse(text[(at - 1)..]);
            if (!StatusTable.IsGeneric(code) && StatusTable.Find(code) is not null)
                return code;
            first ??= code;
        }
        return first;
    }

    /// <summary>
    /// Whether a line of a multi-line reply begins here: <c>550-</c> at first, then <c>550-</c> or <c>550 </c> with the same code.
    /// </summary>
    private static bool IsReply(ReadOnlySpan<char> text, ReadOnlySpan<char> reply)
    {
        if (text.Length < 4)
            return false;
        if (!reply.IsEmpty)
            return text[3] is '-' or ' ' && text.StartsWith(reply);
        return text[0] is '4' or '5' && char.IsAsciiDigit(text[1]) && char.IsAsciiDigit(text[2]) && text[3] == '-';
    }

    /// <summary>The length of an enhanced status code at the start of <paramref name="text"/>; 0 when there is none.</summary>
    private static int StatusLength(ReadOnlySpan<char> text)
    {
        if (text.Length < 5 || text[0] is not ('2' or '4' or '5') || text[1] != '.')
            return 0;
        int subject = Digits(text[2..]);
        if (subject == 0 || text.Length <= 2 + subject || text[2 + subject] != '.')
            return 0;
        int detail = Digits(text[(3 + subject)..]);
        int length = 3 + subject + detail;
        bool goesOn =
            length < text.Length && (char.IsAsciiLetterOrDigit(text[length]) || (text[length] == '.' && Digits(text[(length + 1)..]) > 0));
        return detail == 0 || goesOn ? 0 : length;
    }

    private static EnhancedStatusCode Parse(ReadOnlySpan<char> text)
    {
        int subject = Digits(text[2..]);
        return new EnhancedStatusCode(
            text[0] - '0',
            Number(text.Slice(2, subject)),
            Number(text.Slice(3 + subject, Digits(text[(3 + subject)..])))
        );
    }

    /// <summary>How many digits stand at the start, at most 3: a fourth belongs to no code.</summary>
    private static int Digits(ReadOnlySpan<char> text)
    {
        int count = 0;
        while (count < text.Length && count < 3 && char.IsAsciiDigit(text[count]))
            count++;
        return count;
    }

    private static int Number(ReadOnlySpan<char> digits)
    {
        int number = 0;
        foreach (char digit in digits)
            number = (number * 10) + digit - '0';
        return number;
    }
}
