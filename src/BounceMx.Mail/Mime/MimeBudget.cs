namespace BounceMx.Mail.Mime;

/// <summary>What is left of the <see cref="MimeLimits"/> while one message is read.</summary>
/// <param name="limits">How far to go.</param>
/// <param name="size">The octets of the message.</param>
internal sealed class MimeBudget(MimeLimits limits, int size)
{
    private int _parts = limits.Parts;
    private int _fields = limits.HeaderFields;
    private int _headerBytes = limits.HeaderBytes;
    private int _decoded = size;

    /// <summary>Whether anything was refused.</summary>
    public bool Exceeded { get; private set; }

    public bool TryTakePart() => --_parts >= 0 || Refuse();

    public bool TryTakeField(int length) => (--_fields >= 0 && (_headerBytes -= length) >= 0) || Refuse();

    public bool TryTakeContinuation(int length) => (_headerBytes -= length) >= 0 || Refuse();

    public bool TryNest(int depth) => depth < limits.Depth || Refuse();

    /// <summary>
    /// Messages that are transfer-encoded (RFC 2045 section 6.4 forbids it) and nested in each other would each be copied anew: all copies together
    /// may have the size of the message.
    /// </summary>
    public bool TryDecode(int length) => (_decoded -= length) >= 0 || Refuse();

    /// <summary>As much of a body as is made a text of, cut behind an ASCII octet, so that what was UTF-8 stays it.</summary>
    public ReadOnlyMemory<byte> Text(ReadOnlyMemory<byte> body)
    {
        if (body.Length <= limits.TextBytes)
            return body;
        Refuse();
        return body[..(body.Span[..limits.TextBytes].LastIndexOfAnyInRange((byte)0, (byte)0x7F) + 1)];
    }

    private bool Refuse()
    {
        Exceeded = true;
        // No counter may wrap around, however much there is to refuse.
        (_parts, _fields) = (Math.Max(_parts, -1), Math.Max(_fields, -1));
        (_headerBytes, _decoded) = (Math.Max(_headerBytes, -1), Math.Max(_decoded, -1));
        return false;
    }
}
