using System.Buffers;

namespace BounceMx.Smtp;

/// <summary>
/// Takes a message off the octets that follow a 354 (RFC 5321 sections 4.1.1.4 and 4.5.2). It ends at CR LF . CR LF, or at . CR LF as the
/// first octets, and nowhere else; one dot is removed behind CR LF and at the start; everything else is kept octet for octet.
/// It marks bare CR and LF but changes none. A message over the limit is read to its end without being kept.
/// Lines have no limit and no buffer. The state between two octets is one enum, so it does not matter how the input is cut.
/// </summary>
internal sealed class DataReader(long maxLength) : IDisposable
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

    private readonly PooledOctets _kept = new();
    private State _state;

    /// <summary>Octets of the message so far, without removed dots, kept or not.</summary>
    public long Length { get; private set; }

    /// <summary>Whether the message is over the limit.</summary>
    public bool IsTooLarge => Length > maxLength;

    /// <summary>Whether a CR or LF stood alone.</summary>
    public bool HasBareLineEnds { get; private set; }

    /// <summary>The message, in an array of its own. Of use only at its end, and when it is not too large.</summary>
    public byte[] ToArray() => _kept.ToArray();

    /// <summary>Makes ready for the next message.</summary>
    public void Reset()
    {
        _kept.Clear();
        _state = State.LineStart;
        Length = 0;
        HasBareLineEnds = false;
    }

    /// <inheritdoc/>
    public void Dispose() => _kept.Clear();

    /// <summary>Reads on.</summary>
    /// <param name="buffer">What has arrived; moved behind what was taken: all of it, or up to the end of the message.</param>
    /// <returns>Whether the message is complete.</returns>
    public bool Read(ref ReadOnlySequence<byte> buffer)
    {
        long consumed = 0;
        bool isComplete = false;
        foreach (ReadOnlyMemory<byte> memory in buffer)
        {
            isComplete = Read(memory.Span, out int taken);
            consumed += taken;
            if (isComplete)
                break;
        }
        buffer = buffer.Slice(consumed);
        return isComplete;
    }

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
                    Keep(input[run..at]);
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
                    Keep("\r"u8);
                    _state = State.Cr;
                    break;
                case State.Cr when input[at] == Lf:
                    at++;
                    _state = State.LineStart;
                    break;
                case State.Cr:
                    HasBareLineEnds = true;
                    _state = State.Text;
                    break;
                default:
                    at = ReadText(input, at);
                    break;
            }
        }
        Keep(input[run..]);
        taken = at;
        return false;
    }

    // To behind the next CR or LF: whole lines at a time.
    private int ReadText(ReadOnlySpan<byte> input, int at)
    {
        int length = input[at..].IndexOfAny(Cr, Lf);
        if (length < 0)
        {
            _state = State.Text;
            return input.Length;
        }
        at += length;
        HasBareLineEnds |= input[at] == Lf;
        _state = input[at] == Cr ? State.Cr : State.Text;
        return at + 1;
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        Length += octets.Length;
        if (IsTooLarge)
            _kept.Clear();
        else
            _kept.Append(octets);
    }
}
