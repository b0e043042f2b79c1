namespace BounceMx.Intake;

/// <summary>What is done with a bounce address whose signature is wanting.</summary>
internal enum DoorPolicy
{
    /// <summary>550 to RCPT.</summary>
    Refuse,

    /// <summary>Accepted; its events say so, and are never relied on.</summary>
    Mark,

    /// <summary>Accepted, as it would be without keys.</summary>
    Accept,
}

/// <summary>
/// Sections <c>Verp</c> and <c>Verp:Doors:DOMAIN</c>: what is done with addresses that nothing proves. What the section of a domain does not
/// say, section <c>Verp</c> does; what neither says depends on whether there are keys.
/// </summary>
internal sealed class DoorSettings
{
    /// <summary>Without a signature; plain addresses and other programs' forms have none. With keys: mark, as such mail may be on its way.</summary>
    public DoorPolicy? Unsigned { get; set; }

    /// <summary>Signed by us, but longer ago than <c>MaxAge</c>. With keys: refuse.</summary>
    public DoorPolicy? Expired { get; set; }

    /// <summary>With a signature that is not ours. With keys: refuse.</summary>
    public DoorPolicy? BadlySigned { get; set; }

    /// <summary>The policy for an outcome.</summary>
    /// <param name="outcome">Not a valid signature.</param>
    public DoorPolicy For(SignatureOutcome outcome) =>
        outcome switch
        {
            SignatureOutcome.NotChecked => DoorPolicy.Accept,
            SignatureOutcome.Unsigned => Unsigned ?? DoorPolicy.Mark,
            SignatureOutcome.Expired => Expired ?? DoorPolicy.Refuse,
            _ => BadlySigned ?? DoorPolicy.Refuse,
        };
}
