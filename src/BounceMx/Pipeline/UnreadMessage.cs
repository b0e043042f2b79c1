using System.Security.Cryptography;
using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Storage;

namespace BounceMx.Pipeline;

/// <summary>
/// The events of a message that a bug of ours keeps from being read: nothing is dropped because it was not understood. They say what the envelope
/// says, and go into quarantine as all of type <c>other</c>; the message stays in the spool for the version that can read it.
/// </summary>
internal static class UnreadMessage
{
    /// <summary>One event a recipient of the envelope; where that cannot be read, one without an address, which nobody should rely on.</summary>
    /// <param name="message">The message.</param>
    /// <param name="raw">Its octets.</param>
    /// <param name="fault">The name of the exception.</param>
    public static IReadOnlyList<BounceEvent> Compose(SpooledMessage message, ReadOnlySpan<byte> raw, string fault)
    {
        // Not the digest of what was read, as that may be what fails.
        byte[] digest = SHA256.HashData(raw);
        if (message.Envelope.RcptTo.Count == 0)
            return [Compose(message, EventId.Create(digest, EventTypes.Other, null, null), Trusts.Suspect, fault)];
        return
        [
            .. message
                .Envelope.RcptTo.Select(recipient => Compose(message, recipient, digest, fault))
                .DistinctBy(bounceEvent => bounceEvent.Id, StringComparer.Ordinal),
        ];
    }

    private static BounceEvent Compose(SpooledMessage message, AcceptedRecipient address, byte[] digest, string fault)
    {
        string bounceAddress = address.Path.ToString();
        string? recipient = address.Verp?.Recipient;
        string id = EventId.Create(digest, EventTypes.Other, bounceAddress, address.Verp?.RecipientHash ?? recipient);
        BounceEvent unread = Compose(message, id, Trusts.Unproven, fault);
        return unread with
        {
            Recipient = recipient,
            RecipientHash = recipient is null ? address.Verp?.RecipientHash : null,
            RecipientSource = recipient is null ? null : RecipientSource.Verp.ToWire(),
            Tags = address.Verp is { Tags.Count: > 0 } verp ? verp.Tags : null,
            Stream = address.Stream,
            BounceAddress = bounceAddress,
            Envelope = unread.Envelope with { RcptTo = [bounceAddress] },
            Template = address.Template,
            Layers = address.Layers.Count > 0 ? address.Layers : null,
            Fields = address.Verp?.Fields,
        };
    }

    private static BounceEvent Compose(SpooledMessage message, string id, string trust, string fault)
    {
        Envelope envelope = message.Envelope;
        return new BounceEvent
        {
            Id = id,
            Type = EventTypes.Other,
            Severity = Severity.Undetermined.ToWire(),
            Reason = BounceReason.Undefined.ToWire(),
            Advice = Advice.Review.ToWire(),
            Trust = trust,
            Rule = "none",
            OccurredAt = message.ReceivedAt,
            ReceivedAt = message.ReceivedAt,
            Envelope = new EventEnvelope(envelope.MailFrom, [], envelope.Helo, envelope.RemoteIp.ToString(), envelope.Tls),
            Evidence = [$"reading failed: {fault}"],
            SpoolId = message.Id.Value,
        };
    }
}
