using System.Buffers;

namespace BounceMx.Verp;

/// <summary>
/// Peels what other mail systems put around an address: the Sender Rewriting Scheme (SRS0, SRS1) of forwarders, and BATV's tags
/// (<c>prvs=</c>, Barracuda's <c>btv1==</c>). Does: take one layer off and say what was inside. Does not: check hashes and days, as the
/// secret is another's; so a layer proves nothing, and what is inside must stand on its own.
/// Standards: draft-levine-smtp-batv; SRS has none, Mail::SRS is the reference. Known gap: Mail::SRS's databases, whose addresses hold
/// only a key, cannot be opened.
/// </summary>
internal static class VerpWrapper
{
    // A key digit, three digits of a day and six of a hash; some leave the key out, some have a longer hash.
    private const int MinTag = 9;
    private const int MaxTag = 32;
    private const int MaxHash = 40;
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");
    private static readonly SearchValues<char> Base64 = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    );
    private static readonly SearchValues<char> Base32 = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz234567");

    // SRS separates its tag from the rest by any of the three; everything behind is parted by "=" (Mail::SRS, $SRS0RE and $SRSSEP).
    private const string SrsSeparators = "=+-";

    private delegate bool Peeler(ref ReadOnlySpan<char> localPart, ref ReadOnlySpan<char> domain);

    private sealed record Wrapper(VerpLayer Layer, string Mark, string Separators, Peeler Peel);

    private static readonly Wrapper[] Wrappers =
    [
        new(VerpLayer.Srs0, "SRS0", SrsSeparators, PeelSrs0),
        new(VerpLayer.Srs1, "SRS1", SrsSeparators, PeelSrs1),
        new(VerpLayer.Prvs, "prvs", "=", PeelPrvs),
        new(VerpLayer.Btv1, "btv1=", "=", PeelBtv1),
    ];

    /// <summary>Peels until no layer is left, three at most. Whose domain this is, and whose is inside, must be ours.</summary>
    public static DecodingFault Peel(
        VerpCodec codec,
        ref ReadOnlySpan<char> localPart,
        ref ReadOnlySpan<char> domain,
        out VerpLayers layers
    )
    {
        layers = default;
        while (codec.IsOurs(domain))
        {
            if (!IsWrapped(localPart))
                return DecodingFault.None;
            if (layers.Count == VerpLayers.Max || !TryPeel(ref localPart, ref domain, out VerpLayer layer))
                return DecodingFault.Malformed;
            layers = layers.With(layer);
        }
        return DecodingFault.NotOurs;
    }

    /// <summary>Whether the local part begins as a wrapper does.</summary>
    public static bool IsWrapped(ReadOnlySpan<char> localPart) => Find(localPart) is not null;

    /// <summary>Takes the outermost layer off; <c>false</c> when there is none or it is not in its grammar.</summary>
    /// <param name="localPart">The local part, afterwards what was inside.</param>
    /// <param name="domain">The domain, afterwards that of what was inside: SRS replaced it, BATV keeps it.</param>
    /// <param name="layer">Which layer it was.</param>
    private static bool TryPeel(ref ReadOnlySpan<char> localPart, ref ReadOnlySpan<char> domain, out VerpLayer layer)
    {
        Wrapper? wrapper = Find(localPart);
        layer = wrapper?.Layer ?? VerpLayer.None;
        if (wrapper is null)
            return false;
        ReadOnlySpan<char> inner = localPart[(wrapper.Mark.Length + 1)..];
        if (!wrapper.Peel(ref inner, ref domain) || inner.IsEmpty)
            return false;
        localPart = inner;
        return true;
    }

    /// <summary>Every local part that begins with a mark, for comparison with others; the name is that of the layer.</summary>
    public static (string Name, AddressAutomaton Addresses)[] Automata { get; } = AutomataOf(wrapper => wrapper.Separators);

    /// <summary>
    /// Those behind whose mark stands the separator that all know, <c>=</c>. SRS0 and SRS1 may also have one that lists' names and
    /// templates have everywhere, so it is said that no list is called so.
    /// </summary>
    public static (string Name, AddressAutomaton Addresses)[] AutomataWithEqualsSign { get; } = AutomataOf(_ => "=");

    private static (string, AddressAutomaton)[] AutomataOf(Func<Wrapper, string> separators) =>
        [
            .. Wrappers.Select(wrapper =>
                (
                    wrapper.Mark,
                    new AddressAutomaton().Text(wrapper.Mark).One(CharacterSet.Of(separators(wrapper))).OneOrMore(CharacterSet.Any)
                )
            ),
        ];

    private static Wrapper? Find(ReadOnlySpan<char> localPart)
    {
        foreach (Wrapper wrapper in Wrappers)
        {
            int length = wrapper.Mark.Length;
            if (
                localPart.Length > length
                && localPart.StartsWith(wrapper.Mark, StringComparison.OrdinalIgnoreCase)
                && wrapper.Separators.Contains(localPart[length], StringComparison.Ordinal)
            )
            {
                return wrapper;
            }
        }
        return null;
    }

    // SRS0=HHHH=TT=host=user (Mail::SRS::Shortcut).
    private static bool PeelSrs0(scoped ref ReadOnlySpan<char> rest, ref ReadOnlySpan<char> domain) =>
        TryCut(ref rest, out ReadOnlySpan<char> hash)
        && IsHash(hash)
        && TryCut(ref rest, out ReadOnlySpan<char> day)
        && day.Length == 2
        && !day.ContainsAnyExcept(Base32)
        && TryCut(ref rest, out domain)
        && AddressSyntax.IsDomain(domain);

    // SRS1=HHHH=host==HHHH=TT=host=user: what the first forwarder wrote behind its SRS0 stands behind the second one's hash and that
    // forwarder's host (Mail::SRS::Guarded, which also knows the old form without a hash).
    private static bool PeelSrs1(scoped ref ReadOnlySpan<char> rest, ref ReadOnlySpan<char> domain)
    {
        if (!TryCut(ref rest, out ReadOnlySpan<char> forwarder))
            return false;
        if (!forwarder.Contains('.') && (!IsHash(forwarder) || !TryCut(ref rest, out forwarder)))
            return false;
        if (!AddressSyntax.IsDomain(forwarder) || rest.IsEmpty || !SrsSeparators.Contains(rest[0], StringComparison.Ordinal))
            return false;
        rest = rest[1..];
        return PeelSrs0(ref rest, ref domain);
    }

    // prvs=tag=user (draft-levine-smtp-batv-01; Exim's ${prvs}); prvs=user=tag, as ezmlm-idx saw it, and with the slash of the older drafts.
    private static bool PeelPrvs(scoped ref ReadOnlySpan<char> rest, ref ReadOnlySpan<char> domain)
    {
        int first = rest.IndexOfAny('=', '/');
        if (first < 0)
            return false;
        if (IsTag(rest[..first]))
        {
            rest = rest[(first + 1)..];
            return true;
        }
        int last = rest.LastIndexOfAny('=', '/');
        bool isTag = IsTag(rest[(last + 1)..]);
        rest = rest[..last];
        return isTag;
    }

    // btv1==tag==user, of Barracuda's appliances.
    private static bool PeelBtv1(scoped ref ReadOnlySpan<char> rest, ref ReadOnlySpan<char> domain)
    {
        int end = rest.IndexOf("==", StringComparison.Ordinal);
        if (end < 0 || !IsTag(rest[..end]))
            return false;
        rest = rest[(end + 2)..];
        return true;
    }

    private static bool TryCut(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> part)
    {
        int end = rest.IndexOf('=');
        part = rest[..Math.Max(end, 0)];
        rest = rest[(end + 1)..];
        return end >= 0;
    }

    private static bool IsHash(ReadOnlySpan<char> text) => text.Length is > 0 and <= MaxHash && !text.ContainsAnyExcept(Base64);

    private static bool IsTag(ReadOnlySpan<char> text) => text.Length is >= MinTag and <= MaxTag && !text.ContainsAnyExcept(HexDigits);
}
