using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Verp;

namespace BounceMx.Pipeline;

/// <summary>One recipient that a message is about.</summary>
/// <param name="Address">The bounce address that the message came to.</param>
/// <param name="Recipient">Who; <c>null</c> when nothing says so.</param>
/// <param name="Source">What says so.</param>
/// <param name="Status">What the report says of it; <c>null</c> when it names nobody, or nobody whose fate could be this recipient's.</param>
/// <param name="Confirmed">Whether the report and the bounce address name the same recipient.</param>
internal readonly record struct ConcernedRecipient(
    AcceptedRecipient Address,
    string? Recipient,
    RecipientSource? Source,
    RecipientStatus? Status,
    bool Confirmed
);

/// <summary>
/// Brings together whom the bounce addresses name and whom the report names. A bounce address says who was mailed, itself or by a hash;
/// a report may name what that address was forwarded or expanded to. Nobody is counted twice, so that there are at most as many outcomes as
/// the envelope and the report have recipients together.
/// </summary>
/// <param name="codec">Confirms hashes.</param>
internal sealed class RecipientMatcher(VerpCodec codec)
{
    // A message may have a thousand hashed recipients and report on as many others; each pair would cost a hash for each key.
    private const int MaxHashes = 2000;

    /// <summary>The recipients that a message is about; at least one.</summary>
    /// <param name="report">What the message says.</param>
    /// <param name="addresses">The accepted recipients of its envelope, at least one.</param>
    /// <param name="severityOf">How bad it is what the report says of one.</param>
    public List<ConcernedRecipient> Match(
        DeliveryReport report,
        IReadOnlyList<AcceptedRecipient> addresses,
        Func<RecipientStatus, Severity> severityOf
    )
    {
        int hashes = MaxHashes;
        var concerned = new List<ConcernedRecipient>();
        var others = new List<RecipientStatus>(report.Recipients);
        foreach (AcceptedRecipient address in addresses)
        {
            if (address.Verp is not { } verp || !NamesSomebody(address))
                continue;
            RecipientStatus? own = null;
            string? recipient = verp.Recipient;
            foreach (RecipientStatus status in report.Recipients)
            {
                if (NameIn(status, verp, ref hashes) is not { } name)
                    continue;
                own ??= status;
                recipient ??= name;
                others.Remove(status);
            }
            recipient ??= NameIn(report.Original?.To, verp, ref hashes);
            concerned.Add(new(address, recipient, recipient is null ? null : RecipientSource.Verp, own, Confirmed: own is not null));
        }
        AcceptedRecipient? addressOfOthers = AddressOfOthers(addresses, concerned);
        // Of several that were mailed nothing says which was forwarded there.
        if (addressOfOthers is null && concerned is [var only])
            concerned[0] = only with { Status = Forwarded(others, severityOf) };
        if (addressOfOthers is not null)
            concerned.AddRange(
                others.Select(status => new ConcernedRecipient(addressOfOthers, status.Recipient, status.RecipientSource, status, false))
            );
        if (concerned.Count == 0)
            concerned.Add(new(addresses[0], null, null, null, Confirmed: false));
        return concerned;
    }

    // Whom no bounce address names is reported to the plain address, or beside a recipient that one does name. When the report names none
    // of those that were mailed, it names what they were forwarded or expanded to, and that is no news of its own.
    private static AcceptedRecipient? AddressOfOthers(IReadOnlyList<AcceptedRecipient> addresses, List<ConcernedRecipient> concerned) =>
        addresses.FirstOrDefault(address => !NamesSomebody(address)) ?? concerned.Find(recipient => recipient.Confirmed).Address;

    private static bool NamesSomebody(AcceptedRecipient address) => address.Verp is { Recipient: not null } or { RecipientHash: not null };

    // What an address was forwarded to has its fate. Of several that it was expanded to, the best fate is its own: a list of which one member
    // is gone is not gone, nor is it when the report names two of a hundred. So it never takes over that several are gone for good.
    private static RecipientStatus? Forwarded(List<RecipientStatus> others, Func<RecipientStatus, Severity> severityOf)
    {
        if (others.DistinctBy(status => status.Recipient, StringComparer.OrdinalIgnoreCase).Take(2).Count() < 2)
            return others.FirstOrDefault();
        RecipientStatus least = others.MinBy(status => Finality(status, severityOf))!;
        return Finality(least, severityOf) == int.MaxValue ? null : least;
    }

    private static int Finality(RecipientStatus status, Func<RecipientStatus, Severity> severityOf) =>
        status.Action switch
        {
            DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded => 0,
            DsnAction.Delayed => 1,
            _ => severityOf(status) switch
            {
                Severity.None => 2,
                Severity.Soft => 3,
                Severity.Block => 4,
                Severity.Undetermined => 5,
                _ => int.MaxValue,
            },
        };

    /// <summary>The address of a status that the bounce address names; <c>null</c> when none is.</summary>
    private string? NameIn(RecipientStatus status, VerpAddress verp, ref int hashes)
    {
        if (verp.Recipient is { } recipient)
            return Same(recipient, status.Recipient) || Same(recipient, status.FinalRecipient) || Same(recipient, status.OriginalRecipient)
                ? recipient
                : null;
        return Confirmed(status.Recipient, verp, ref hashes)
            ?? (Same(status.Recipient, status.OriginalRecipient) ? null : Confirmed(status.OriginalRecipient, verp, ref hashes))
            ?? (Same(status.Recipient, status.FinalRecipient) ? null : Confirmed(status.FinalRecipient, verp, ref hashes));
    }

    // Who was forwarded stands at least in the original's To, which a hash with a key does not confirm by chance.
    private string? NameIn(string? to, VerpAddress verp, ref int hashes)
    {
        if (verp.RecipientHash is null || to is null)
            return null;
        int open = to.LastIndexOf('<');
        int close = to.IndexOf('>', open + 1);
        return Confirmed(open >= 0 && close >= 0 ? to[(open + 1)..close] : to, verp, ref hashes);
    }

    private string? Confirmed(string? name, VerpAddress verp, ref int hashes) =>
        name is not null && hashes-- > 0 && codec.Confirms(verp, name) ? name : null;

    private static bool Same(string recipient, string? other) => recipient.Equals(other, StringComparison.OrdinalIgnoreCase);
}
