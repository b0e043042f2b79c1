namespace BounceMx.Mail.Mime;

/// <summary>One header field, as ranges of the raw header block (RFC 5322 section 2.2).</summary>
/// <param name="Name">The name as written, ASCII without colon and white space.</param>
/// <param name="RawValue">What follows the colon up to the last line end, still folded and encoded.</param>
public readonly record struct HeaderField(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> RawValue)
{
    /// <summary>The value: unfolded, encoded words decoded, white space and control characters collapsed to single spaces.</summary>
    /// <param name="maxOctets">The UTF-8 length to which it is cut, at a character.</param>
    public string Decode(int maxOctets = 1024) => EncodedWords.Decode(RawValue.Span, maxOctets);

    /// <summary>Whether the name is <paramref name="name"/>, in any case.</summary>
    public bool Is(ReadOnlySpan<byte> name) => System.Text.Ascii.EqualsIgnoreCase(Name.Span, name);
}
