using System.Buffers;
using System.Buffers.Text;
using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Finds a parameter in a structured header value: <c>name=value</c>, <c>name="va\"lue"</c>, and RFC 2231's <c>name*</c>, <c>name*0</c>,
/// <c>name*1*</c>, in any order. A plain value is a slice of the raw octets; only escapes and continuations are copied.
/// </summary>
internal static class Parameters
{
    /// <summary>More continuations than this are not read; 64 times 78 octets is longer than any charset or boundary.</summary>
    private const int MaxSegments = 64;

    public static bool TryGet(
        ReadOnlyMemory<byte> header,
        ReadOnlySpan<byte> name,
        out ReadOnlyMemory<byte> value,
        out ReadOnlyMemory<byte> charset
    )
    {
        value = default;
        charset = default;
        Segment[]? segments = null;
        int at = SkipTo(header.Span, 0);
        while (at < header.Length)
        {
            Segment segment = ReadOne(header, name, ref at);
            at = SkipTo(header.Span, at);
            if (segment.Index == Segment.Other)
                continue;
            if (segment.Index == Segment.Whole)
            {
                value = Resolve(segment, first: true, ref charset);
                return true;
            }

            segments ??= new Segment[MaxSegments];
            segments[segment.Index] = segment;
        }

        return segments is not null && TryJoin(segments, out value, ref charset);
    }

    private static bool TryJoin(Segment[] segments, out ReadOnlyMemory<byte> value, ref ReadOnlyMemory<byte> charset)
    {
        var joined = new ArrayBufferWriter<byte>();
        for (int i = 0; i < segments.Length && segments[i].IsPresent; i++)
            joined.Write(Resolve(segments[i], first: i == 0, ref charset).Span);
        value = joined.WrittenMemory;
        return segments[0].IsPresent;
    }

    /// <summary>Where the next parameter starts: behind the next semicolon outside quotes.</summary>
    private static int SkipTo(ReadOnlySpan<byte> header, int at)
    {
        int semicolon = header[at..].IndexOf((byte)';');
        return semicolon < 0 ? header.Length : at + semicolon + 1;
    }

    private static Segment ReadOne(ReadOnlyMemory<byte> header, ReadOnlySpan<byte> wanted, ref int at)
    {
        ReadOnlySpan<byte> span = header.Span;
        int nameLength = span[at..].IndexOfAny((byte)'=', (byte)';');
        if (nameLength < 0 || span[at + nameLength] == ';')
        {
            at = nameLength < 0 ? span.Length : at + nameLength;
            return Segment.None;
        }

        ReadOnlySpan<byte> name = span.Slice(at, nameLength).Trim(" \t\r\n"u8);
        at += nameLength + 1;
        while (at < span.Length && span[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
            at++;
        bool quoted = at < span.Length && span[at] == '"';
        int start = quoted ? ++at : at;
        at = quoted ? QuotedEnd(span, at) : PlainEnd(span, at);
        ReadOnlyMemory<byte> raw = header[start..at];
        if (!quoted)
            raw = raw.TrimEnd(" \t\r\n"u8);
        Segment segment = Segment.Match(name, wanted, raw);
        return quoted && segment.Index != Segment.Other ? segment with { Value = Unquote(raw) } : segment;
    }

    private static int PlainEnd(ReadOnlySpan<byte> span, int at)
    {
        int length = span[at..].IndexOf((byte)';');
        return length < 0 ? span.Length : at + length;
    }

    private static int QuotedEnd(ReadOnlySpan<byte> span, int at)
    {
        while (at < span.Length && span[at] != '"')
            at += span[at] == '\\' ? 2 : 1;
        return Math.Min(at, span.Length);
    }

    private static ReadOnlyMemory<byte> Unquote(ReadOnlyMemory<byte> raw)
    {
        if (raw.Span.IndexOfAny((byte)'\\', (byte)'\r', (byte)'\n') < 0)
            return raw;
        byte[] plain = new byte[raw.Length];
        int length = 0;
        ReadOnlySpan<byte> span = raw.Span;
        for (int i = 0; i < span.Length; i++)
        {
            if (span[i] is (byte)'\r' or (byte)'\n')
                continue;
            if (span[i] == '\\' && i + 1 < span.Length)
                i++;
            plain[length++] = span[i];
        }

        return plain.AsMemory(0, length);
    }

    private static ReadOnlyMemory<byte> Resolve(Segment segment, bool first, ref ReadOnlyMemory<byte> charset)
    {
        ReadOnlyMemory<byte> value = segment.Value;
        if (!segment.Encoded)
            return value;
        if (first && value.Span.IndexOf((byte)'\'') is var quote and >= 0)
        {
            charset = value[..quote];
            value = value[(quote + 1)..];
            value = value[(value.Span.IndexOf((byte)'\'') + 1)..];
        }

        return PercentDecode(value.Span);
    }

    private static ReadOnlyMemory<byte> PercentDecode(ReadOnlySpan<byte> value)
    {
        byte[] decoded = new byte[value.Length];
        int length = 0;
        for (int i = 0; i < value.Length; i++)
        {
            bool isEncoded = value[i] == '%' && i + 2 < value.Length && TryHex(value.Slice(i + 1, 2), out decoded[length]);
            if (isEncoded)
                i += 2;
            else
                decoded[length] = value[i];
            length++;
        }

        return decoded.AsMemory(0, length);
    }

    private static bool TryHex(ReadOnlySpan<byte> two, out byte octet) =>
        Utf8Parser.TryParse(two, out octet, out int used, 'X') && used == 2;

    /// <summary>One parameter as written.</summary>
    private readonly record struct Segment(int Index, bool Encoded, ReadOnlyMemory<byte> Value)
    {
        /// <summary>Not the parameter that is looked for.</summary>
        public const int Other = -2;

        /// <summary>The whole value, not a continuation.</summary>
        public const int Whole = -1;

        public static Segment None => new(Other, false, default);

        /// <summary>Whether it was read; an empty slot was not.</summary>
        public bool IsPresent { get; private init; }

        public static Segment Match(ReadOnlySpan<byte> name, ReadOnlySpan<byte> wanted, ReadOnlyMemory<byte> value)
        {
            if (name.Length < wanted.Length || !Ascii.EqualsIgnoreCase(name[..wanted.Length], wanted))
                return None;
            ReadOnlySpan<byte> suffix = name[wanted.Length..];
            bool encoded = suffix.EndsWith("*"u8);
            if (encoded)
                suffix = suffix[..^1];
            if (suffix.IsEmpty)
                return new Segment(Whole, encoded, value) { IsPresent = true };
            return
                suffix[0] == '*'
                && Utf8Parser.TryParse(suffix[1..], out int index, out int used)
                && used == suffix.Length - 1
                && index is >= 0 and < MaxSegments
                ? new Segment(index, encoded, value) { IsPresent = true }
                : None;
        }
    }
}
