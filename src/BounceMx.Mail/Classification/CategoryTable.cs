using System.Collections.Frozen;

namespace BounceMx.Mail.Classification;

/// <summary>
/// What the categories mean into which PowerMTA sorts bounces (its user guide, "Bounce categories"; the field <c>X-PowerMTA-BounceCategory</c>).
/// <para>Does not: know the categories that an operator may define, nor <c>other</c>, which says nothing.</para>
/// </summary>
internal static class CategoryTable
{
    private static readonly FrozenDictionary<string, BounceReason> Reasons = new Dictionary<string, BounceReason>(StringComparer.Ordinal)
    {
        ["bad-mailbox"] = BounceReason.UserUnknown,
        ["bad-domain"] = BounceReason.HostUnknown,
        ["quota-issues"] = BounceReason.MailboxFull,
        ["inactive-mailbox"] = BounceReason.Suspend,
        ["message-expired"] = BounceReason.Expired,
        ["no-answer-from-host"] = BounceReason.Expired,
        ["bad-connection"] = BounceReason.NetworkError,
        ["routing-errors"] = BounceReason.NetworkError,
        ["bad-configuration"] = BounceReason.SystemError,
        ["protocol-errors"] = BounceReason.SyntaxError,
        ["invalid-sender"] = BounceReason.Rejected,
        ["relaying-issues"] = BounceReason.NoRelaying,
        ["spam-related"] = BounceReason.SpamDetected,
        ["virus-related"] = BounceReason.VirusDetected,
        ["content-related"] = BounceReason.ContentError,
        ["policy-related"] = BounceReason.PolicyViolation,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The reason of a category; <c>null</c> where the table has none.</summary>
    public static BounceReason? Find(string category) => Reasons.TryGetValue(category, out BounceReason reason) ? reason : null;
}
