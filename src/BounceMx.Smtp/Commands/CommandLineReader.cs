using System.Buffers;

namespace BounceMx.Smtp.Commands;

/// <summary>
/// Takes command lines off a buffer (RFC 5321 section 2.3.8: only CR LF ends one) and reads them. A line over 2048 octets is swallowed to its
/// end and then refused, so that one command stays one reply; what has no end within 64 KiB, or holds a bare CR, bare LF or NUL,
/// ends the session: such a peer does not speak SMTP, or speaks it through somebody else (RFC 5321 section 4.1.1.4 on smuggling).
/// </summary>
internal sealed class CommandLineReader
{
    /// <summary>Octets of a line, CR LF included; RFC 5321 section 4.5.3.1.4 asks for 512, extensions for some hundreds more.</summary>
    public const int MaxLine = 2048;

    /// <summary>Octets without CR LF after which the connection is closed.</summary>
    public const int MaxEndlessLine = 64 * 1024;

    // Octets of the present line that are swallowed already; 0 as long as it may still be a good one.
    private int _swallowed;

    /// <summary>Takes one line off the buffer.</summary>
    /// <param name="buffer">What has arrived; moved behind the line.</param>
    /// <param name="command">The command.</param>
    /// <returns><c>false</c> when no complete line is there.</returns>
    public bool TryRead(ref ReadOnlySequence<byte> buffer, out SmtpCommand command)
    {
        var reader = new SequenceReader<byte>(buffer);
        bool isEnded = reader.TryAdvanceToAny("\r\n\0"u8, advancePastDelimiter: false);
        if (!isEnded || (reader.IsNext((byte)'\r') && reader.Remaining == 1))
            return !TryWaitForMore(ref buffer, isEnded ? reader.Consumed : buffer.Length, out command);
        ReadOnlySequence<byte> line = buffer.Slice(0, reader.Position);
        if (!reader.IsNext("\r\n"u8, advancePast: true))
            command = new SmtpCommand(SmtpVerb.Unknown, SmtpFault.BadLineEnd);
        else if (_swallowed + line.Length > MaxEndlessLine)
            command = new SmtpCommand(SmtpVerb.Unknown, SmtpFault.EndlessLine);
        else if (_swallowed + line.Length + 2 > MaxLine)
            command = new SmtpCommand(SmtpVerb.Unknown, SmtpFault.LineTooLong);
        else
            command = Parse(line);
        _swallowed = 0;
        buffer = buffer.Slice(reader.Position);
        return true;
    }

    private bool TryWaitForMore(ref ReadOnlySequence<byte> buffer, long length, out SmtpCommand command)
    {
        command = new SmtpCommand(SmtpVerb.Unknown, SmtpFault.EndlessLine);
        if (_swallowed + length + 2 <= MaxLine)
            return true;
        buffer = buffer.Slice(length);
        _swallowed = (int)Math.Min(_swallowed + length, MaxEndlessLine + 1);
        return _swallowed <= MaxEndlessLine;
    }

    private static SmtpCommand Parse(in ReadOnlySequence<byte> line)
    {
        if (line.IsSingleSegment)
            return SmtpCommandParser.Parse(line.FirstSpan);
        Span<byte> copy = stackalloc byte[(int)line.Length];
        line.CopyTo(copy);
        return SmtpCommandParser.Parse(copy);
    }
}
