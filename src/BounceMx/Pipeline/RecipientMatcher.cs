using BounceMx.Intake;
using BounceMx.Mail.Reports;

namespace BounceMx.Pipeline;

/// <summary>One recipient that a message is about.</summary>
/// <param name="Address">The bounce address that the message came to.</param>
/// <param name="Recipient">Who; <c>null</c> when nothing says so.</param>
/// <param name="Source">What says so.</param>
/// <param name="Status">What the report says of it; <c>null</c> when it names nobody.</param>
/// <param name="Confirmed">Whether the report and the bounce address name the same recipient.</param>
internal readonly record struct ConcernedRecipient(
    AcceptedRecipient Address,
    string? Recipient,
    RecipientSource? Source,
    RecipientStatus? Status,
    bool Confirmed
);

/// <summary>
/// Brings together whom the bounce addresses name and whom the report names. A bounce address says who was mailed; a report may
/// name what that address was forwarded or expanded to. Nobody is counted twice, so that there are at most as many outcomes as the envelope
/// and the report have recipients together.
/// </summary>
internal static class RecipientMatcher
{
    /// <summary>The recipients that a message is about; at least one.</summary>
    /// <param name="report">What the message says.</param>
    /// <param name="addresses">The accepted recipients of its envelope, at least one.</param>
    public static List<ConcernedRecipient> Match(DeliveryReport report, IReadOnlyList<AcceptedRecipient> addresses)
    {
        var concerned = new List<ConcernedRecipient>();
        var rest = new List<RecipientStatus>(report.Recipients);
        foreach (AcceptedRecipient address in addresses)
        {
            if (address.Verp?.Recipient is not { } recipient)
                continue;
            RecipientStatus? same = report.Recipients.FirstOrDefault(status => Names(status, recipient));
            rest.RemoveAll(status => Names(status, recipient));
            concerned.Add(
                new(address, recipient, RecipientSource.Verp, same ?? MostFinal(report.Recipients), Confirmed: same is not null)
            );
        }
        if (AddressOfTheRest(addresses, concerned) is { } own)
            concerned.AddRange(rest.Select(status => new ConcernedRecipient(own, status.Recipient, status.RecipientSource, status, false)));
        if (concerned.Count == 0)
            concerned.Add(new(addresses[0], null, null, null, Confirmed: false));
        return concerned;
    }

    // Whom no bounce address names is reported to the plain address, or beside a recipient that one does name. When the report names none
    // of those that were mailed, it names what they were forwarded or expanded to, and that is no news of its own.
    private static AcceptedRecipient? AddressOfTheRest(IReadOnlyList<AcceptedRecipient> addresses, List<ConcernedRecipient> concerned) =>
        addresses.FirstOrDefault(address => address.Verp?.Recipient is null) ?? concerned.Find(recipient => recipient.Confirmed).Address;

    private static bool Names(RecipientStatus status, string recipient) =>
        recipient.Equals(status.Recipient, StringComparison.OrdinalIgnoreCase)
        || recipient.Equals(status.FinalRecipient, StringComparison.OrdinalIgnoreCase)
        || recipient.Equals(status.OriginalRecipient, StringComparison.OrdinalIgnoreCase);

    // What an address was forwarded or expanded to: one failure among them is what the sender has to know.
    private static RecipientStatus? MostFinal(IReadOnlyList<RecipientStatus> recipients) =>
        recipients.FirstOrDefault(status => status.Action == DsnAction.Failed) ?? (recipients is [var first, ..] ? first : null);
}
