namespace BounceMx.Mail.Classification;

/// <summary>What a piece of evidence is. Members stand by their weight: the first that there is decides.</summary>
public enum EvidenceSource
{
    /// <summary>The recipient was delivered to, relayed or expanded (RFC 3464 section 2.3.3).</summary>
    PassedOn,

    /// <summary>The report as a whole is a complaint, an automatic reply or a delivery report.</summary>
    ReportKind,

    /// <summary>Words that a rule knows.</summary>
    Rule,

    /// <summary>The category into which the reporting MTA sorted the failure.</summary>
    Category,

    /// <summary>An enhanced status code that means one thing, written into the diagnostic.</summary>
    WrittenStatus,

    /// <summary>An enhanced status code that means one thing, as the report sums it up.</summary>
    Status,

    /// <summary>An SMTP reply code that means one thing, whatever its text.</summary>
    SpecificReply,

    /// <summary>A program on the reporting host failed, in words that no rule knows.</summary>
    Program,

    /// <summary>Delivery is being tried further, and nothing more telling says why it is late.</summary>
    Delay,

    /// <summary>An enhanced status code that stands for many causes, such as 5.7.1 or x.n.0.</summary>
    GenericStatus,

    /// <summary>An SMTP reply code that stands for many causes.</summary>
    Reply,

    /// <summary>Nothing says why.</summary>
    None,
}
