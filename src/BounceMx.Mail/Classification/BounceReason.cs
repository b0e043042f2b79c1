namespace BounceMx.Mail.Classification;

/// <summary>
/// Why a recipient failed. The words are Sisimai 5.6's; on the wire they are in snake case (<c>user_unknown</c>).
/// Members stand by their default severity.
/// <para>How to choose between neighbours: ask who was refused. The recipient (<see cref="UserUnknown"/> to <see cref="Filtered"/>), the way there or the host at
/// its end (<see cref="Expired"/> to <see cref="SyntaxError"/>), the connecting host (<see cref="Blocked"/> to <see cref="RequirePtr"/>), the sender
/// (<see cref="AuthFailure"/>, <see cref="Rejected"/>), or the message (<see cref="SpamDetected"/> to <see cref="PolicyViolation"/>). Where a text names two, the
/// more particular one is meant: a relay that is denied because the host has no PTR record is <see cref="RequirePtr"/> if the record is what it asks for.</para>
/// </summary>
public enum BounceReason
{
    // hard
    /// <summary>No such mailbox. Said in answer to RCPT, or with x.1.1; after DATA, or with x.2.0 or x.2.1, the same words are <see cref="Filtered"/>.</summary>
    UserUnknown,

    /// <summary>
    /// No such domain or host: NXDOMAIN, no MX and no address. A name server that does not answer, fails, or says "try again" is <see cref="NetworkError"/>.
    /// </summary>
    HostUnknown,

    /// <summary>The recipient has a new address, or the mailbox another owner (551, x.1.6, RFC 7293).</summary>
    HasMoved,

    /// <summary>
    /// The domain or host takes no mail at all, from anybody (null MX of RFC 7505, 521, 556); soft with a 4xx. A host that takes none from this client
    /// is <see cref="Blocked"/>.
    /// </summary>
    NotAccept,

    // soft
    /// <summary>The mailbox is over its quota, whatever the code. The disk of the whole system: <see cref="SystemFull"/>; the sender's quota: <see cref="RateLimited"/>.</summary>
    MailboxFull,

    /// <summary>The mailbox is there but disabled, inactive, locked, expired or closed.</summary>
    Suspend,

    /// <summary>
    /// The recipient's own filter or preferences refused; and "user unknown" where the host has accepted RCPT before, which shows that the user exists: docomo
    /// and KDDI answer so to mail from a domain that the subscriber does not let in. A filter of the host is <see cref="SpamDetected"/> or
    /// <see cref="PolicyViolation"/>.
    /// </summary>
    Filtered,

    /// <summary>Given up after retries, or the remote host did not answer in time. Says that time ran out, where nothing says over what.</summary>
    Expired,

    /// <summary>
    /// The remote host could not be reached, the connection broke, the name service failed, or the mail goes round in a loop. A connection that times out is
    /// <see cref="Expired"/>.
    /// </summary>
    NetworkError,

    /// <summary>A fault at the receiving system: its configuration, directory or database, a shutdown, overload.</summary>
    SystemError,

    /// <summary>The receiving system's disk is full. One mailbox over its quota is <see cref="MailboxFull"/>.</summary>
    SystemFull,

    /// <summary>A delivery program failed or died at the last hop: a pipe, procmail, a mailbox file that cannot be written.</summary>
    MailerError,

    /// <summary>The SMTP dialogue broke down over a command (500 to 504). A fault in the message itself is <see cref="NotCompliantRfc"/>.</summary>
    SyntaxError,

    /// <summary>The message is over a size limit of the host or the recipient. A mailbox without room for it is <see cref="MailboxFull"/>.</summary>
    EmailTooLarge,

    /// <summary>Too many messages, recipients, connections or errors in a time.</summary>
    RateLimited,

    /// <summary>The sender's own provider holds the address on a list and has not tried.</summary>
    Suppressed,

    // block
    /// <summary>The connecting host is refused: its address, network or HELO name, by a blocklist or by choice; or the answer to the connection itself was a refusal.</summary>
    Blocked,

    /// <summary>The reputation of the sending host or domain is too low, and the text says reputation, score or complaints.</summary>
    BadReputation,

    /// <summary>The connecting address lacks a (matching) PTR record, or its name does not resolve.</summary>
    RequirePtr,

    /// <summary>SPF, DKIM, DMARC or ARC failed. A login that failed is <see cref="SecurityError"/>.</summary>
    AuthFailure,

    /// <summary>The message was taken for spam, by its content, its links or a score. A sending host on a blocklist is <see cref="Blocked"/>.</summary>
    SpamDetected,

    /// <summary>A virus, malware or phishing was found in the message.</summary>
    VirusDetected,

    /// <summary>The form of the content is not accepted: its MIME structure, header, character set or encoding.</summary>
    ContentError,

    /// <summary>A policy of the receiver forbids it, and the text does not say what it objects to; and attachments that it does not allow.</summary>
    PolicyViolation,

    /// <summary>
    /// The envelope sender or the From address is refused: it or its domain does not exist, is on a list, or may not write to this group. Whatever is unknown
    /// in answer to MAIL is the sender.
    /// </summary>
    Rejected,

    /// <summary>The host does not relay for this recipient: the domain is not its own, and the client has not logged in.</summary>
    NoRelaying,

    /// <summary>A security rule of the receiver: a login that is missing or failed, or access that is denied without a word why.</summary>
    SecurityError,

    /// <summary>The message breaks an RFC: a header that must be there, a bare line feed, a line too long.</summary>
    NotCompliantRfc,

    /// <summary>TLS could not be agreed on: not offered, a handshake that failed, a certificate that is not trusted (RFC 3207, MTA-STS, DANE).</summary>
    FailedStarttls,

    // undetermined
    /// <summary>Several causes are possible, and the text says no more than "later": greylisting, a bare 450.</summary>
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
