namespace BounceMx.Mail.Mime;

/// <summary>
/// A part of a message, or the message: a view of the raw octets. Header values are unfolded and the body is decoded only when asked for,
/// and the body then only once. Not thread-safe: one reader at a time.
/// Standards: RFC 2045, 2046, 5322, 6532. Parts of a multipart and the message inside a <c>message/rfc822</c> alike are <see cref="Parts"/>.
/// </summary>
public sealed class MimePart
{
    private readonly MimeBudget _budget;
    private readonly int _bodyStart;
    private List<MimePart>? _parts;
    private ReadOnlyMemory<byte> _content;
    private ReadOnlyMemory<byte> _text;
    private bool _hasContent;
    private bool _hasText;

    internal MimePart(ReadOnlyMemory<byte> raw, MimeBudget budget, MimePart? parent)
    {
        Raw = raw;
        Parent = parent;
        Depth = parent is null ? 0 : parent.Depth + 1;
        _budget = budget;
        Headers = HeaderBlock.Read(raw, budget, out _bodyStart);
        ContentType = Headers.TryGet("Content-Type"u8, out HeaderField field) ? new ContentType(field.RawValue) : default;
        IsMessage = !ContentType.IsDefault && HoldsMessage(ContentType);
    }

    /// <summary>The whole part: header, empty line, body.</summary>
    public ReadOnlyMemory<byte> Raw { get; }

    /// <summary>The header.</summary>
    public HeaderBlock Headers { get; }

    /// <summary>The body as it stands in the message, still transfer-encoded.</summary>
    public ReadOnlyMemory<byte> Body => Raw[_bodyStart..];

    /// <summary>The Content-Type; the default means <c>text/plain</c>.</summary>
    public ContentType ContentType { get; }

    /// <summary>The multipart or <c>message/rfc822</c> that this is a part of; <c>null</c> for the root.</summary>
    public MimePart? Parent { get; }

    /// <summary>0 for the root.</summary>
    public int Depth { get; }

    /// <summary>The parts of a multipart, or the one message of a <c>message/rfc822</c>; else empty.</summary>
    public IReadOnlyList<MimePart> Parts => _parts ?? (IReadOnlyList<MimePart>)[];

    /// <summary>On the root: this part and all below it, in the order of the message; on other parts empty.</summary>
    public IReadOnlyList<MimePart> All { get; internal set; } = [];

    /// <summary>Whether a limit has cut the reading of the message short so far; <see cref="Text"/> may yet do so.</summary>
    public bool ParseLimited => _budget.Exceeded;

    /// <summary>The body, transfer encoding undone.</summary>
    public ReadOnlyMemory<byte> Content
    {
        get
        {
            if (!_hasContent)
                (_content, _hasContent) = (Decode(Body), true);
            return _content;
        }
    }

    /// <summary>
    /// The body as UTF-8 text: transfer encoding undone, charset converted. Line ends are as they came. A body longer than
    /// <see cref="MimeLimits.TextBytes"/> is cut before that.
    /// </summary>
    public ReadOnlyMemory<byte> Text
    {
        get
        {
            if (!_hasText)
            {
                ContentType.TryGetParameter("charset"u8, out ReadOnlyMemory<byte> charset);
                (_text, _hasText) = (Charsets.ToUtf8(Decode(_budget.Text(Body)), charset.Span), true);
            }

            return _text;
        }
    }

    /// <summary>
    /// Whether the body is a message, or the header of one, which then is the only part
    /// (RFC 2046 section 5.2.1, RFC 3462 section 2, RFC 6532, RFC 6533).
    /// </summary>
    public bool IsMessage { get; }

    internal MimeBudget Budget => _budget;

    internal void Add(MimePart part) => (_parts ??= new List<MimePart>(IsMessage ? 1 : 4)).Add(part);

    private ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body) =>
        TransferEncoding.Decode(body, Headers.RawValue("Content-Transfer-Encoding"u8).Span);

    private static bool HoldsMessage(ContentType type) =>
        type.Is("message/rfc822"u8)
        || type.Is("text/rfc822-headers"u8)
        || type.Is("message/global"u8)
        || type.Is("message/global-headers"u8)
        || type.Is("message/rfc822-headers"u8)
        || type.Is("text/rfc822-header"u8)
        || type.Is("message/news"u8);
}
