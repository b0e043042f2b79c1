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
        "original message:",
        "your original message was as follows",
        "returned content"
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

    /// <summary>Where the text for people ends and the original, or its announcement, begins; -1 when nothing is pasted in.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="header">Where the header of the original begins.</param>
    public static int Find(ReadOnlySpan<byte> text, out int header)
    {
        char[] rented = ArrayPool<char>.Shared.Rent(text.Length);
        Span<char> widened = rented.AsSpan(0, text.Length);
        Encoding.Latin1.GetChars(text, widened);
        int field = FirstField(widened);
        int announcement = _announcements.IndexIn(field < 0 ? widened : widened[..field]);
        ArrayPool<char>.Shared.Return(rented);
        header = field;
        if (announcement < 0)
            return field;
        int line = text[..announcement].LastIndexOfAny((byte)'\r', (byte)'\n') + 1;
        header = HeaderBehind(text, announcement);
        return line;
    }

    private static int FirstField(ReadOnlySpan<char> text)
    {
        int from = 0;
        while (_firstFields.IndexIn(text[from..]) is var found and >= 0)
        {
            int at = from + found;
            if (at == 0 || text[at - 1] is '\r' or '\n')
                return at;
            from = at + 1;
        }

        return -1;
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
