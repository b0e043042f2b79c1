namespace BounceMx.Mail.Classification;

/// <summary>
/// The one table of the vocabulary: each reason with its word on the wire, its default severity, and the advice where it is not hard.
/// Look-ups allocate nothing.
/// </summary>
public static class BounceReasons
{
    private static readonly (BounceReason Reason, string Wire, Severity Severity, Advice UnlessHard)[] Table =
    [
        (BounceReason.UserUnknown, "user_unknown", Severity.Hard, Advice.RetryLater),
        (BounceReason.HostUnknown, "host_unknown", Severity.Hard, Advice.RetryLater),
        (BounceReason.HasMoved, "has_moved", Severity.Hard, Advice.RetryLater),
        (BounceReason.NotAccept, "not_accept", Severity.Hard, Advice.RetryLater),
        (BounceReason.MailboxFull, "mailbox_full", Severity.Soft, Advice.RetryLater),
        (BounceReason.Suspend, "suspend", Severity.Soft, Advice.Review), // it may come back, or become a spam trap: time alone does not tell
        (BounceReason.Filtered, "filtered", Severity.Soft, Advice.Review), // only the recipient can let the sender in
        (BounceReason.Expired, "expired", Severity.Soft, Advice.RetryLater),
        (BounceReason.NetworkError, "network_error", Severity.Soft, Advice.RetryLater),
        (BounceReason.SystemError, "system_error", Severity.Soft, Advice.RetryLater),
        (BounceReason.SystemFull, "system_full", Severity.Soft, Advice.RetryLater),
        (BounceReason.MailerError, "mailer_error", Severity.Soft, Advice.RetryLater),
        (BounceReason.SyntaxError, "syntax_error", Severity.Soft, Advice.FixSender), // commands are made by the sending host, not by the message
        (BounceReason.EmailTooLarge, "email_too_large", Severity.Soft, Advice.FixMessage),
        (BounceReason.RateLimited, "rate_limited", Severity.Soft, Advice.FixSender),
        (BounceReason.Suppressed, "suppressed", Severity.Soft, Advice.Review), // the address is to go from the provider's list, or from one's own
        (BounceReason.Blocked, "blocked", Severity.Block, Advice.FixSender),
        (BounceReason.BadReputation, "bad_reputation", Severity.Block, Advice.FixSender),
        (BounceReason.RequirePtr, "require_ptr", Severity.Block, Advice.FixSender),
        (BounceReason.AuthFailure, "auth_failure", Severity.Block, Advice.FixSender),
        (BounceReason.SpamDetected, "spam_detected", Severity.Block, Advice.FixMessage),
        (BounceReason.VirusDetected, "virus_detected", Severity.Block, Advice.FixMessage),
        (BounceReason.ContentError, "content_error", Severity.Block, Advice.FixMessage),
        (BounceReason.PolicyViolation, "policy_violation", Severity.Block, Advice.Review), // of the sender, the message or the recipient: the words tell
        (BounceReason.Rejected, "rejected", Severity.Block, Advice.FixSender),
        (BounceReason.NoRelaying, "no_relaying", Severity.Block, Advice.FixSender),
        (BounceReason.SecurityError, "security_error", Severity.Block, Advice.FixSender),
        (BounceReason.NotCompliantRfc, "not_compliant_rfc", Severity.Block, Advice.FixMessage),
        (BounceReason.FailedStarttls, "failed_starttls", Severity.Block, Advice.FixSender),
        (BounceReason.OnHold, "on_hold", Severity.Undetermined, Advice.Review),
        (BounceReason.Undefined, "undefined", Severity.Undetermined, Advice.Review),
        (BounceReason.Delivered, "delivered", Severity.None, Advice.None),
        (BounceReason.Feedback, "feedback", Severity.None, Advice.Remove), // who complains does not want to be mailed
        (BounceReason.Vacation, "vacation", Severity.None, Advice.None),
    ];

    /// <summary>Every reason, in the order of the enumeration.</summary>
    public static IReadOnlyList<BounceReason> All { get; } = [.. Table.Select(row => row.Reason)];

    /// <summary>The word on the wire: lower case, words joined by <c>_</c>.</summary>
    /// <param name="reason">A defined member.</param>
    public static string ToWire(this BounceReason reason) => Table[(int)reason].Wire;

    /// <summary>The severity that a reason has unless the configuration says otherwise, for a failure that is final.</summary>
    /// <param name="reason">A defined member.</param>
    public static Severity DefaultSeverity(this BounceReason reason) => Table[(int)reason].Severity;

    /// <summary>What to do about the reason where it is not hard; for the reasons that are hard by default, that is a delivery still being tried.</summary>
    /// <param name="reason">A defined member.</param>
    public static Advice AdviceUnlessHard(this BounceReason reason) => Table[(int)reason].UnlessHard;

    /// <summary>Reads a word of the wire.</summary>
    /// <param name="wire">Such as <c>user_unknown</c>; case counts.</param>
    /// <param name="reason">The reason; default when the result is <c>false</c>.</param>
    /// <returns><c>false</c> when no reason has this word.</returns>
    public static bool TryParse(ReadOnlySpan<char> wire, out BounceReason reason)
    {
        // Read once a rule at start-up: a loop is done before a hash table would be compiled.
        foreach ((BounceReason candidate, string word, _, _) in Table)
        {
            if (wire.SequenceEqual(word))
            {
                reason = candidate;
                return true;
            }
        }
        reason = default;
        return false;
    }
}
