namespace BounceMx.Pipeline;

/// <summary>What can speak for an event or against it.</summary>
[Flags]
internal enum TrustSigns
{
    None = 0,

    /// <summary>The bounce address bears a valid signature that has not expired.</summary>
    ValidSignature = 1 << 0,

    /// <summary>There are keys, and the address bears no signature.</summary>
    Unsigned = 1 << 1,

    /// <summary>The signature is ours, but expired.</summary>
    Expired = 1 << 2,

    /// <summary>The signature is not ours.</summary>
    BadSignature = 1 << 3,

    /// <summary>The address came when there were no keys, and is read now that there are.</summary>
    NotChecked = 1 << 4,

    /// <summary>The signature was wanting, and the recipient was let in with a mark.</summary>
    Marked = 1 << 5,

    /// <summary>The envelope's reverse path is null.</summary>
    NullPath = 1 << 6,

    /// <summary>It is not.</summary>
    OtherPath = 1 << 7,

    /// <summary>The envelope has one recipient.</summary>
    OneRecipient = 1 << 8,

    /// <summary>The event is about the recipient of the bounce address, which is known.</summary>
    OwnRecipient = 1 << 9,

    /// <summary>The event is about another, named by a report to an address that names its own.</summary>
    Beside = 1 << 10,

    /// <summary>The report names the recipient of the bounce address.</summary>
    Confirmed = 1 << 11,

    /// <summary>It does not.</summary>
    NotConfirmed = 1 << 12,

    /// <summary>Nobody that the report names has the hash of the bounce address.</summary>
    HashNotConfirmed = 1 << 13,

    /// <summary>The hash of the bounce address was made with a key that is not among ours, so that it can be nobody's.</summary>
    HashOfUnknownKey = 1 << 14,

    /// <summary>The returned original was sent to a recipient that has the hash of the bounce address.</summary>
    SentToHash = 1 << 15,

    /// <summary>The returned original was sent from the bounce address that the report came to.</summary>
    SentFromHere = 1 << 16,

    /// <summary>It was sent from an address of another domain, as after forwarding, or as what is not ours.</summary>
    SentFromElsewhere = 1 << 17,

    /// <summary>It was sent from a bounce address of ours that names another recipient.</summary>
    SentToAnother = 1 << 18,

    /// <summary>The returned original is from one of the sender domains.</summary>
    OfSenderDomain = 1 << 19,

    /// <summary>It is from none of them.</summary>
    OfNoSenderDomain = 1 << 20,

    /// <summary>The peer's name is in the domain of the host that wrote the report.</summary>
    PeerIsReporting = 1 << 21,

    /// <summary>The peer's name is in the domain of the host that refused.</summary>
    PeerIsRemote = 1 << 22,

    /// <summary>The peer's name is in the recipient's domain.</summary>
    PeerIsRecipients = 1 << 23,

    /// <summary>The peer's name is in none of these domains. Relays are common.</summary>
    PeerIsAnother = 1 << 24,
}
