using System.Text;

namespace BounceMx.Mail.Mime;

/// <summary>
/// A Content-Type (RFC 2045 section 5) over the raw header value. Type and subtype are compared in place; parameters are read on demand.
/// </summary>
public readonly struct ContentType
{
    private readonly ReadOnlyMemory<byte> _value;

    internal ContentType(ReadOnlyMemory<byte> value)
    {
        _value = value;
        int semicolon = value.Span.IndexOf((byte)';');
        ReadOnlyMemory<byte> media = (semicolon < 0 ? value : value[..semicolon]).Trim(" \t\r\n\""u8);
        int end = media.Span.IndexOfAny(" \t\r\n("u8);
        MediaType = end < 0 ? media : media[..end];
    }

    /// <summary>Such as <c>text/plain</c>, as written; empty when there is no Content-Type.</summary>
    public ReadOnlyMemory<byte> MediaType { get; }

    /// <summary>Whether there is no Content-Type, which means <c>text/plain</c> (RFC 2045 section 5.2).</summary>
    public bool IsDefault => MediaType.IsEmpty;

    /// <summary>Whether this is <c>multipart/*</c>.</summary>
    public bool IsMultipart => StartsWith("multipart/"u8);

    /// <summary>Whether this is <c>text/*</c> or nothing.</summary>
    public bool IsText => IsDefault || StartsWith("text/"u8);

    /// <summary>Compares with a media type.</summary>
    /// <param name="mediaType">Such as <c>message/delivery-status</c>, in any case.</param>
    public bool Is(ReadOnlySpan<byte> mediaType) => Ascii.EqualsIgnoreCase(MediaType.Span, mediaType);

    /// <summary>The octets of a parameter: quotes, escapes, RFC 2231 continuations and per-cent signs resolved.</summary>
    /// <param name="name">ASCII, in any case.</param>
    /// <param name="octets">The value; empty when there is none.</param>
    public bool TryGetParameter(ReadOnlySpan<byte> name, out ReadOnlyMemory<byte> octets) =>
        Parameters.TryGet(_value, name, out octets, out _);

    /// <summary>A parameter as text, in the charset that RFC 2231 lets it name; <c>null</c> when there is none.</summary>
    /// <param name="name">ASCII, in any case.</param>
    public string? Parameter(ReadOnlySpan<byte> name) =>
        Parameters.TryGet(_value, name, out ReadOnlyMemory<byte> octets, out ReadOnlyMemory<byte> charset)
            ? Charsets.Decode(octets.Span, charset.Span)
            : null;

    /// <inheritdoc/>
    public override string ToString() => Encoding.ASCII.GetString(MediaType.Span);

    private bool StartsWith(ReadOnlySpan<byte> prefix) =>
        MediaType.Length >= prefix.Length && Ascii.EqualsIgnoreCase(MediaType.Span[..prefix.Length], prefix);
}
