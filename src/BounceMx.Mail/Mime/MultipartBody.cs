using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Finds the parts of a multipart body (RFC 2046 section 5.1) in one pass, one after the other. A delimiter is a whole line: <c>--boundary</c>,
/// then <c>--</c> or nothing, then white space; so one boundary may be the prefix of another. Blanks before it are forgiven. A missing close
/// delimiter ends the last part at the end of the body; what follows a close delimiter is looked at for further parts, since MTAs reuse boundaries.
/// </summary>
internal ref struct MultipartBody
{
    /// <summary>RFC 2046 allows 70 octets.</summary>
    private const int MaxBoundary = 256;

    private readonly ReadOnlySpan<byte> _body;
    private ReadOnlySpan<byte> _boundary;
    private bool _isGuessed;
    private int _at;

    /// <summary>Where the open part starts; -1 in the preamble and behind a close delimiter.</summary>
    private int _partStart = -1;

    /// <summary>A body.</summary>
    /// <param name="body">The body of the multipart.</param>
    /// <param name="boundary">The boundary parameter; where it is empty or does not occur, the first line that could be a delimiter tells it.</param>
    public MultipartBody(ReadOnlySpan<byte> body, ReadOnlySpan<byte> boundary)
    {
        _body = body;
        _boundary = boundary.Length <= MaxBoundary ? boundary : default;
    }

    /// <summary>The part, from its header to the line end before the next delimiter.</summary>
    public Range Current { get; private set; }

    /// <summary>Steps to the next part.</summary>
    public bool MoveNext()
    {
        bool isFirst = _at == 0;
        while (!_boundary.IsEmpty && TryNextDelimiter(out int lineStart, out bool closes))
        {
            int start = _partStart;
            _partStart = closes ? -1 : _at;
            if (start >= 0)
                return Found(start, Math.Max(start, LineReader.LengthWithoutEnd(_body[..lineStart])));
        }

        if (_partStart >= 0)
        {
            int start = _partStart;
            _partStart = -1;
            return Found(start, _body.Length);
        }

        return isFirst && !_isGuessed && TryGuess() && MoveNext();
    }

    private bool Found(int start, int end)
    {
        Current = start..end;
        return true;
    }

    /// <summary>Goes behind the next delimiter. Only hyphens that start a line are looked at closely, so no boundary makes this slow.</summary>
    private bool TryNextDelimiter(out int lineStart, out bool closes)
    {
        while (_at < _body.Length && _body[_at..].IndexOf("--"u8) is var found and >= 0)
        {
            int start = _at + found;
            ReadOnlySpan<byte> line = _body[(start + 2)..];
            int length = line.IndexOfAny((byte)'\r', (byte)'\n');
            if (length < 0)
                length = line.Length;
            lineStart = _body[_at..start].LastIndexOfAnyExcept((byte)' ', (byte)'\t') + 1 + _at;
            bool atLineStart = lineStart == 0 || _body[lineStart - 1] is (byte)'\r' or (byte)'\n';
            _at = start + 2 + length + LineReader.EndLength(line[length..]);
            if (atLineStart && IsDelimiter(line[..length], out closes))
                return true;
        }

        (_at, lineStart, closes) = (_body.Length, 0, false);
        return false;
    }

    private readonly bool IsDelimiter(ReadOnlySpan<byte> line, out bool closes)
    {
        closes = false;
        if (!line.StartsWith(_boundary))
            return false;
        line = line[_boundary.Length..];
        closes = line.StartsWith("--"u8);
        return line[(closes ? 2 : 0)..].IndexOfAnyExcept((byte)' ', (byte)'\t') < 0;
    }

    /// <summary>Takes the boundary of the first line that starts with two hyphens and has a header field in the line after it.</summary>
    private bool TryGuess()
    {
        _isGuessed = true;
        _at = 0;
        ReadOnlySpan<byte> candidate = default;
        var lines = new LineReader(_body);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (!candidate.IsEmpty && line.Length > 8 && Ascii.EqualsIgnoreCase(line[..8], "content-"u8))
            {
                _boundary = candidate;
                return true;
            }

            candidate = line.Length is > 2 and <= MaxBoundary && line.StartsWith("--"u8) ? line[2..].TrimEnd(" \t"u8) : default;
        }

        return false;
    }
}
