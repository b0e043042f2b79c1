namespace BounceMx.Mail.Reports;

/// <summary>Tells from the words before an address that it is the sender's: <c>The message from … to … could not be delivered</c>.</summary>
internal static class SenderWords
{
    /// <summary>Words before the address of whoever sent the message.</summary>
    private static readonly byte[][] _fromWords =
    [
        "from"u8.ToArray(),
        "sent by"u8.ToArray(),
        "sender"u8.ToArray(),
        "on behalf of"u8.ToArray(),
        "absender"u8.ToArray(),
        "de la part de"u8.ToArray(),
        "de parte de"u8.ToArray(),
        "da parte di"u8.ToArray(),
    ];

    /// <summary>The same, in words that also tell whose mailbox it is: <c>das Postfach von …</c></summary>
    private static readonly byte[][] _ofWords =
    [
        "von"u8.ToArray(),
        "de"u8.ToArray(),
        "van"u8.ToArray(),
        "da"u8.ToArray(),
        "fra"u8.ToArray(),
        "od"u8.ToArray(),
    ];

    /// <summary>Whether a text, up to an address, ends with such words.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="orOwner">Whether words count that may also tell whose mailbox it is.</param>
    public static bool StandAtEnd(ReadOnlySpan<byte> text, bool orOwner)
    {
        text = WithoutOpening(text);
        return EndsWith(text, _fromWords) || (orOwner && EndsWith(text, _ofWords));
    }

    private static ReadOnlySpan<byte> WithoutOpening(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t<([\"':"u8);
        while (AddressText.MarkLengthAtEnd(text) is > 0 and var mark)
            text = text[..^mark].TrimEnd(" \t<([\"':"u8);
        return text;
    }

    private static bool EndsWith(ReadOnlySpan<byte> text, byte[][] words)
    {
        foreach (byte[] word in words)
        {
            ReadOnlySpan<byte> last = text[^Math.Min(text.Length, word.Length)..];
            if (last.StartsWithIgnoreCase(word) && (text.Length == word.Length || text[^(word.Length + 1)] is (byte)' ' or (byte)'\t'))
                return true;
        }

        return false;
    }
}
