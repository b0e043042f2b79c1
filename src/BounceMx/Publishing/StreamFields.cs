using BounceMx.Pipeline;
using StackExchange.Redis;

namespace BounceMx.Publishing;

/// <summary>An event as the flat fields of a stream entry (docs/events.md): empty ones left out, <c>data</c> last with the whole event.</summary>
internal static class StreamFields
{
    private static readonly (string Name, Func<BounceEvent, string?> Value)[] Fields =
    [
        ("id", e => e.Id),
        ("type", e => e.Type),
        ("severity", e => e.Severity),
        ("reason", e => e.Reason),
        ("advice", e => e.Advice),
        ("recipient", e => e.Recipient),
        ("recipient_hash", e => e.RecipientHash),
        ("recipient_source", e => e.RecipientSource),
        ("action", e => e.Action),
        ("status", e => e.Status),
        ("reply", e => e.Reply),
        ("diagnostic", e => e.Diagnostic),
        ("remote_mta", e => e.RemoteMta),
        ("reporting_mta", e => e.ReportingMta),
        ("command", e => e.Command),
        // A tag holds no "+": it is what separates tags in the bounce address.
        ("tags", e => e.Tags is null ? null : string.Join('+', e.Tags)),
        ("stream", e => e.Stream),
        ("bounce_address", e => e.BounceAddress),
        ("trust", e => e.Trust),
        ("rule", e => e.Rule),
        ("occurred_at", e => Rfc3339Converter.Write(e.OccurredAt)),
        ("received_at", e => Rfc3339Converter.Write(e.ReceivedAt)),
        ("message_id", e => e.MessageId),
        ("feedback_id", e => e.FeedbackId),
        ("list_id", e => e.ListId),
    ];

    /// <summary>Adds names and values in turn, as XADD takes them.</summary>
    public static void AddTo(List<RedisValue> arguments, BounceEvent bounceEvent, string data)
    {
        foreach ((string name, Func<BounceEvent, string?> value) in Fields)
        {
            if (value(bounceEvent) is not { Length: > 0 } text)
                continue;
            arguments.Add(name);
            arguments.Add(text);
        }
        arguments.Add("data");
        arguments.Add(data);
    }
}
