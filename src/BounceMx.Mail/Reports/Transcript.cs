using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>One reply of a transcript.</summary>
/// <param name="Command">What it answers; <c>null</c> for a line that the reporting MTA added itself.</param>
/// <param name="Code">The reply code.</param>
/// <param name="Text">The reply, all its lines, from the code on; still folded.</param>
/// <param name="IsRemote">Whether the remote MTA said it.</param>
/// <param name="Recipient">Of whom it was said, where the transcript tells; else <c>null</c>.</param>
/// <param name="Host">Who said it; <c>null</c> where the transcript does not name the host.</param>
internal readonly record struct TranscriptReply(
    string? Command,
    ReplyCode Code,
    ReadOnlyMemory<byte> Text,
    bool IsRemote,
    string? Recipient = null,
    string? Host = null
);

/// <summary>
/// Reads the SMTP transcript that Sendmail and its kin put in the text part: <c>&gt;&gt;&gt; RCPT To:&lt;…&gt;</c>,
/// <c>&lt;&lt;&lt; 550-5.1.1 …</c>, and their own lines (<c>550 5.1.1 &lt;…&gt;... User unknown</c>), each about the remote reply above it; InterScan's
/// <c>Sent &lt;&lt;&lt;</c> and <c>Received &gt;&gt;&gt;</c>, too.
/// With PIPELINING the replies to RCPT stand under <c>&gt;&gt;&gt; DATA</c>; the last reply there is DATA's, the ones before it are RCPT's.
/// Sendmail 5 puts the sessions for all recipients into one transcript, and only its own lines tell them apart.
/// </summary>
internal ref struct Transcript
{
    /// <summary>More replies of one message are not told apart.</summary>
    public const int MaxReplies = 128;

    /// <summary>Octets of a reply that are kept: it is searched for each of the recipients, of whom there may be 1,000.</summary>
    private const int MaxReplyOctets = 1024;

    private const string Quit = "QUIT";

    private readonly ReadOnlyMemory<byte> _text;
    private readonly List<TranscriptReply> _replies;

    private string? _command;
    private string? _recipient;
    private string? _host;
    private int _firstUnderData;
    private int _openStart;

    /// <summary>The last remote reply, as long as no line of the reporting MTA says whom it was about; else -1.</summary>
    private int _unclaimed;

    private Transcript(ReadOnlyMemory<byte> text, List<TranscriptReply> replies)
    {
        (_text, _replies) = (text, replies);
        Begin(CommandText.Connect, recipient: null);
    }

    /// <summary>Reads the replies in the order of the text, failures only.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="replies">To which they are added.</param>
    public static void Read(ReadOnlyMemory<byte> text, List<TranscriptReply> replies)
    {
        var transcript = new Transcript(text, replies);
        var lines = new LineReader(text.Span);
        while (lines.MoveNext() && replies.Count < MaxReplies)
            transcript.Add(lines.Line, lines.Start);
    }

    private void Add(ReadOnlySpan<byte> line, int start)
    {
        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        start += line.Length - text.Length;
        if (text.TrimStart("."u8).TrimStart(" "u8).StartsWithIgnoreCase("while talking to"u8))
            BeginSession(text);
        else if (Behind(text, ">>> "u8, "Sent <<< "u8) is var sent and > 0)
            Begin(text[sent..]);
        else if (Behind(text, "<<< "u8, "Received >>> "u8) is var received and > 0)
            AddRemote(text, start, received);
        else if (text.Length == line.Length)
            AddOwn(text, start);
    }

    private static int Behind(ReadOnlySpan<byte> line, ReadOnlySpan<byte> arrow, ReadOnlySpan<byte> word)
    {
        if (line.StartsWith(arrow))
            return arrow.Length;
        return line.StartsWith(word) ? word.Length : 0;
    }

    private void Begin(ReadOnlySpan<byte> command)
    {
        string? name = CommandText.OfLine(command);
        if (command.StartsWithIgnoreCase("quit"u8) || command.StartsWithIgnoreCase("rset"u8))
            name = Quit;
        Begin(name, name == CommandText.Rcpt ? AddressText.Find(command, out _) : null);
        _firstUnderData = name == CommandText.Data ? _replies.Count : -1;
    }

    private void BeginSession(ReadOnlySpan<byte> line)
    {
        Begin(CommandText.Connect, recipient: null);
        _host = RemoteHost.Find(line);
    }

    private void Begin(string? command, string? recipient) =>
        (_command, _recipient, _firstUnderData, _openStart, _unclaimed) = (command, recipient, -1, -1, -1);

    private void AddRemote(ReadOnlySpan<byte> line, int start, int arrow)
    {
        int from = _openStart >= 0 ? _openStart : start + arrow;
        bool goesOn = line.Length > arrow + 3 && line[arrow + 3] == '-';
        _openStart = goesOn ? from : -1;
        // What is said to a QUIT tells nothing of the message.
        if (goesOn || _command == Quit || !TryReply(_text.Span[from..(start + line.Length)], out ReplyCode code))
            return;
        if (_firstUnderData >= 0)
            PassToRcpt();
        _unclaimed = _replies.Count;
        _replies.Add(new TranscriptReply(_command, code, Cut(from, start + line.Length), IsRemote: true, _recipient, _host));
    }

    /// <summary>A line of the reporting MTA: <c>550 5.1.1 &lt;address&gt;... what it makes of the reply</c>.</summary>
    private void AddOwn(ReadOnlySpan<byte> line, int start)
    {
        bool hasCode = TryReply(line, out ReplyCode code);
        int dots = line.IndexOf("... "u8);
        string? recipient = hasCode && dots > 0 ? AddressText.Find(line[..dots], out _) : null;
        if (recipient is not null && _unclaimed >= 0)
        {
            _replies[_unclaimed] = _replies[_unclaimed] with { Recipient = recipient };
            _unclaimed = -1;
        }

        if (!hasCode)
            return;
        // Sendmail 5 repeats behind its own code the one that tells: 554 <a@b.test>... 550 Host unknown
        int from = start;
        if (recipient is not null && TryReply(line[(dots + 4)..], out ReplyCode inner))
            (code, from) = (inner, start + dots + 4);
        _replies.Add(new TranscriptReply(null, code, Cut(from, start + line.Length), IsRemote: false, recipient));
    }

    private ReadOnlyMemory<byte> Cut(int from, int to) => _text[from..Math.Min(to, from + MaxReplyOctets)];

    private void PassToRcpt()
    {
        for (int i = _firstUnderData; i < _replies.Count; i++)
        {
            if (_replies[i] is { IsRemote: true, Command: CommandText.Data })
                _replies[i] = _replies[i] with { Command = CommandText.Rcpt };
        }
    }

    private static bool TryReply(ReadOnlySpan<byte> text, out ReplyCode code)
    {
        code = default;
        if (text.Length < 3 || text[0] is not ((byte)'4' or (byte)'5') || !Octets.IsDigit(text[1]) || !Octets.IsDigit(text[2]))
            return false;
        if (text.Length > 3 && text[3] is not ((byte)' ' or (byte)'-'))
            return false;
        code = new ReplyCode(((text[0] - '0') * 100) + ((text[1] - '0') * 10) + text[2] - '0');
        return true;
    }
}
