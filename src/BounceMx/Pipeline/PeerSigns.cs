using Signs = BounceMx.Pipeline.TrustSigns;

namespace BounceMx.Pipeline;

/// <summary>
/// Holds what the peer calls itself against the hosts that the report names. No DNS, so a name is what somebody says, and a difference
/// says little: bounces go through relays. Known gap: where registries sell names is guessed, not looked up in the public suffix list.
/// </summary>
internal static class PeerSigns
{
    // Second-level names below which countries' registries sell names: example.co.uk.
    private static readonly string[] RegistryNames =
    [
        "co",
        "com",
        "net",
        "org",
        "ac",
        "edu",
        "gov",
        "ne",
        "or",
        "go",
        "gob",
        "gouv",
        "mil",
    ];

    /// <summary>What the peer's name says.</summary>
    /// <param name="helo">A host name; an address literal says nothing.</param>
    /// <param name="reportingMta">The host that wrote the report, if known.</param>
    /// <param name="recipient">Whom the event is about.</param>
    public static TrustSigns Of(string helo, string? reportingMta, ConcernedRecipient recipient)
    {
        string? remoteMta = recipient.Status?.RemoteMta;
        string? domain = recipient.Recipient?[(recipient.Recipient.LastIndexOf('@') + 1)..];
        if (Organisation(helo).IsEmpty || (reportingMta ?? remoteMta ?? domain) is null)
            return Signs.None;
        Signs signs =
            (IsSame(helo, reportingMta) ? Signs.PeerIsReporting : Signs.None)
            | (IsSame(helo, remoteMta) ? Signs.PeerIsRemote : Signs.None)
            | (IsSame(helo, domain) ? Signs.PeerIsRecipients : Signs.None);
        return signs is Signs.None ? Signs.PeerIsAnother : signs;
    }

    private static bool IsSame(string helo, string? host) =>
        Organisation(helo).Equals(Organisation(host), StringComparison.OrdinalIgnoreCase);

    /// <summary>The last two labels of a host name, or three where the last two are a registry's; empty when it is none.</summary>
    internal static ReadOnlySpan<char> Organisation(ReadOnlySpan<char> host)
    {
        host = host.TrimEnd('.');
        int last = host.LastIndexOf('.');
        if (last <= 0 || host[0] == '[' || char.IsAsciiDigit(host[^1]))
            return [];
        int second = host[..last].LastIndexOf('.');
        if (second <= 0)
            return host;
        bool isRegistrys = host.Length - last == 3 && IsRegistryName(host[(second + 1)..last]);
        return host[((isRegistrys ? host[..second].LastIndexOf('.') : second) + 1)..];
    }

    private static bool IsRegistryName(ReadOnlySpan<char> label)
    {
        foreach (string name in RegistryNames)
        {
            if (label.Equals(name, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
