using System.Buffers;
using BounceMx.Mail.Reports;

namespace BounceMx.Pipeline;

/// <summary>Says whether a returned original is from our domains. Nothing of it is checked, so it can be forged.</summary>
/// <param name="domains">The domains, with their subdomains, that our mail is from; when empty, nothing is said.</param>
internal sealed class SenderDomains(IReadOnlyList<string> domains)
{
    private static readonly SearchValues<char> BehindDomain = SearchValues.Create(" >)]\",;");

    // Without a From there is too little of the original to say that it is not ours: providers give messages ids of their own domain.
    public TrustSigns Of(OriginalMessage original) =>
        domains.Count == 0 ? TrustSigns.None
        : IsFromUs(original) ? TrustSigns.OfSenderDomain
        : original.From is null ? TrustSigns.None
        : TrustSigns.OfNoSenderDomain;

    private bool IsFromUs(OriginalMessage original) =>
        (original.From is { } from && IsOurs(AddressField.Last(from))) || IsOurs(original.MessageId) || original.DkimDomains.Any(IsOurs);

    /// <summary>Whether a domain, or the one of the last address in a text, is a sender domain or below one.</summary>
    private bool IsOurs(string? text)
    {
        if (text is null)
            return false;
        ReadOnlySpan<char> domain = text.AsSpan(text.LastIndexOf('@') + 1);
        int end = domain.IndexOfAny(BehindDomain);
        if (end >= 0)
            domain = domain[..end];
        foreach (string ours in domains)
        {
            bool isBelow =
                domain.EndsWith(ours, StringComparison.OrdinalIgnoreCase)
                && (domain.Length == ours.Length || domain[^(ours.Length + 1)] == '.');
            if (isBelow)
                return true;
        }
        return false;
    }
}
