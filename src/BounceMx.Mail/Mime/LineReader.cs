namespace BounceMx.Mail.Mime;

/// <summary>
/// Walks over the lines of a text without copying one. CRLF, LF, a bare CR and the doubled CR CR LF that some gateways make
/// all end a line, so that the three line-end copies of one message read the same.
/// </summary>
/// <param name="text">Any octets.</param>
internal ref struct LineReader(ReadOnlySpan<byte> text)
{
    private readonly ReadOnlySpan<byte> _text = text;

    /// <summary>The current line without its end.</summary>
    public ReadOnlySpan<byte> Line { get; private set; }

    /// <summary>Where the current line starts.</summary>
    public int Start { get; private set; }

    /// <summary>Where the next line starts.</summary>
    public int Next { get; private set; }

    /// <summary>Steps to the next line.</summary>
    /// <returns><c>false</c> at the end of the text; a line end at the very end opens no further, empty line.</returns>
    public bool MoveNext()
    {
        Start = Next;
        if (Start >= _text.Length)
        {
            Line = default;
            return false;
        }

        ReadOnlySpan<byte> rest = _text[Start..];
        int length = rest.IndexOfAny((byte)'\r', (byte)'\n');
        if (length < 0)
            length = rest.Length;
        Line = rest[..length];
        Next = Start + length + EndLength(rest[length..]);
        return true;
    }

    /// <summary>How many octets the line end takes that <paramref name="text"/> starts with; 0 when it starts with none.</summary>
    public static int EndLength(ReadOnlySpan<byte> text) =>
        text switch
        {
            [(byte)'\n', ..] => 1,
            [(byte)'\r', (byte)'\n', ..] => 2,
            [(byte)'\r', (byte)'\r', (byte)'\n', ..] => 3,
            [(byte)'\r', ..] => 1,
            _ => 0,
        };

    /// <summary>Cuts the one line end that <paramref name="text"/> may close with.</summary>
    public static int LengthWithoutEnd(ReadOnlySpan<byte> text) =>
        text switch
        {
            [.., (byte)'\r', (byte)'\r', (byte)'\n'] => text.Length - 3,
            [.., (byte)'\r', (byte)'\n'] => text.Length - 2,
            [.., (byte)'\n' or (byte)'\r'] => text.Length - 1,
            _ => text.Length,
        };
}
