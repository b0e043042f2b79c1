using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// A recipient as it is minted and hashed: <c>local@domain</c> without quotes, in UTF-8, at most 254 octets. The last <c>@</c> parts it, as
/// an unquoted local part may hold more.
/// </summary>
internal readonly ref struct MintedRecipient
{
    private MintedRecipient(ReadOnlySpan<byte> octets)
    {
        Octets = octets;
        At = octets.LastIndexOf((byte)'@');
    }

    /// <summary>All of it.</summary>
    public ReadOnlySpan<byte> Octets { get; }

    /// <summary>Where the <c>@</c> stands that parts local part and domain.</summary>
    public int At { get; }

    /// <summary>Reads a mailbox, whose local part may be quoted (RFC 5321 section 4.1.2) or not.</summary>
    /// <param name="mailbox"><c>local@domain</c>.</param>
    /// <param name="mustQuote">
    /// Whether a space and specials need their quotes. What is minted for must have them, as without it is mostly a slip, such as two
    /// addresses in one; what a report names is only compared.
    /// </param>
    /// <param name="buffer">At least <see cref="AddressSyntax.MaxMailbox"/> octets, which will hold it.</param>
    /// <param name="recipient">What was read.</param>
    /// <returns>What is wrong with it, or <see cref="EncodingFault.None"/>.</returns>
    public static EncodingFault Read(ReadOnlySpan<char> mailbox, bool mustQuote, Span<byte> buffer, out MintedRecipient recipient)
    {
        recipient = default;
        int at = mailbox.LastIndexOf('@');
        if (at < 0 || at == mailbox.Length - 1)
            return EncodingFault.NoDomain;
        if (AddressSyntax.HasControls(mailbox))
            return EncodingFault.ControlCharacter;
        if (!AddressSyntax.IsDomain(mailbox[(at + 1)..]))
            return EncodingFault.InvalidDomain;
        // Quotes and backslashes may double what they hold.
        if (mailbox.Length > 2 * AddressSyntax.MaxMailbox)
            return EncodingFault.TooLong;

        Span<char> unquoted = stackalloc char[mailbox.Length];
        int length = at;
        bool isQuoted = mailbox[0] == '"';
        if (
            isQuoted
                ? !AddressSyntax.TryUnquote(mailbox[..at], unquoted, out length)
                : mustQuote && AddressSyntax.NeedsQuotes(mailbox[..at])
        )
            return EncodingFault.InvalidQuotes;
        if (!isQuoted)
            mailbox[..at].CopyTo(unquoted);
        if (length == 0)
            return EncodingFault.NoLocalPart;
        mailbox[at..].CopyTo(unquoted[length..]);
        unquoted = unquoted[..(length + mailbox.Length - at)];

        if (!Encoding.UTF8.TryGetBytes(unquoted, buffer[..AddressSyntax.MaxMailbox], out int octets))
            return EncodingFault.TooLong;
        recipient = new MintedRecipient(buffer[..octets]);
        return EncodingFault.None;
    }
}
