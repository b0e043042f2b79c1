namespace BounceMx.Mail.Reports;

/// <summary>Which part of the mail named the recipient.</summary>
public enum RecipientSource
{
    /// <summary>The Original-Recipient field (RFC 3464 section 2.3.1).</summary>
    OriginalRecipient,

    /// <summary>The Final-Recipient field (RFC 3464 section 2.3.2).</summary>
    FinalRecipient,

    /// <summary>A header field of the report or of the returned message.</summary>
    Header,

    /// <summary>The text for people.</summary>
    Text,

    /// <summary>The VERP address that the report was sent to, without a signature.</summary>
    Verp,

    /// <summary>The VERP address that the report was sent to, with a valid signature.</summary>
    VerpSigned,
}
