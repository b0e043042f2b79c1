namespace BounceMx.Mail.Classification;

/// <summary>
/// What words mean in answer to a certain SMTP command, where that is not what they say.
/// <para>Does: turn the reason of a rule that does not ask for a command itself. MAIL names the sender and nobody else, so what is unknown there is the
/// sender. After DATA a recipient has been accepted already, so one that is "unknown" there exists: the host hides a filter behind the words.</para>
/// <para>Does not: trust DATA where the status code says 5.1.1. A client that pipelines may learn of a refused RCPT only after it has sent DATA
/// (RFC 2920), and Sendmail then reports it so.</para>
/// </summary>
internal static class CommandTable
{
    /// <summary>A row: what the words say, the command they answered, and what they mean.</summary>
    private static readonly (BounceReason Said, string Command, BounceReason Meant)[] Rows =
    [
        (BounceReason.UserUnknown, "MAIL", BounceReason.Rejected),
        (BounceReason.HostUnknown, "MAIL", BounceReason.Rejected),
        (BounceReason.HasMoved, "MAIL", BounceReason.Rejected),
        (BounceReason.NotAccept, "MAIL", BounceReason.Rejected),
        (BounceReason.UserUnknown, "DATA", BounceReason.Filtered),
    ];

    /// <summary>What <paramref name="said"/> means.</summary>
    /// <param name="said">The reason of the words alone.</param>
    /// <param name="command">The command that was refused, upper case; <c>null</c> when not known.</param>
    /// <param name="status">The status code; <c>null</c> when there is none.</param>
    public static BounceReason Turn(BounceReason said, string? command, EnhancedStatusCode? status)
    {
        // RFC 3463 section 3.3: x.2.0 and x.2.1 are said of a mailbox that is there. At RCPT the words outweigh them.
        if (said == BounceReason.UserUnknown && command != "RCPT" && status is { Subject: 2, Detail: 0 or 1 })
            return BounceReason.Filtered;
        foreach ((BounceReason of, string at, BounceReason meant) in Rows)
        {
            if (of == said && at == command && !(at == "DATA" && status is { Subject: 1, Detail: > 0 }))
                return meant;
        }
        return said;
    }
}
