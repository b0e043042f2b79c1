using System.Buffers;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp;

/// <summary>
/// Takes a message off the octets that follow a 354 (RFC 5321 sections 4.1.1.4 and 4.5.2). It ends at CR LF . CR LF, or at . CR LF as the
/// first octets, and nowhere else; one dot is removed behind CR LF and at the start; everything else is content, octet for octet.
/// Where the content goes, and whether it is too much, is the affair of the <see cref="MessageBuffer"/>.
/// Lines have no limit and no buffer. The state between two octets is one enum, so it does not matter how the input is cut.
/// </summary>
internal sealed class DataReader(MessageBuffer body) : IBodyReader
{
    // Where the next octet stands.
    private enum State : byte
    {
        LineStart,

        /// <summary>Behind a line's first dot, which is not kept.</summary>
        Dot,

        /// <summary>Behind a line's first dot and a CR; whether the CR is kept is still open.</summary>
        DotCr,

        /// <summary>Within a line.</summary>
        Text,

        /// <summary>Behind a CR that is kept.</summary>
        Cr,
    }

    private const byte Cr = (byte)'\r';
    private const byte Lf = (byte)'\n';

    private State _state;

    /// <inheritdoc/>
    public bool IsComplete { get; private set; }

    /// <inheritdoc/>
    public void Read(ref ReadOnlySequence<byte> buffer)
    {
        long consumed = 0;
        foreach (ReadOnlyMemory<byte> memory in buffer)
        {
            IsComplete = Read(memory.Span, out int taken);
            consumed += taken;
            if (IsComplete)
                break;
        }
        buffer = buffer.Slice(consumed);
    }

    // Whether the end was among the octets.
    private bool Read(ReadOnlySpan<byte> input, out int taken)
    {
        // input[run..at] is to be kept, but not yet; it grows until an octet must be left out.
        int run = 0;
        int at = 0;
        while (at < input.Length)
        {
            switch (_state)
            {
                case State.LineStart when input[at] == '.':
                    body.Append(input[run..at]);
                    run = ++at;
                    _state = State.Dot;
                    break;
                case State.Dot when input[at] == Cr:
                    run = ++at;
                    _state = State.DotCr;
                    break;
                case State.DotCr when input[at] == Lf:
                    taken = at + 1;
                    return true;
                case State.DotCr:
                    body.Append("\r"u8);
                    _state = State.Cr;
                    break;
                case State.Cr when input[at] == Lf:
                    at++;
                    _state = State.LineStart;
                    break;
                default:
                    at += ReadText(input[at..]);
                    break;
            }
        }
        body.Append(input[run..]);
        taken = at;
        return false;
    }

    // To the next dot that begins a line, or to the end: many lines at a time.
    private int ReadText(ReadOnlySpan<byte> input)
    {
        int length = input.IndexOf("\r\n."u8);
        if (length >= 0)
        {
            _state = State.LineStart;
            return length + 2;
        }
        _state =
            input.EndsWith("\r\n"u8) ? State.LineStart
            : input[^1] == Cr ? State.Cr
            : State.Text;
        return input.Length;
    }
}
