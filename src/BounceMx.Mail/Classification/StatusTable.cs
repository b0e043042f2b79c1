namespace BounceMx.Mail.Classification;

/// <summary>
/// What an enhanced status code says where no rule knows the words.
/// <para>Does: give the reason of each code that is registered, and of those that large providers added and documented.</para>
/// <para>Does not: judge generic codes. Those of the form x.n.0 and x.7.1 stand for everything; they count only after the SMTP reply code.</para>
/// <para>Standards: RFC 3463 section 3, the IANA registry "SMTP Enhanced Status Codes"; Microsoft's list "Email non-delivery reports in Exchange Online".</para>
/// </summary>
internal static class StatusTable
{
    /// <summary>A row: class 4, 5 or 0 for both; a row with its own class goes before one with 0.</summary>
    private static readonly (int Class, int Subject, int Detail, BounceReason Reason)[] Rows =
    [
        // RFC 3463 section 3.2: addressing
        (0, 1, 0, BounceReason.OnHold), // gateways wrap every 550 in it, so it must not become a hard failure
        (0, 1, 1, BounceReason.UserUnknown),
        (0, 1, 2, BounceReason.HostUnknown),
        (0, 1, 3, BounceReason.UserUnknown),
        (0, 1, 4, BounceReason.UserUnknown),
        (0, 1, 6, BounceReason.HasMoved),
        (0, 1, 7, BounceReason.Rejected),
        (0, 1, 8, BounceReason.Rejected),
        (0, 1, 9, BounceReason.SystemError), // RFC 3886: handed to a mailer that sends no reports
        (0, 1, 10, BounceReason.NotAccept), // RFC 7505: null MX
        // section 3.3: mailbox
        (0, 2, 0, BounceReason.Filtered),
        (0, 2, 1, BounceReason.Suspend),
        (0, 2, 2, BounceReason.MailboxFull),
        (0, 2, 3, BounceReason.EmailTooLarge),
        (0, 2, 4, BounceReason.SystemError),
        // section 3.4: mail system
        (0, 3, 0, BounceReason.SystemError),
        (0, 3, 1, BounceReason.SystemFull),
        (4, 3, 2, BounceReason.SystemError), // shutting down, overloaded, under maintenance
        (5, 3, 2, BounceReason.NotAccept), // RFC 7504: with 521, the host never takes mail
        (0, 3, 3, BounceReason.SystemError),
        (0, 3, 4, BounceReason.EmailTooLarge),
        (0, 3, 5, BounceReason.SystemError),
        // section 3.5: network and routing
        (0, 4, 0, BounceReason.NetworkError),
        (0, 4, 1, BounceReason.Expired), // no answer from the host, until it was given up
        (0, 4, 2, BounceReason.NetworkError),
        (0, 4, 3, BounceReason.NetworkError),
        (4, 4, 4, BounceReason.NetworkError),
        (5, 4, 4, BounceReason.HostUnknown), // unable to route: the name service knows no host
        (0, 4, 5, BounceReason.SystemError),
        (0, 4, 6, BounceReason.NetworkError),
        (0, 4, 7, BounceReason.Expired),
        // section 3.6: protocol
        (0, 5, 1, BounceReason.SyntaxError),
        (0, 5, 2, BounceReason.SyntaxError),
        (0, 5, 3, BounceReason.RateLimited),
        (0, 5, 4, BounceReason.SyntaxError),
        (0, 5, 5, BounceReason.SyntaxError),
        (0, 5, 6, BounceReason.SyntaxError), // RFC 4954
        // section 3.7: content; 6.7 to 6.9 are RFC 6531
        (0, 6, 0, BounceReason.ContentError),
        (0, 6, 1, BounceReason.ContentError),
        (0, 6, 2, BounceReason.ContentError),
        (0, 6, 3, BounceReason.ContentError),
        (0, 6, 4, BounceReason.ContentError),
        (0, 6, 5, BounceReason.ContentError),
        (0, 6, 6, BounceReason.ContentError),
        (0, 6, 7, BounceReason.ContentError),
        (0, 6, 8, BounceReason.ContentError),
        (0, 6, 9, BounceReason.ContentError),
        (0, 6, 10, BounceReason.ContentError),
        // section 3.8: security and policy
        (4, 7, 0, BounceReason.OnHold), // greylisting, a rate, a policy service that is down: it may pass
        (5, 7, 0, BounceReason.PolicyViolation),
        (4, 7, 1, BounceReason.OnHold),
        (5, 7, 1, BounceReason.PolicyViolation),
        (0, 7, 2, BounceReason.Filtered),
        (0, 7, 3, BounceReason.SecurityError),
        (0, 7, 4, BounceReason.SecurityError),
        (0, 7, 5, BounceReason.SecurityError),
        (0, 7, 6, BounceReason.SecurityError),
        (0, 7, 7, BounceReason.SecurityError),
        (0, 7, 8, BounceReason.SecurityError), // RFC 4954
        (0, 7, 9, BounceReason.SecurityError),
        (0, 7, 10, BounceReason.FailedStarttls), // RFC 5248
        (0, 7, 11, BounceReason.SecurityError), // RFC 4954
        (0, 7, 12, BounceReason.SecurityError),
        (0, 7, 13, BounceReason.Suspend), // RFC 5248
        (0, 7, 14, BounceReason.SecurityError),
        (0, 7, 15, BounceReason.PolicyViolation), // RFC 6710
        (0, 7, 16, BounceReason.EmailTooLarge),
        (0, 7, 17, BounceReason.HasMoved), // RFC 7293: the mailbox has another owner now
        (0, 7, 18, BounceReason.HasMoved),
        (0, 7, 19, BounceReason.PolicyViolation),
        (0, 7, 20, BounceReason.AuthFailure), // RFC 7372, 20 to 26
        (0, 7, 21, BounceReason.AuthFailure),
        (0, 7, 22, BounceReason.AuthFailure),
        (0, 7, 23, BounceReason.AuthFailure),
        (0, 7, 24, BounceReason.AuthFailure),
        (0, 7, 25, BounceReason.RequirePtr),
        (0, 7, 26, BounceReason.AuthFailure),
        (0, 7, 27, BounceReason.Rejected), // RFC 7505: the sender's domain has a null MX
        (0, 7, 28, BounceReason.RateLimited), // RFC 8617 era: mail flood detected
        (0, 7, 29, BounceReason.AuthFailure), // RFC 8617: ARC
        (0, 7, 30, BounceReason.FailedStarttls), // RFC 8689: REQUIRETLS
        // Exchange Online
        (0, 0, 350, BounceReason.PolicyViolation),
        (0, 1, 20, BounceReason.NotCompliantRfc), // several From addresses
        (0, 1, 90, BounceReason.RateLimited),
        (0, 1, 351, BounceReason.UserUnknown), // the remote host's own words follow
        (0, 2, 121, BounceReason.RateLimited),
        (0, 2, 122, BounceReason.RateLimited),
        (0, 3, 190, BounceReason.PolicyViolation), // journaling
        (0, 4, 11, BounceReason.NetworkError), // a loop of journals
        (0, 4, 14, BounceReason.NetworkError), // hop count
        (0, 4, 300, BounceReason.Expired),
        (0, 4, 310, BounceReason.HostUnknown),
        (0, 4, 312, BounceReason.NetworkError),
        (0, 4, 316, BounceReason.Expired),
        (0, 6, 11, BounceReason.NotCompliantRfc), // bare line feeds
        (0, 7, 54, BounceReason.NoRelaying),
        (0, 7, 57, BounceReason.SecurityError),
        (0, 7, 60, BounceReason.Rejected),
        (0, 7, 64, BounceReason.NoRelaying),
        (0, 7, 124, BounceReason.Rejected), // only listed senders may write to this group
        (0, 7, 133, BounceReason.SecurityError),
        (0, 7, 134, BounceReason.SecurityError),
        (0, 7, 135, BounceReason.SecurityError),
        (0, 7, 136, BounceReason.SecurityError),
        (0, 7, 139, BounceReason.SecurityError),
        (0, 7, 501, BounceReason.SpamDetected),
        (0, 7, 502, BounceReason.SpamDetected),
        (0, 7, 503, BounceReason.SpamDetected),
        (0, 7, 508, BounceReason.RateLimited),
        (0, 7, 509, BounceReason.AuthFailure),
        (0, 7, 511, BounceReason.Blocked),
        (0, 7, 512, BounceReason.NotCompliantRfc),
        (0, 7, 515, BounceReason.AuthFailure),
        (0, 7, 520, BounceReason.PolicyViolation),
        (0, 7, 606, BounceReason.Blocked),
        (0, 7, 650, BounceReason.BadReputation),
        (0, 7, 705, BounceReason.RateLimited),
        (0, 7, 708, BounceReason.BadReputation),
        (0, 7, 750, BounceReason.Blocked), // a domain that the tenant has not registered
    ];

    /// <summary>Whether a code stands for so many causes that other evidence goes before it.</summary>
    public static bool IsGeneric(EnhancedStatusCode code) => code is { Detail: 0 } or { Subject: 7, Detail: 1 };

    /// <summary>The reason of a code; <c>null</c> where the table has none: unregistered, 2.x.x, or x.0.0 and x.5.0, which say nothing.</summary>
    // A walk through the rows: the dictionary that spares it costs more at the start than all look-ups of a thousand messages.
    public static BounceReason? Find(EnhancedStatusCode code)
    {
        BounceReason? found = null;
        if (code.Class == 2)
            return found;
        foreach ((int ofClass, int subject, int detail, BounceReason reason) in Rows)
        {
            if (detail != code.Detail || subject != code.Subject)
                continue;
            if (ofClass == code.Class)
                return reason;
            if (ofClass == 0)
                found = reason;
        }
        return found;
    }
}
