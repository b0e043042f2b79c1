using System.Text;

namespace BounceMx.Cli;

/// <summary>
/// Reads lines that end in LF or CRLF, and nowhere else: a lone CR stays in its line, as it does for <c>paste</c> and all that counts lines.
/// Of a line without an end no more is kept than <see cref="MaxLength"/>.
/// </summary>
internal sealed class LineReader(TextReader input)
{
    /// <summary>Characters of a line.</summary>
    public const int MaxLength = 64 * 1024;

    private readonly char[] _buffer = new char[16 * 1024];
    private readonly StringBuilder _line = new();
    private int _start;
    private int _end;

    /// <summary>The next line; empty when it is too long; <c>null</c> at the end.</summary>
    public string? Read(out bool isTooLong)
    {
        isTooLong = false;
        bool isAtEnd = true;
        _line.Clear();
        while (_start < _end || Fill())
        {
            isAtEnd = false;
            ReadOnlySpan<char> rest = _buffer.AsSpan(_start, _end - _start);
            int end = rest.IndexOf('\n');
            ReadOnlySpan<char> piece = end < 0 ? rest : rest[..end];
            isTooLong |= _line.Length + piece.Length > MaxLength;
            if (!isTooLong)
                _line.Append(piece);
            _start += end < 0 ? piece.Length : end + 1;
            if (end >= 0)
                break;
        }
        if (isAtEnd)
            return null;
        if (_line.Length > 0 && _line[^1] == '\r')
            _line.Length--;
        return isTooLong ? "" : _line.ToString();
    }

    private bool Fill()
    {
        _start = 0;
        _end = input.Read(_buffer, 0, _buffer.Length);
        return _end > 0;
    }
}
