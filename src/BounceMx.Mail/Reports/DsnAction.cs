namespace BounceMx.Mail.Reports;

/// <summary>What the reporting MTA did for a recipient (RFC 3464 section 2.3.3).</summary>
public enum DsnAction
{
    /// <summary>Not stated, or not one of the five words.</summary>
    None,

    /// <summary>Given up.</summary>
    Failed,

    /// <summary>Still being tried.</summary>
    Delayed,

    /// <summary>In the mailbox.</summary>
    Delivered,

    /// <summary>Handed to an MTA that sends no reports.</summary>
    Relayed,

    /// <summary>Delivered to a list of other recipients.</summary>
    Expanded,
}
