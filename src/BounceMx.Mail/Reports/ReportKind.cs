namespace BounceMx.Mail.Reports;

/// <summary>What a message is, taken as a whole.</summary>
public enum ReportKind
{
    /// <summary>No report that we understand: ordinary mail, or a bounce of an unknown shape.</summary>
    Other,

    /// <summary>At least one recipient failed.</summary>
    Bounce,

    /// <summary>Delivery is being tried further (RFC 3464 action <c>delayed</c>).</summary>
    Delay,

    /// <summary>Delivered, relayed or expanded as asked for (RFC 3464).</summary>
    Delivered,

    /// <summary>A feedback report (RFC 5965).</summary>
    Complaint,

    /// <summary>Written by a machine in answer to the message (RFC 3834).</summary>
    AutoReply,
}
