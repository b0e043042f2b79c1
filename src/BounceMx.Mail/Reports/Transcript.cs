using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>One reply of a transcript.</summary>
/// <param name="Command">What it answers; <c>null</c> for a line that the reporting MTA added itself.</param>
/// <param name="Code">The reply code.</param>
/// <param name="Text">The reply, all its lines, from the code on; still folded.</param>
/// <param name="IsRemote">Whether the remote MTA said it.</param>
internal readonly record struct TranscriptReply(string? Command, ReplyCode Code, ReadOnlyMemory<byte> Text, bool IsRemote);

/// <summary>
/// Reads the SMTP transcript that Sendmail and its kin put in the text part: <c>&gt;&gt;&gt; RCPT To:&lt;…&gt;</c>,
/// <c>&lt;&lt;&lt; 550-5.1.1 …</c>, and their own lines (<c>550 5.1.1 &lt;…&gt;... User unknown</c>, <c>… Deferred: 421</c>).
/// With PIPELINING the replies to RCPT stand under <c>&gt;&gt;&gt; DATA</c>; the last reply there is DATA's, the ones before it are RCPT's.
/// </summary>
internal static class Transcript
{
    /// <summary>More replies than this are not told apart.</summary>
    private const int MaxReplies = 128;

    /// <summary>Octets of a reply that are kept: it is searched for each of the recipients, of whom there may be 1,000.</summary>
    private const int MaxReplyOctets = 1024;

    /// <summary>Reads the replies in the order of the text, failures only.</summary>
    /// <param name="text">UTF-8.</param>
    public static List<TranscriptReply> Read(ReadOnlyMemory<byte> text)
    {
        var replies = new List<TranscriptReply>();
        var lines = new LineReader(text.Span);
        string? command = CommandText.Connect;
        int firstUnderData = -1;
        int openStart = -1;
        while (lines.MoveNext() && replies.Count < MaxReplies)
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (line.StartsWith("... while talking to"u8) || line.StartsWith(".... while talking to"u8))
            {
                command = CommandText.Connect;
            }
            else if (line.StartsWith(">>> "u8))
            {
                command = CommandText.OfLine(line[4..]);
                firstUnderData = command == CommandText.Data ? replies.Count : -1;
            }
            else if (line.StartsWith("<<< "u8))
            {
                int start = openStart >= 0 ? openStart : lines.Start + 4;
                bool goesOn = line.Length > 7 && line[7] == '-';
                openStart = goesOn ? start : -1;
                if (!goesOn && TryReply(text[start..(lines.Start + line.Length)], out ReplyCode code))
                {
                    if (firstUnderData >= 0)
                        PassToRcpt(replies, firstUnderData);
                    replies.Add(new TranscriptReply(command, code, Cut(text[start..(lines.Start + line.Length)]), IsRemote: true));
                }
            }
            else if (TryReply(text[lines.Start..(lines.Start + line.Length)], out ReplyCode code))
            {
                replies.Add(new TranscriptReply(null, code, Cut(text[lines.Start..(lines.Start + line.Length)]), IsRemote: false));
            }
        }

        return replies;
    }

    private static ReadOnlyMemory<byte> Cut(ReadOnlyMemory<byte> reply) => reply[..Math.Min(reply.Length, MaxReplyOctets)];

    private static void PassToRcpt(List<TranscriptReply> replies, int from)
    {
        for (int i = from; i < replies.Count; i++)
        {
            if (replies[i] is { IsRemote: true, Command: CommandText.Data })
                replies[i] = replies[i] with { Command = CommandText.Rcpt };
        }
    }

    private static bool TryReply(ReadOnlyMemory<byte> line, out ReplyCode code)
    {
        code = default;
        ReadOnlySpan<byte> text = line.Span;
        if (text.Length < 3 || text[0] is not ((byte)'4' or (byte)'5') || !Octets.IsDigit(text[1]) || !Octets.IsDigit(text[2]))
            return false;
        if (text.Length > 3 && text[3] is not ((byte)' ' or (byte)'-'))
            return false;
        code = new ReplyCode(((text[0] - '0') * 100) + ((text[1] - '0') * 10) + text[2] - '0');
        return true;
    }
}
