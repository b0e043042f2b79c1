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
    internal const int MaxHashes = 2000;

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
        string[] names = addresses.Any(address => address.Verp?.RecipientHash is not null) ? NamesIn(report) : [];
        Func<RecipientStatus, int> finality = Remembered(status => Finality(status, severityOf));
        var concerned = new List<ConcernedRecipient>();
        var others = new List<RecipientStatus>(report.Recipients);
        foreach (AcceptedRecipient address in addresses)
        {
            if (address.Verp is not { } verp || !NamesSomebody(address))
                continue;
            string? recipient = verp.Recipient ?? BehindHash(verp, names, ref hashes);
            if (recipient is null)
            {
                concerned.Add(new(address, null, null, null, Confirmed: false));
                continue;
            }
            List<RecipientStatus> own = [.. report.Recipients.Where(status => IsAbout(status, recipient))];
            others.RemoveAll(status => IsAbout(status, recipient));
            concerned.Add(new(address, recipient, RecipientSource.Verp, Fate(recipient, own, finality), Confirmed: own.Count > 0));
        }
        AcceptedRecipient? addressOfOthers = AddressOfOthers(addresses, concerned);
        // Of several that were mailed nothing says which was forwarded there.
        if (addressOfOthers is null && concerned is [var only])
            concerned[0] = only with { Status = LeastFinal(others, finality) };
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

    private static bool IsAbout(RecipientStatus status, string recipient) =>
        Same(recipient, status.Recipient) || Same(recipient, status.FinalRecipient) || Same(recipient, status.OriginalRecipient);

    // An alias is often in the report only as the original recipient of those that it stands for.
    private static RecipientStatus? Fate(string recipient, List<RecipientStatus> own, Func<RecipientStatus, int> finality)
    {
        List<RecipientStatus> itself = own.FindAll(status => Same(FinalOf(status), recipient));
        return LeastFinal(itself.Count > 0 ? itself : own, finality);
    }

    // What an address was forwarded to has its fate. Of several that it was expanded to, the best fate is its own: a list of which one member
    // is gone is not gone, nor is it when the report names two of a hundred. So it never takes over that several are gone for good.
    private static RecipientStatus? LeastFinal(List<RecipientStatus> expanded, Func<RecipientStatus, int> finality)
    {
        if (expanded is [] or [_])
            return expanded.FirstOrDefault();
        RecipientStatus least = expanded.MinBy(finality)!;
        bool areSeveral = expanded.Exists(status => !Same(FinalOf(status), FinalOf(least)));
        return areSeveral && finality(least) == int.MaxValue ? null : least;
    }

    private static string FinalOf(RecipientStatus status) => status.FinalRecipient ?? status.Recipient;

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

    // A thousand addresses of one recipient on whom a report has a thousand entries must not be a million verdicts.
    private static Func<RecipientStatus, int> Remembered(Func<RecipientStatus, int> finality)
    {
        var known = new Dictionary<RecipientStatus, int>(ReferenceEqualityComparer.Instance);
        return status => known.TryGetValue(status, out int value) ? value : known[status] = finality(status);
    }

    // Who was forwarded stands at least in the original's To, which a hash with a key does not confirm by chance.
    private static string[] NamesIn(DeliveryReport report) =>
        [
            .. report
                .Recipients.SelectMany(status => (string?[])[status.Recipient, status.OriginalRecipient, status.FinalRecipient])
                .Append(report.Original?.To is { } to ? AddressField.Last(to) : null)
                .OfType<string>()
                .Distinct(StringComparer.OrdinalIgnoreCase),
        ];

    private string? BehindHash(VerpAddress verp, string[] names, ref int hashes)
    {
        foreach (string name in names)
        {
            if (hashes-- <= 0)
                return null;
            if (codec.Confirms(verp, name))
                return name;
        }
        return null;
    }

    private static bool Same(string? one, string? other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);
}
