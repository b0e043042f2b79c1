using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Mail.Reports;
using BounceMx.Storage;
using BounceMx.Verp;
using Signs = BounceMx.Pipeline.TrustSigns;

namespace BounceMx.Pipeline;

/// <summary>
/// Says how far an event can be believed, and by what.
/// Does: look at the signature, the envelope, whom the report names, where the returned original was sent from and by whom, and what the
/// peer calls itself; each is a phrase of the evidence, and a table makes a level of them.
/// Does not: ask DNS, or check DKIM. All but a valid signature can be forged by who knows what our mail looks like (docs/verp.md).
/// </summary>
/// <param name="codec">Reads what the original was sent from.</param>
/// <param name="senderDomains">The domains, with their subdomains, that our mail is from; when empty, that is not looked at.</param>
internal sealed class TrustJudge(VerpCodec codec, IReadOnlyList<string> senderDomains)
{
    // The first row all of whose signs are there, and none of those against it.
    internal static readonly (Signs All, Signs None, string Level)[] Levels =
    [
        (Signs.ValidSignature | Signs.OwnRecipient, Signs.None, Trusts.Proven),
        (Signs.BadSignature | Signs.Marked, Signs.None, Trusts.Suspect),
        (Signs.SentToAnother, Signs.None, Trusts.Suspect),
        (Signs.OfNoSenderDomain, Signs.SentFromHere, Trusts.Suspect),
        // What is wanting a signature is never likely; nor is what a valid one does not cover.
        (Signs.Marked, Signs.None, Trusts.Unproven),
        (Signs.ValidSignature, Signs.None, Trusts.Unproven),
        (Signs.Beside, Signs.None, Trusts.Unproven),
        // A mailing list sends on what others wrote, from a bounce address of ours.
        (Signs.OfNoSenderDomain, Signs.None, Trusts.Unproven),
        (Signs.NullPath | Signs.SentFromHere, Signs.None, Trusts.Likely),
        (Signs.NullPath | Signs.OneRecipient | Signs.Confirmed, Signs.SentFromElsewhere, Trusts.Likely),
        (Signs.NullPath | Signs.OfSenderDomain, Signs.SentFromElsewhere, Trusts.Likely),
        (Signs.None, Signs.None, Trusts.Unproven),
    ];

    private static readonly (Signs Sign, string Phrase)[] Phrases =
    [
        (Signs.NotChecked, "the mail came before there were keys"),
        (Signs.Unsigned, "the bounce address is not signed"),
        (Signs.Expired, "the signature has expired"),
        (Signs.BadSignature, "the signature is not ours"),
        (Signs.NullPath, "null reverse path"),
        (Signs.OtherPath, "reverse path is not null"),
        (Signs.Confirmed, "the report names the VERP recipient"),
        (Signs.NotConfirmed, "the report does not name the VERP recipient"),
        (Signs.HashNotConfirmed, "nobody that the report names has the hash of the bounce address"),
        (Signs.HashOfUnknownKey, "no key of ours can confirm the hash of the bounce address"),
        (Signs.SentToHash, "the returned original was sent to whom the hash names"),
        (Signs.SentFromHere, "the returned original was sent from this bounce address"),
        (Signs.SentFromElsewhere, "the returned original was sent from an address of another domain"),
        (Signs.SentToAnother, "the returned original was sent to another recipient"),
        (Signs.OfSenderDomain, "the returned original is from a sender domain"),
        (Signs.OfNoSenderDomain, "the returned original is from no sender domain"),
        (Signs.PeerIsReporting, "the peer's name is in the reporting MTA's domain"),
        (Signs.PeerIsRemote, "the peer's name is in the remote MTA's domain"),
        (Signs.PeerIsRecipients, "the peer's name is in the recipient's domain"),
        (Signs.PeerIsAnother, "the peer's name is in no domain of the report"),
    ];

    private readonly SenderDomains _senderDomains = new(senderDomains);

    /// <summary>The level of one event; adds to its evidence.</summary>
    /// <param name="message">The message, for its envelope.</param>
    /// <param name="report">What it says.</param>
    /// <param name="recipient">Whom the event is about.</param>
    /// <param name="evidence">Gets a phrase for each thing that was looked at.</param>
    public string Judge(SpooledMessage message, DeliveryReport report, ConcernedRecipient recipient, List<string> evidence)
    {
        Envelope envelope = message.Envelope;
        Signs signs =
            OfSignature(recipient.Address)
            | OfEnvelope(envelope)
            | OfRecipient(recipient)
            | OfOriginal(report, recipient.Address)
            | PeerSigns.Of(envelope.Helo, report.ReportingMta, recipient);
        if (signs.HasFlag(Signs.ValidSignature))
            evidence.Add(SignatureText.Describe(Decode(recipient.Address.Path.Mailbox), message.ReceivedAt));
        evidence.AddRange(Phrases.Where(row => signs.HasFlag(row.Sign)).Select(row => row.Phrase));
        if (envelope.RcptTo.Count > 1)
            evidence.Add($"{envelope.RcptTo.Count} envelope recipients");
        return Level(signs);
    }

