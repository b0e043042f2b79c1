using BounceMx.Mail.Reports;
using BounceMx.Verp;

namespace BounceMx.Pipeline;

/// <summary>One recipient that a message is about.</summary>
/// <param name="Recipient">Who; <c>null</c> when nothing says so.</param>
/// <param name="Source">What says so.</param>
/// <param name="Status">What the report says of it; <c>null</c> when it names nobody.</param>
/// <param name="Confirmed">Whether the report and the bounce address name the same recipient.</param>
internal readonly record struct ConcernedRecipient(string? Recipient, RecipientSource? Source, RecipientStatus? Status, bool Confirmed);

/// <summary>
/// Brings together whom the bounce address names and whom the report names. The bounce address says who was mailed; a report may
/// name what that address was forwarded or expanded to.
/// </summary>
internal static class RecipientMatcher
{
    /// <summary>The recipients that a message to a bounce address is about; at least one.</summary>
    public static IEnumerable<ConcernedRecipient> Match(DeliveryReport report, VerpAddress? verp)
    {
        if (verp is null)
            return report.Recipients.Count == 0 ? [default] : report.Recipients.Select(Reported);

        RecipientStatus? same = report.Recipients.FirstOrDefault(status => Names(status, verp.Recipient));
        return same is null
            ? [new ConcernedRecipient(verp.Recipient, RecipientSource.Verp, MostFinal(report.Recipients), Confirmed: false)]
            :
            [
                new ConcernedRecipient(verp.Recipient, RecipientSource.Verp, same, Confirmed: true),
                .. report.Recipients.Where(status => !Names(status, verp.Recipient)).Select(Reported),
            ];
    }

    private static ConcernedRecipient Reported(RecipientStatus status) =>
        new(status.Recipient, status.RecipientSource, status, Confirmed: false);

    private static bool Names(RecipientStatus status, string recipient) =>
        recipient.Equals(status.Recipient, StringComparison.OrdinalIgnoreCase)
        || recipient.Equals(status.FinalRecipient, StringComparison.OrdinalIgnoreCase)
        || recipient.Equals(status.OriginalRecipient, StringComparison.OrdinalIgnoreCase);

    // What an address was forwarded or expanded to: one failure among them is what the sender has to know.
    private static RecipientStatus? MostFinal(IReadOnlyList<RecipientStatus> recipients) =>
        recipients.FirstOrDefault(status => status.Action == DsnAction.Failed) ?? (recipients is [var first, ..] ? first : null);
}
