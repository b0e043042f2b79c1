using System.Reflection;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>
/// The labels of metrics that come from replies. The reason of a refusal is the name that the reply has in <see cref="SmtpReplies"/>, so that
/// every refusal of the server has one without being told, and two that share a code (550 5.7.1) are told apart.
/// </summary>
internal static class ReplyTags
{
    private const string ReasonKey = "reason";
    private const int FirstCode = 200;
    private const int LastCode = 599;

    // A handler may make replies of its own, and give them any code.
    private static readonly Tag OtherReason = new(ReasonKey, "other");
    private static readonly Tag OtherCode = new("code", 0);

    private static readonly Tag Accepted = new("outcome", "accepted");
    private static readonly Tag Deferred = new("outcome", "deferred");
    private static readonly Tag Refused = new("outcome", "refused");

    private static readonly Tag[] Codes = [.. Enumerable.Range(FirstCode, LastCode - FirstCode + 1).Select(code => new Tag("code", code))];

    // By reference: a reply is a static, and to compare its text would cost more than all else here.
    private static readonly Dictionary<SmtpReply, Tag> Reasons = new(
        typeof(SmtpReplies)
            .GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(SmtpReply))
            .Select(property => (Reply: (SmtpReply)property.GetValue(null)!, property.Name))
            .Where(named => !named.Reply.IsPositive)
            .Select(named => KeyValuePair.Create(named.Reply, new Tag(ReasonKey, MetricTags.Word(named.Name))))
            .DistinctBy(pair => pair.Key, ReferenceEqualityComparer.Instance),
        ReferenceEqualityComparer.Instance
    );

    /// <summary>The reply code, as a number.</summary>
    public static Tag Code(SmtpReply reply) =>
        reply.Code.Value is >= FirstCode and <= LastCode and var code ? Codes[code - FirstCode] : OtherCode;

    /// <summary>What a refusal says: <c>no_relaying</c>, <c>too_many_recipients</c>; <c>other</c> for a handler's own.</summary>
    public static Tag Reason(SmtpReply reply) => Reasons.TryGetValue(reply, out Tag tag) ? tag : OtherReason;

    /// <summary>What became of a message.</summary>
    public static Tag Outcome(SmtpReply reply) =>
        reply.Code.Class switch
        {
            2 => Accepted,
            4 => Deferred,
            _ => Refused,
        };
}
