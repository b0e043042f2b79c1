namespace BounceMx.Mail.Classification;

/// <summary>
/// Why a recipient failed. The words are Sisimai 5.6's; on the wire they are in snake case (<c>user_unknown</c>).
/// Members stand by their default severity.
/// </summary>
public enum BounceReason
{
    // hard
    /// <summary>No such mailbox.</summary>
    UserUnknown,

    /// <summary>No such domain or host.</summary>
    HostUnknown,

    /// <summary>The recipient has a new address.</summary>
    HasMoved,

    /// <summary>The domain takes no mail (null MX, 521, 556); soft with a 4xx.</summary>
    NotAccept,

    // soft
    /// <summary>Over quota.</summary>
    MailboxFull,

    /// <summary>The mailbox is disabled or inactive.</summary>
    Suspend,

    /// <summary>The recipient's own filter refused.</summary>
    Filtered,

    /// <summary>Given up after retries.</summary>
    Expired,

    /// <summary>The remote host could not be reached, or routing loops.</summary>
    NetworkError,

    /// <summary>A fault at the receiving system.</summary>
    SystemError,

    /// <summary>The receiving system's disk is full.</summary>
    SystemFull,

    /// <summary>A local delivery program failed.</summary>
    MailerError,

    /// <summary>The SMTP dialogue broke down over syntax.</summary>
    SyntaxError,

    /// <summary>The message is over a size limit.</summary>
    EmailTooLarge,

    /// <summary>Too many messages or connections.</summary>
    RateLimited,

    /// <summary>The sender's own provider holds the address on a list.</summary>
    Suppressed,

    // block
    /// <summary>The sending address or host is refused.</summary>
    Blocked,

    /// <summary>The sending host's or domain's reputation is too low.</summary>
    BadReputation,

    /// <summary>The sending address lacks a (matching) PTR record.</summary>
    RequirePtr,

    /// <summary>SPF, DKIM or DMARC failed.</summary>
    AuthFailure,

    /// <summary>The message was taken for spam.</summary>
    SpamDetected,

    /// <summary>A virus was found in the message.</summary>
    VirusDetected,

    /// <summary>The content or its form is not accepted.</summary>
    ContentError,

    /// <summary>A policy of the receiver forbids it.</summary>
    PolicyViolation,

    /// <summary>The envelope sender or From address is refused.</summary>
    Rejected,

    /// <summary>The host does not relay for this recipient.</summary>
    NoRelaying,

    /// <summary>A security rule of the receiver, such as missing authentication.</summary>
    SecurityError,

    /// <summary>The message breaks an RFC.</summary>
    NotCompliantRfc,

    /// <summary>TLS could not be agreed on.</summary>
    FailedStarttls,

    // undetermined
    /// <summary>Several causes are possible.</summary>
    OnHold,

    /// <summary>Nothing says why.</summary>
    Undefined,

    // none
    /// <summary>Delivered, relayed or expanded.</summary>
    Delivered,

    /// <summary>A complaint by way of a feedback loop.</summary>
    Feedback,

    /// <summary>An automatic answer.</summary>
    Vacation,
}
