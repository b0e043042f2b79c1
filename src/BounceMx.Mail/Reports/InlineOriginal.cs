using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds the original message where it is pasted into the text instead of being a part: behind a line such as qmail's
/// <c>--- Below this line is a copy of the message.</c>, or where a header begins all of a sudden.
/// </summary>
internal static class InlineOriginal
{
    /// <summary>How many sentences are held to be an announcement at first.</summary>
    private const int MaxHints = 8;

    /// <summary>How many lines behind one are looked at.</summary>
    private const int MaxLooked = 6;

    /// <summary>Parts of the lines that announce the original.</summary>
    private static readonly Phrases _announcements = new(
        "below this line is a copy of",
        "this is a copy of your message",
        "this is a copy of the message",
        "this is a copy of the headers",
        "copy of the message follows",
        "original message follows",
        "original message headers",
        "original message header",
        "original mail as follows",
        "returned message follows",
        "unsent message follows",
        "message header follows",
        "message headers follow",
        "message text follows",
        "undelivered message follows",
        "header of the original message",
        "the header of the message",
        "----- original message -----",
        "your original message was as follows",
        "returned content"
    );

    /// <summary>The same, in words that may also stand in a sentence: a header must follow.</summary>
    private static readonly Phrases _hints = new(
        "returned message",
        "original mail",
        "original message",
        "copy of your message",
        "copy of the message",
        "message headers",
        "message non-deliverable",
        "original headers",
        "ursprüngliche nachricht",
        "originalnachricht",
        "message d'origine",
        "message original",
        "mensaje original",
        "mensagem original",
        "messaggio originale",
        "oorspronkelijk bericht",
        "исходное сообщение",
        "исходного сообщения",
        "元のメッセージ",
        "元のメール",
        "原邮件",
        "原始邮件",
        "原始郵件"
    );

    /// <summary>Fields with which the header of a delivered message begins.</summary>
    private static readonly Phrases _firstFields = new(
        "received:",
        "return-path:",
        "dkim-signature:",
        "x-received:",
        "message-id:",
        "mime-version:"
    );

    /// <summary>How the fields begin that stand next to those; a summary goes on with <c>Recipient:</c> and the like.</summary>
    private static readonly byte[][] _nextFields =
    [
        "received:"u8.ToArray(),
        "return-path:"u8.ToArray(),
        "delivered-to:"u8.ToArray(),
        "from:"u8.ToArray(),
        "sender:"u8.ToArray(),
        "reply-to:"u8.ToArray(),
        "to:"u8.ToArray(),
        "cc:"u8.ToArray(),
        "date:"u8.ToArray(),
        "subject:"u8.ToArray(),
        "message-id:"u8.ToArray(),
        "references:"u8.ToArray(),
        "in-reply-to:"u8.ToArray(),
        "mime-version:"u8.ToArray(),
        "user-agent:"u8.ToArray(),
        "content-"u8.ToArray(),
        "thread-"u8.ToArray(),
        "list-"u8.ToArray(),
        "dkim-"u8.ToArray(),
        "arc-"u8.ToArray(),
        "x-"u8.ToArray(),
    ];

    /// <summary>Where the text for people ends and the original, or its announcement, begins; -1 when nothing is pasted in.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="header">Where the header of the original begins.</param>
    public static int Find(ReadOnlySpan<byte> text, out int header)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        Span<char> widened = rented.AsSpan(0, text.Length);
        Encoding.Latin1.GetChars(text, widened);
        int field = FirstField(widened, text);
        ReadOnlySpan<char> before = field < 0 ? widened : widened[..field];
        int announcement = _announcements.IndexIn(before);
        if (announcement < 0)
            announcement = Hint(before, text);
        ArrayPool<char>.Shared.Return(rented);
        header = field;
        if (announcement < 0)
            return field;
        int line = text[..announcement].LastIndexOfAny((byte)'\r', (byte)'\n') + 1;
        header = HeaderBehind(text, announcement);
        return line;
    }

    private static int FirstField(ReadOnlySpan<char> text, ReadOnlySpan<byte> octets)
    {
        int from = 0;
        while (_firstFields.IndexIn(text[from..]) is var found and >= 0)
        {
            int at = from + found;
            // Some indent it, or quote it; but they also indent a summary, with its Message-ID.
            bool isTrace = text[at] is 'R' or 'r';
            int line = isTrace ? text[..at].LastIndexOfAnyExcept(" \t>") + 1 : at;
            bool isField = line == 0 || text[line - 1] is '\r' or '\n';
            if (isField && (text[at] is not ('M' or 'm') || GoesOnAsHeader(octets[line..])))
                return line;
            from = at + 1;
        }

        return -1;
    }

    /// <summary>Whether the two fields behind the first are such as a delivered message has.</summary>
    private static bool GoesOnAsHeader(ReadOnlySpan<byte> text)
    {
        var lines = new LineReader(text);
        int fields = 0;
        lines.MoveNext();
        for (int looked = 0; fields < 2 && looked < MaxLooked && lines.MoveNext(); looked++)
        {
            if (IsOfDelivered(lines.Line))
                fields++;
            else if (lines.Line is not [(byte)' ' or (byte)'\t', ..])
                return false;
        }

        return fields == 2;
    }

    private static bool IsOfDelivered(ReadOnlySpan<byte> field)
    {
        foreach (byte[] start in _nextFields)
        {
            if (field.StartsWithIgnoreCase(start))
                return true;
        }

        return false;
    }

    private static int Hint(ReadOnlySpan<char> widened, ReadOnlySpan<byte> text)
    {
        int from = 0;
        for (int tried = 0; tried < MaxHints && _hints.IndexIn(widened[from..]) is var found and >= 0; tried++)
        {
            ReadOnlySpan<byte> hint = text[(from + found)..];
            if (!IsLabel(hint) && IsFollowedByHeader(hint))
                return from + found;
            from += found + 1;
        }

        return -1;
    }

    /// <summary>Whether a value stands behind the hint, <c>Subject of your original message: Hello</c>: it announces nothing else.</summary>
    private static bool IsLabel(ReadOnlySpan<byte> hint)
    {
        var lines = new LineReader(hint);
        lines.MoveNext();
        return lines.Line.IndexOf(": "u8) is var colon and > 0 && !lines.Line[colon..].TrimStart(" :\t-=*"u8).IsEmpty;
    }

    /// <summary>Whether the next line but for dashes is a header field, and the one behind it, too.</summary>
    private static bool IsFollowedByHeader(ReadOnlySpan<byte> text)
    {
        var lines = new LineReader(text);
        int fields = 0;
        lines.MoveNext();
        for (int looked = 0; fields < 2 && looked < MaxLooked && lines.MoveNext(); looked++)
        {
            ReadOnlySpan<byte> line = lines.Line.TrimStart(" \t>"u8);
            if (HeaderBlock.FieldNameLength(line, out _) > 0)
                fields++;
            else if (!line.IsEmpty && (fields > 0 || line[0] is not ((byte)'-' or (byte)'=' or (byte)'*')))
                return false;
        }

        return fields == 2;
    }

    /// <summary>The first line behind an announcement that is a header field.</summary>
    private static int HeaderBehind(ReadOnlySpan<byte> text, int announcement)
    {
        var lines = new LineReader(text[announcement..]);
        lines.MoveNext();
        while (lines.MoveNext())
        {
            if (HeaderBlock.FieldNameLength(lines.Line, out _) > 0)
                return announcement + lines.Start;
        }

        return text.Length;
    }
}
