using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds the original message where it is pasted into the text instead of being a part: behind a line such as qmail's
/// <c>--- Below this line is a copy of the message.</c>, or where a header begins all of a sudden.
/// </summary>
internal static class InlineOriginal
{
    /// <summary>Parts of the lines that announce the original.</summary>
    private static readonly byte[][] _announcements =
    [
        "below this line is a copy of"u8.ToArray(),
        "this is a copy of your message"u8.ToArray(),
        "this is a copy of the message"u8.ToArray(),
        "this is a copy of the headers"u8.ToArray(),
        "copy of the message follows"u8.ToArray(),
        "original message follows"u8.ToArray(),
        "original message headers"u8.ToArray(),
        "original message header"u8.ToArray(),
        "original mail as follows"u8.ToArray(),
        "returned message follows"u8.ToArray(),
        "unsent message follows"u8.ToArray(),
        "message header follows"u8.ToArray(),
        "message headers follow"u8.ToArray(),
        "message text follows"u8.ToArray(),
        "undelivered message follows"u8.ToArray(),
        "header of the original message"u8.ToArray(),
        "the header of the message"u8.ToArray(),
        "----- original message -----"u8.ToArray(),
        "original message:"u8.ToArray(),
        "your original message was as follows"u8.ToArray(),
        "returned content"u8.ToArray(),
    ];

    /// <summary>Fields with which the header of a delivered message begins.</summary>
    private static readonly byte[][] _firstFields =
    [
        "received:"u8.ToArray(),
        "return-path:"u8.ToArray(),
        "dkim-signature:"u8.ToArray(),
        "x-received:"u8.ToArray(),
        "message-id:"u8.ToArray(),
        "mime-version:"u8.ToArray(),
    ];

    /// <summary>Where the text for people ends and the original, or its announcement, begins; -1 when nothing is pasted in.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="header">Where the header of the original begins.</param>
    public static int Find(ReadOnlySpan<byte> text, out int header)
    {
        var lines = new LineReader(text);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (StartsWithAny(line, _firstFields))
            {
                header = lines.Start;
                return lines.Start;
            }

            if (line.Length is > 10 and < 120 && line.ContainsAny(_announcements))
            {
                int end = lines.Start;
                header = lines.Next;
                while (lines.MoveNext() && HeaderBlock.FieldNameLength(lines.Line, out _) == 0)
                    header = lines.Next;
                return end;
            }
        }

        header = -1;
        return -1;
    }

    private static bool StartsWithAny(ReadOnlySpan<byte> line, byte[][] prefixes)
    {
        foreach (byte[] prefix in prefixes)
        {
            if (line.StartsWithIgnoreCase(prefix))
                return true;
        }

        return false;
    }
}
