namespace BounceMx.Mail;

/// <summary>A recipient: the argument of RCPT TO, its source route discarded (RFC 5321 sections 4.1.2 and F.2).</summary>
/// <param name="Mailbox">The mailbox; its domain is empty for <c>&lt;Postmaster&gt;</c>.</param>
public readonly record struct ForwardPath(Mailbox Mailbox)
{
    /// <summary>Whether this is <c>&lt;Postmaster&gt;</c> without a domain (RFC 5321 section 4.5.1).</summary>
    public bool IsBarePostmaster => Mailbox.Domain.Length == 0;

    /// <summary>The mailbox without angle brackets.</summary>
    public override string ToString() => Mailbox.ToString();
}
