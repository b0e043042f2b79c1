using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Smtp;
using BounceMx.Verp;

namespace BounceMx.Storage;

/// <summary>How an envelope stands in the spool. Apart from <see cref="Envelope"/>, so that its types can change without the files.</summary>
internal sealed record StoredEnvelope(
    string MailFrom,
    IReadOnlyList<StoredRecipient> RcptTo,
    string Helo,
    string RemoteIp,
    bool BareLineEnds = false,
    string? Tls = null,
    Ret Ret = Ret.Unspecified,
    string? EnvelopeId = null
)
{
    public static string Write(Envelope envelope) =>
        JsonSerializer.Serialize(
            new StoredEnvelope(
                envelope.MailFrom,
                [.. envelope.RcptTo.Select(StoredRecipient.From)],
                envelope.Helo,
                envelope.RemoteIp.ToString(),
                envelope.BareLineEnds,
                envelope.Tls,
                envelope.Ret,
                envelope.EnvelopeId
            ),
            StorageJson.Default.StoredEnvelope
        );

    public static Envelope Read(string json)
    {
        StoredEnvelope stored = JsonSerializer.Deserialize(json, StorageJson.Default.StoredEnvelope)!;
        return new Envelope
        {
            MailFrom = stored.MailFrom,
            RcptTo = [.. stored.RcptTo.Select(recipient => recipient.ToAccepted())],
            Helo = stored.Helo,
            RemoteIp = IPAddress.Parse(stored.RemoteIp),
            BareLineEnds = stored.BareLineEnds,
            Tls = stored.Tls,
            Ret = stored.Ret,
            EnvelopeId = stored.EnvelopeId,
        };
    }
}

/// <summary>
/// A recipient in the spool: what was decided at RCPT time is kept, as keys may have gone when it is read. What an earlier version did not
/// write is missing, and means what it meant then.
/// </summary>
internal sealed record StoredRecipient(
    string LocalPart,
    string Domain,
    string? Recipient = null,
    IReadOnlyList<string>? Tags = null,
    Notify Notify = Notify.Unspecified,
    OriginalRecipient? OriginalRecipient = null,
    string? RecipientHash = null,
    IReadOnlyDictionary<string, string>? Fields = null,
    string? Stream = null,
    string? Template = null,
    IReadOnlyList<string>? Layers = null,
    [property: JsonConverter(typeof(JsonStringEnumConverter<SignatureOutcome>))] SignatureOutcome Signature = SignatureOutcome.NotChecked,
    bool Marked = false
)
{
    public static StoredRecipient From(AcceptedRecipient accepted)
    {
        (string localPart, string domain) = accepted.Path.Mailbox;
        (Notify notify, OriginalRecipient? original) = accepted.Dsn;
        return new(
            localPart,
            domain,
            accepted.Verp?.Recipient,
            accepted.Verp?.Tags,
            notify,
            original,
            accepted.Verp?.RecipientHash,
            accepted.Verp?.Fields,
            accepted.Stream,
            accepted.Template,
            accepted.Layers.Count == 0 ? null : accepted.Layers,
            accepted.Signature,
            accepted.IsMarked
        );
    }

    public AcceptedRecipient ToAccepted() =>
        new(new ForwardPath(new Mailbox(LocalPart, Domain)), ToAddress(), new RecipientParameters(Notify, OriginalRecipient))
        {
            Stream = Stream,
            Template = Template,
            Layers = Layers ?? [],
            Signature = Signature,
            IsMarked = Marked,
        };

    private VerpAddress? ToAddress() =>
        Recipient is null && RecipientHash is null && Fields is null
            ? null
            : new VerpAddress(Recipient, Tags ?? []) { RecipientHash = RecipientHash, Fields = Fields };
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault
)]
[JsonSerializable(typeof(StoredEnvelope))]
internal sealed partial class StorageJson : JsonSerializerContext;