    /// <summary>The level of what was found.</summary>
    internal static string Level(Signs signs) =>
        Array.Find(Levels, row => signs.HasFlag(row.All) && (signs & row.None) == Signs.None).Level;

    private Signs OfSignature(AcceptedRecipient address) =>
        (address.IsMarked ? Signs.Marked : Signs.None)
        | address.Signature switch
        {
            SignatureOutcome.Valid => Signs.ValidSignature,
            SignatureOutcome.Unsigned => Signs.Unsigned,
            SignatureOutcome.Expired => Signs.Expired,
            SignatureOutcome.Bad => Signs.BadSignature,
            // Still in the spool when the server was given its first key.
            SignatureOutcome.NotChecked when codec.HasKeys => Signs.NotChecked | Signs.Marked,
            _ => Signs.None,
        };

    private static Signs OfEnvelope(Envelope envelope) =>
        (envelope.MailFrom.Length == 0 ? Signs.NullPath : Signs.OtherPath) | (envelope.RcptTo.Count == 1 ? Signs.OneRecipient : Signs.None);

    private Signs OfRecipient(ConcernedRecipient recipient) =>
        recipient switch
        {
            { Confirmed: true } => Signs.OwnRecipient | Signs.Confirmed,
            { Source: RecipientSource.Verp, Address.Verp.RecipientHash: not null } => Signs.OwnRecipient
                | Signs.NotConfirmed
                | Signs.SentToHash,
            { Source: RecipientSource.Verp } => Signs.OwnRecipient | Signs.NotConfirmed,
            { Address.Verp.RecipientHash: not null, Recipient: null } => IsOfUnknownKey(recipient.Address)
                ? Signs.HashOfUnknownKey
                : Signs.HashNotConfirmed,
            { Address.Verp: { Recipient: not null } or { RecipientHash: not null } } => Signs.Beside,
            _ => Signs.None,
        };

    // Whoever signs an address hashes with the same key, which may have gone since the door saw it.
    private bool IsOfUnknownKey(AcceptedRecipient address) =>
        codec.HasKeys
            ? Decode(address.Path.Mailbox).Fault is DecodingFault.UnknownKey
            : address.Signature is not SignatureOutcome.NotChecked;

    private VerpDecoding Decode(Mailbox mailbox) => codec.Decode(mailbox.LocalPart, mailbox.Domain);

    private Signs OfOriginal(DeliveryReport report, AcceptedRecipient address)
    {
        if (report.Original is not { } original)
            return Signs.None;
        Signs origin = _senderDomains.Of(original);
        // A complaint comes to where the provider was told to send it, whatever the original was sent from.
        if (report.Kind is ReportKind.Complaint || original.ReturnPath is not { } path || ToMailbox(path) is not { } sender)
            return origin;
        return origin | OfSender(sender, address);
    }

    private Signs OfSender(Mailbox sender, AcceptedRecipient address)
    {
        Mailbox own = address.Path.Mailbox;
        if (Same(sender.LocalPart, own.LocalPart) && Same(sender.Domain, own.Domain))
            return Signs.SentFromHere;
        if (IsWrapped(sender, own) || IsWrapped(own, sender))
            return Signs.SentFromHere;
        if (!Same(sender.Domain, own.Domain))
            return Signs.SentFromElsewhere;
        // Who mints the address behind the program that signs the original (Postfix's XVERP) shows the plain one there.
        return address.Verp is { } verp && Decode(sender).ToAddress() is { } mailed && NameDifferently(verp, mailed)
            ? Signs.SentToAnother
            : Signs.None;
    }

    // A token names nobody, so nobody else.
    private bool NameDifferently(VerpAddress one, VerpAddress other) =>
        (one, other) switch
        {
            ({ Recipient: { } name }, { Recipient: { } otherName }) => !Same(name, otherName),
            ({ Recipient: { } name }, { RecipientHash: not null }) => !codec.Confirms(other, name),
            ({ RecipientHash: not null }, { Recipient: { } name }) => !codec.Confirms(one, name),
            ({ RecipientHash: { } hash }, { RecipientHash: { } otherHash }) => !Same(hash, otherHash),
            _ => false,
        };

    // Forwarders end what they rewrite in the address that it was: SRS0=…=domain=local, and Exchange Online local+SRS=…=domain=local. BATV
    // keeps the domain: prvs=tag=local, btv1==tag==local, prvs=local=tag.
    private static bool IsWrapped(Mailbox outer, Mailbox inner) =>
        outer.LocalPart.EndsWith($"={inner.Domain}={inner.LocalPart}", StringComparison.OrdinalIgnoreCase)
        || (
            Same(outer.Domain, inner.Domain)
            && (
                outer.LocalPart.EndsWith($"={inner.LocalPart}", StringComparison.OrdinalIgnoreCase)
                || outer.LocalPart.StartsWith($"prvs={inner.LocalPart}=", StringComparison.OrdinalIgnoreCase)
            )
        );

    private static Mailbox? ToMailbox(string address)
    {
        int at = address.LastIndexOf('@');
        return at <= 0 ? null : new Mailbox(address[..at].Trim('"'), address[(at + 1)..]);
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
