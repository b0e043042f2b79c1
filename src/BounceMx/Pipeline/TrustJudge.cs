using System.Buffers;
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
    private static readonly SearchValues<char> BehindDomain = SearchValues.Create(" >)]\",;");

    // The first row all of whose signs are there, and none of those against it.
    private static readonly (Signs All, Signs None, string Level)[] Levels =
    [
        (Signs.ValidSignature | Signs.OwnRecipient, Signs.None, Trusts.Proven),
        (Signs.BadSignature | Signs.Marked, Signs.None, Trusts.Suspect),
        (Signs.SentToAnother, Signs.None, Trusts.Suspect),
        (Signs.OfNoSenderDomain, Signs.None, Trusts.Suspect),
        // What is wanting a signature is never likely; nor is what a valid one does not cover.
        (Signs.Marked, Signs.None, Trusts.Unproven),
        (Signs.ValidSignature, Signs.None, Trusts.Unproven),
        (Signs.Beside, Signs.None, Trusts.Unproven),
        (Signs.NullPath | Signs.SentFromHere, Signs.None, Trusts.Likely),
        (Signs.NullPath | Signs.OneRecipient | Signs.Confirmed, Signs.SentFromElsewhere, Trusts.Likely),
        (Signs.NullPath | Signs.OfSenderDomain, Signs.SentFromElsewhere, Trusts.Likely),
        (Signs.None, Signs.None, Trusts.Unproven),
    ];

    private static readonly (Signs Sign, string Phrase)[] Phrases =
    [
        (Signs.Unsigned, "the bounce address is not signed"),
        (Signs.Expired, "the signature has expired"),
        (Signs.BadSignature, "the signature is not ours"),
        (Signs.NullPath, "null reverse path"),
        (Signs.OtherPath, "reverse path is not null"),
        (Signs.Confirmed, "the report names the VERP recipient"),
        (Signs.NotConfirmed, "the report does not name the VERP recipient"),
        (Signs.HashNotConfirmed, "nobody that the report names has the hash of the bounce address"),
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
            evidence.Add(SignatureText.Describe(recipient.Address, message.ReceivedAt));
        evidence.AddRange(Phrases.Where(row => signs.HasFlag(row.Sign)).Select(row => row.Phrase));
        if (envelope.RcptTo.Count > 1)
            evidence.Add($"{envelope.RcptTo.Count} envelope recipients");
        return Level(signs);
    }

    /// <summary>The level of what was found.</summary>
    internal static string Level(Signs signs) =>
        Array.Find(Levels, row => signs.HasFlag(row.All) && (signs & row.None) == Signs.None).Level;

    private static Signs OfSignature(AcceptedRecipient address) =>
        (address.IsMarked ? Signs.Marked : Signs.None)
        | address.Signature switch
        {
            SignatureOutcome.Valid => Signs.ValidSignature,
            SignatureOutcome.Unsigned => Signs.Unsigned,
            SignatureOutcome.Expired => Signs.Expired,
            SignatureOutcome.Bad => Signs.BadSignature,
            _ => Signs.None,
        };

    private static Signs OfEnvelope(Envelope envelope) =>
        (envelope.MailFrom.Length == 0 ? Signs.NullPath : Signs.OtherPath) | (envelope.RcptTo.Count == 1 ? Signs.OneRecipient : Signs.None);

    private static Signs OfRecipient(ConcernedRecipient recipient) =>
        recipient switch
        {
            { Confirmed: true } => Signs.OwnRecipient | Signs.Confirmed,
            { Source: RecipientSource.Verp } => Signs.OwnRecipient | Signs.NotConfirmed,
            { Address.Verp.RecipientHash: not null, Recipient: null } => Signs.HashNotConfirmed,
            { Address.Verp: { Recipient: not null } or { RecipientHash: not null } } => Signs.Beside,
            _ => Signs.None,
        };

    private Signs OfOriginal(DeliveryReport report, AcceptedRecipient address)
    {
        if (report.Original is not { } original)
            return Signs.None;
        Signs origin = OfSenderDomains(original);
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
        bool isAnother =
            address.Verp is { } verp
            && codec.Decode(sender.LocalPart, sender.Domain).ToAddress() is { } mailed
            && !(Same(verp.Recipient, mailed.Recipient) && Same(verp.RecipientHash, mailed.RecipientHash));
        return isAnother ? Signs.SentToAnother : Signs.None;
    }

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

    // Without a From there is too little of the original to say that it is not ours: providers give messages ids of their own domain.
    private Signs OfSenderDomains(OriginalMessage original) =>
        senderDomains.Count == 0 ? Signs.None
        : IsOfSender(original.From) || IsOfSender(original.MessageId) || original.DkimDomains.Any(IsOfSender) ? Signs.OfSenderDomain
        : original.From is null ? Signs.None
        : Signs.OfNoSenderDomain;

    /// <summary>Whether a domain, or the one of the last address in a text, is a sender domain or below one.</summary>
    private bool IsOfSender(string? text)
    {
        if (text is null)
            return false;
        ReadOnlySpan<char> domain = text.AsSpan(text.LastIndexOf('@') + 1);
        int end = domain.IndexOfAny(BehindDomain);
        if (end >= 0)
            domain = domain[..end];
        foreach (string ours in senderDomains)
        {
            bool isBelow =
                domain.EndsWith(ours, StringComparison.OrdinalIgnoreCase)
                && (domain.Length == ours.Length || domain[^(ours.Length + 1)] == '.');
            if (isBelow)
                return true;
        }
        return false;
    }

    private static Mailbox? ToMailbox(string address)
    {
        int at = address.LastIndexOf('@');
        return at <= 0 ? null : new Mailbox(address[..at].Trim('"'), address[(at + 1)..]);
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
