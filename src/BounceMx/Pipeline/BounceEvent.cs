using System.Text.Json;
using System.Text.Json.Serialization;

namespace BounceMx.Pipeline;

/// <summary>
/// What is published about one recipient: event schema 1 (docs/events.md). Words are the wire's own; what is not known is <c>null</c> and
/// left out. Texts hold no control characters.
/// </summary>
internal sealed record BounceEvent
{
    public int Schema { get; init; } = 1;

    /// <summary>26 characters, derived from the content (<see cref="EventId"/>).</summary>
    public required string Id { get; init; }

    public required string Type { get; init; }
    public required string Severity { get; init; }
    public required string Reason { get; init; }

    /// <summary>Missing only in events that were stored before there was advice.</summary>
    public string? Advice { get; init; }

    public string? Recipient { get; init; }

    /// <summary>In place of the recipient, where the bounce address has only its hash and nobody that the report names confirms it.</summary>
    public string? RecipientHash { get; init; }

    public string? RecipientSource { get; init; }
    public string? Action { get; init; }
    public string? Status { get; init; }
    public string? Reply { get; init; }
    public string? Diagnostic { get; init; }
    public string? RemoteMta { get; init; }
    public string? ReportingMta { get; init; }
    public string? Command { get; init; }
    public IReadOnlyList<string>? Tags { get; init; }
    public string? Stream { get; init; }
    public string? BounceAddress { get; init; }
    public required string Trust { get; init; }
    public required string Rule { get; init; }
    public required DateTimeOffset OccurredAt { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? MessageId { get; init; }
    public string? FeedbackId { get; init; }
    public string? ListId { get; init; }

    // Only in "data".
    public required EventEnvelope Envelope { get; init; }
    public string? Template { get; init; }
    public IReadOnlyList<string>? Layers { get; init; }
    public IReadOnlyDictionary<string, string>? Fields { get; init; }
    public string? FinalRecipient { get; init; }
    public string? OriginalRecipient { get; init; }
    public string? Subject { get; init; }
    public IReadOnlyDictionary<string, string>? Headers { get; init; }
    public required IReadOnlyList<string> Evidence { get; init; }
    public required long SpoolId { get; init; }
    public bool ParseLimited { get; init; }
}

/// <summary>The envelope as it stands in an event.</summary>
internal sealed record EventEnvelope(string MailFrom, IReadOnlyList<string> RcptTo, string Helo, string RemoteIp, string? Tls = null);

/// <summary>The JSON of an event. What came by mail is escaped beyond JSON's needs (HTML, non-ASCII), as nobody knows where it will be shown.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(Rfc3339Converter)]
)]
[JsonSerializable(typeof(BounceEvent))]
internal sealed partial class EventJson : JsonSerializerContext
{
    public static string Write(BounceEvent bounceEvent) => JsonSerializer.Serialize(bounceEvent, Default.BounceEvent);

    /// <summary>An event of its JSON.</summary>
    /// <exception cref="JsonException">It is no event.</exception>
    public static BounceEvent Read(string json) =>
        JsonSerializer.Deserialize(json, Default.BounceEvent) ?? throw new JsonException("null is no event");
}
