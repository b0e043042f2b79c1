namespace BounceMx.Mail;

/// <summary>Where reports about a message go: the argument of MAIL FROM (RFC 5321 section 4.1.2).</summary>
/// <param name="Mailbox"><c>null</c> for the null path <c>&lt;&gt;</c>, which a bounce has.</param>
public readonly record struct ReversePath(Mailbox? Mailbox)
{
    /// <summary>The null path <c>&lt;&gt;</c> (RFC 5321 section 4.5.5).</summary>
    public static ReversePath Null => default;

    /// <summary>Whether this is <c>&lt;&gt;</c>.</summary>
    public bool IsNull => Mailbox is null;

    /// <summary>The mailbox without angle brackets; empty for the null path.</summary>
    public override string ToString() => Mailbox?.ToString() ?? "";
}
