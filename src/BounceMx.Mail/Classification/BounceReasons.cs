using System.Collections.Frozen;

namespace BounceMx.Mail.Classification;

/// <summary>
/// The one table of the vocabulary: each reason with its word on the wire and its default severity.
/// Look-ups allocate nothing.
/// </summary>
public static class BounceReasons
{
    private static readonly (BounceReason Reason, string Wire, Severity Severity)[] Table =
    [
        (BounceReason.UserUnknown, "user_unknown", Severity.Hard),
        (BounceReason.HostUnknown, "host_unknown", Severity.Hard),
        (BounceReason.HasMoved, "has_moved", Severity.Hard),
        (BounceReason.NotAccept, "not_accept", Severity.Hard),
        (BounceReason.MailboxFull, "mailbox_full", Severity.Soft),
        (BounceReason.Suspend, "suspend", Severity.Soft),
        (BounceReason.Filtered, "filtered", Severity.Soft),
        (BounceReason.Expired, "expired", Severity.Soft),
        (BounceReason.NetworkError, "network_error", Severity.Soft),
        (BounceReason.SystemError, "system_error", Severity.Soft),
        (BounceReason.SystemFull, "system_full", Severity.Soft),
        (BounceReason.MailerError, "mailer_error", Severity.Soft),
        (BounceReason.SyntaxError, "syntax_error", Severity.Soft),
        (BounceReason.EmailTooLarge, "email_too_large", Severity.Soft),
        (BounceReason.RateLimited, "rate_limited", Severity.Soft),
        (BounceReason.Suppressed, "suppressed", Severity.Soft),
        (BounceReason.Blocked, "blocked", Severity.Block),
        (BounceReason.BadReputation, "bad_reputation", Severity.Block),
        (BounceReason.RequirePtr, "require_ptr", Severity.Block),
        (BounceReason.AuthFailure, "auth_failure", Severity.Block),
        (BounceReason.SpamDetected, "spam_detected", Severity.Block),
        (BounceReason.VirusDetected, "virus_detected", Severity.Block),
        (BounceReason.ContentError, "content_error", Severity.Block),
        (BounceReason.PolicyViolation, "policy_violation", Severity.Block),
        (BounceReason.Rejected, "rejected", Severity.Block),
        (BounceReason.NoRelaying, "no_relaying", Severity.Block),
        (BounceReason.SecurityError, "security_error", Severity.Block),
        (BounceReason.NotCompliantRfc, "not_compliant_rfc", Severity.Block),
        (BounceReason.FailedStarttls, "failed_starttls", Severity.Block),
        (BounceReason.OnHold, "on_hold", Severity.Undetermined),
        (BounceReason.Undefined, "undefined", Severity.Undetermined),
        (BounceReason.Delivered, "delivered", Severity.None),
        (BounceReason.Feedback, "feedback", Severity.None),
        (BounceReason.Vacation, "vacation", Severity.None),
    ];

    private static readonly FrozenDictionary<string, BounceReason>.AlternateLookup<ReadOnlySpan<char>> ByWire = Table
        .ToFrozenDictionary(row => row.Wire, row => row.Reason, StringComparer.Ordinal)
        .GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Every reason, in the order of the enumeration.</summary>
    public static IReadOnlyList<BounceReason> All { get; } = [.. Table.Select(row => row.Reason)];

    /// <summary>The word on the wire: lower case, words joined by <c>_</c>.</summary>
    /// <param name="reason">A defined member.</param>
    public static string ToWire(this BounceReason reason) => Table[(int)reason].Wire;

    /// <summary>The severity that a reason has unless the configuration says otherwise, for a failure that is final.</summary>
    /// <param name="reason">A defined member.</param>
    public static Severity DefaultSeverity(this BounceReason reason) => Table[(int)reason].Severity;

    /// <summary>Reads a word of the wire.</summary>
    /// <param name="wire">Such as <c>user_unknown</c>; case counts.</param>
    /// <param name="reason">The reason; default when the result is <c>false</c>.</param>
    /// <returns><c>false</c> when no reason has this word.</returns>
    public static bool TryParse(ReadOnlySpan<char> wire, out BounceReason reason) => ByWire.TryGetValue(wire, out reason);
}
