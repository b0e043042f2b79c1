using System.Reflection;
using Tag = System.Collections.Generic.KeyValuePair<string, object?>;

namespace BounceMx.Smtp.Metrics;

/// <summary>
/// The labels of metrics that come from replies. The reason of a refusal is the name that the reply has in <see cref="SmtpReplies"/>, so that
/// every refusal of the server has one without being told, and two that share a code (550 5.7.1) are told apart.
/// </summary>
internal static class ReplyTags
{
    private const int FirstCode = 200;
    private const int LastCode = 599;

    // The refusals in the order of the file. Row 0 is for others: a handler may make replies of its own, and give them any code.
    private static readonly (SmtpReply Reply, string Name)[] Refusals =
    [
        .. typeof(SmtpReplies)
            .GetProperties(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(property => property.PropertyType == typeof(SmtpReply))
            .Select(property => (Reply: (SmtpReply)property.GetValue(null)!, property.Name))
            .Where(named => !named.Reply.IsPositive)
            .DistinctBy(named => named.Reply, ReferenceEqualityComparer.Instance),
    ];

    // By reference: a reply is a static, and to compare its text would cost more than all else here.
    private static readonly Dictionary<SmtpReply, int> Rows = new(
        Refusals.Select((named, i) => KeyValuePair.Create(named.Reply, i + 1)),
        ReferenceEqualityComparer.Instance
    );

    // What a connection may get in place of the greeting, and the row of what gets nothing.
    private static readonly SmtpReply[] OnConnecting =
    [
        SmtpReplies.TooManyConnections,
        SmtpReplies.TooManyPeerConnections,
        SmtpReplies.TooManyPeerErrors,
        SmtpReplies.TooMuchInTransit,
        SmtpReplies.NoHandler,
    ];

    /// <summary>Reply codes as numbers; row 0 is 0, for what is no reply code.</summary>
    public static Tag[] Codes { get; } =
    [new("code", 0), .. Enumerable.Range(FirstCode, LastCode - FirstCode + 1).Select(code => new Tag("code", code))];

    /// <summary>What refusals say: <c>no_relaying</c>, <c>too_many_recipients</c>; row 0 is <c>other</c>.</summary>
    public static Tag[] Reasons { get; } =
    [new("reason", "other"), .. Refusals.Select(named => new Tag("reason", MetricTags.Word(named.Name)))];

    /// <summary>The row of a reply in <see cref="Codes"/>.</summary>
    public static int CodeOf(SmtpReply reply) => reply.Code.Value is >= FirstCode and <= LastCode and var code ? code - FirstCode + 1 : 0;

    /// <summary>The row of a refusal in <see cref="Reasons"/>.</summary>
    public static int ReasonOf(SmtpReply reply) => Rows.GetValueOrDefault(reply);

    /// <summary>Why a connection did not become a session: as <see cref="Reasons"/>, and then <c>no_proxy_header</c>.</summary>
    public static Tag[] Rejections { get; } = [.. Reasons, new("reason", "no_proxy_header")];

    /// <summary>The row of <c>no_proxy_header</c> in <see cref="Rejections"/>.</summary>
    public static int NoProxyHeader => Rejections.Length - 1;

    /// <summary>Whether a row of <see cref="Rejections"/> is one that the server makes use of.</summary>
    public static bool IsOnConnecting(int row) => row == NoProxyHeader || OnConnecting.Any(reply => ReasonOf(reply) == row);

    /// <summary>What became of messages.</summary>
    public static Tag[] Outcomes { get; } = [new("outcome", "accepted"), new("outcome", "deferred"), new("outcome", "refused")];

    /// <summary>The row of a reply to a message in <see cref="Outcomes"/>.</summary>
    public static int OutcomeOf(SmtpReply reply) =>
        reply.Code.Class switch
        {
            2 => 0,
            4 => 1,
            _ => 2,
        };
}
