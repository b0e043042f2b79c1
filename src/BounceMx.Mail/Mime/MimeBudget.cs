namespace BounceMx.Mail.Mime;

/// <summary>What is left of the <see cref="MimeLimits"/> while one message is read.</summary>
internal sealed class MimeBudget(MimeLimits limits)
{
    private int _parts = limits.Parts;
    private int _fields = limits.HeaderFields;
    private int _headerBytes = limits.HeaderBytes;

    /// <summary>Whether anything was refused.</summary>
    public bool Exceeded { get; private set; }

    /// <summary>Reused by one header block after the other.</summary>
    public List<HeaderBlock.FieldRange> FieldBuffer { get; } = new(32);

    public bool TryTakePart() => --_parts >= 0 || Refuse();

    public bool TryTakeField(int length) => (--_fields >= 0 && (_headerBytes -= length) >= 0) || Refuse();

    public bool TryTakeContinuation(int length) => (_headerBytes -= length) >= 0 || Refuse();

    public bool TryNest(int depth) => depth < limits.Depth || Refuse();

    private bool Refuse()
    {
        Exceeded = true;
        // Neither counter may wrap around, however much there is to refuse.
        (_parts, _fields, _headerBytes) = (Math.Max(_parts, -1), Math.Max(_fields, -1), Math.Max(_headerBytes, -1));
        return false;
    }
}
