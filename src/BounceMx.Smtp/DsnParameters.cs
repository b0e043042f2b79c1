namespace BounceMx.Smtp;

/// <summary>How much of a message its failure notice is to return: RET (RFC 3461 section 4.3).</summary>
public enum Ret
{
    /// <summary>Nothing was said.</summary>
    Unspecified,

    /// <summary>The whole message.</summary>
    Full,

    /// <summary>The header alone.</summary>
    Headers,
}

/// <summary>When the sender wants to be told of a recipient: NOTIFY (RFC 3461 section 4.1).</summary>
[Flags]
public enum Notify
{
    /// <summary>Nothing was said.</summary>
    Unspecified = 0,

    /// <summary>Under no circumstances; stands alone.</summary>
    Never = 1,

    /// <summary>When the message was delivered.</summary>
    Success = 2,

    /// <summary>When it could not be delivered.</summary>
    Failure = 4,

    /// <summary>When it is late.</summary>
    Delay = 8,
}

/// <summary>ORCPT: the recipient that the message was first sent to (RFC 3461 section 4.2).</summary>
/// <param name="AddressType">An atom, as sent: <c>rfc822</c>, <c>utf-8</c> …</param>
/// <param name="Address">Printable, at most 500 octets as sent; xtext decoded, but for the type <c>utf-8</c> (RFC 6533), which is left as it came.</param>
public readonly record struct OriginalRecipient(string AddressType, string Address);

/// <summary>What was said of a recipient beside its path (RFC 3461). It is kept, and nobody is ever notified.</summary>
/// <param name="Notify">NOTIFY.</param>
/// <param name="OriginalRecipient">ORCPT; <c>null</c> when not given.</param>
public readonly record struct RecipientParameters(Notify Notify, OriginalRecipient? OriginalRecipient);
