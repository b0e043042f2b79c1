using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// The header of one part, indexed: which field lies where in the raw octets. Does not unfold or decode; a field does that when asked.
/// Standards: RFC 5322 sections 2.2 and 3.6, RFC 6532. Tolerates a mbox <c>From </c> line at the top, white space before a colon,
/// and a missing empty line: the first line that is neither a field nor a continuation starts the body.
/// Known gap: a body without that empty line whose first line looks like <c>Word: text</c> is taken for a field.
/// </summary>
public sealed class HeaderBlock
{
    /// <summary>Reused by one header after the other.</summary>
    [ThreadStatic]
    private static List<FieldRange>? _buffer;

    private readonly ReadOnlyMemory<byte> _raw;
    private readonly FieldRange[] _fields;

    private HeaderBlock(ReadOnlyMemory<byte> raw, FieldRange[] fields)
    {
        _raw = raw;
        _fields = fields;
    }

    /// <summary>A header without fields.</summary>
    public static HeaderBlock Empty { get; } = new(default, []);

    /// <summary>The octets of the block, without the empty line that closes it.</summary>
    public ReadOnlyMemory<byte> Raw => _raw;

    /// <summary>How many fields are indexed.</summary>
    public int Count => _fields.Length;

    /// <summary>The field at <paramref name="index"/>, in the order of the message.</summary>
    public HeaderField this[int index]
    {
        get
        {
            FieldRange field = _fields[index];
            return new HeaderField(_raw[field.Name..(field.Value - 1)].TrimEnd(" \t"u8), _raw[field.Value..field.End]);
        }
    }

    /// <summary>Finds the first field of a name.</summary>
    /// <param name="name">ASCII, in any case, not empty.</param>
    /// <param name="field">The field; default when there is none.</param>
    public bool TryGet(ReadOnlySpan<byte> name, out HeaderField field)
    {
        ReadOnlySpan<byte> raw = _raw.Span;
        for (int i = 0; i < _fields.Length; i++)
        {
            // Nearly all fields have another name, and most of those begin with another letter.
            FieldRange range = _fields[i];
            if (((raw[range.Name] ^ name[0]) & ~0x20) != 0)
                continue;
            ReadOnlySpan<byte> found = raw[range.Name..(range.Value - 1)];
            if (found.Length > name.Length && found[name.Length] is (byte)' ' or (byte)'\t')
                found = found.TrimEnd(" \t"u8);
            if (found.Length == name.Length && Ascii.EqualsIgnoreCase(found, name))
            {
                field = this[i];
                return true;
            }
        }

        field = default;
        return false;
    }

    /// <summary>Whether a field of this name stands here.</summary>
    public bool Contains(ReadOnlySpan<byte> name) => TryGet(name, out _);

    /// <summary>The decoded value of the first field of a name, or <c>null</c>.</summary>
    public string? Decode(ReadOnlySpan<byte> name, int maxOctets = 1024) =>
        TryGet(name, out HeaderField field) ? field.Decode(maxOctets) : null;

    /// <summary>The raw value of the first field of a name, trimmed; empty when there is none.</summary>
    public ReadOnlyMemory<byte> RawValue(ReadOnlySpan<byte> name) =>
        TryGet(name, out HeaderField field) ? field.RawValue.Trim(" \t\r\n"u8) : default;

    /// <summary>Indexes the header at the start of <paramref name="part"/>.</summary>
    /// <param name="part">A part with its header.</param>
    /// <param name="budget">What the limits leave; is reduced.</param>
    /// <param name="bodyStart">Where the body starts.</param>
    internal static HeaderBlock Read(ReadOnlyMemory<byte> part, MimeBudget budget, out int bodyStart)
    {
        var lines = new LineReader(part.Span);
        List<FieldRange> fields = _buffer ??= new List<FieldRange>(64);
        fields.Clear();
        bodyStart = part.Length;
        int end = part.Length;
        bool isTaken = false;
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line;
            if (line.IsEmpty)
            {
                (end, bodyStart) = (lines.Start, lines.Next);
                break;
            }

            if (line[0] is (byte)' ' or (byte)'\t' && lines.Start > 0)
            {
                // White space alone closes a header that some gateway has padded, unless it continues a field.
                isTaken = isTaken && budget.TryTakeContinuation(line.Length);
                if (isTaken)
                    fields[^1] = fields[^1] with { End = lines.Start + line.Length };
                continue;
            }

            int name = FieldNameLength(line, out int colon);
            if (name > 0)
            {
                isTaken = budget.TryTakeField(line.Length);
                if (isTaken)
                    fields.Add(new FieldRange(lines.Start, lines.Start + colon + 1, lines.Start + line.Length));
                continue;
            }

            if (lines.Start == 0 && IsMboxLine(line))
                continue;
            (end, bodyStart) = (lines.Start, lines.Start);
            break;
        }

        return fields.Count == 0 ? Empty : new HeaderBlock(part[..end], [.. fields]);
    }

    /// <summary>How long the field name is that <paramref name="line"/> starts with; 0 when it is no field.</summary>
    internal static int FieldNameLength(ReadOnlySpan<byte> line, out int colon)
    {
        int length = 0;
        while (length < line.Length && line[length] is > (byte)' ' and <= (byte)'~' and not (byte)':')
            length++;
        colon = length;
        while (colon < line.Length && line[colon] is (byte)' ' or (byte)'\t')
            colon++;
        return colon < line.Length && line[colon] == ':' ? length : 0;
    }

    private static bool IsMboxLine(ReadOnlySpan<byte> line) => line.StartsWith("From "u8) || line.StartsWith(">From "u8);

    /// <summary>Where a field lies in the block.</summary>
    /// <param name="Name">Where the name starts.</param>
    /// <param name="Value">Where the value starts, behind the colon.</param>
    /// <param name="End">Where the last line of the value ends.</param>
    private readonly record struct FieldRange(int Name, int Value, int End);
}
