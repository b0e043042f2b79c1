using System.Globalization;
using System.Net;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// Networks in CIDR notation (RFC 4632 section 3.1, RFC 4291 section 2.3) and whether an address lies in one of them. Addresses of IPv4
/// that are mapped into IPv6 are those of IPv4, in the set and in the question. The networks are tried one by one: a set is what somebody
/// has typed.
/// </summary>
public sealed class NetworkSet
{
    private const int MappedPrefix = 96;

    private readonly IPNetwork[] _networks;

    private NetworkSet(IPNetwork[] networks) => _networks = networks;

    /// <summary>Reads a set.</summary>
    /// <param name="entries">Each as <see cref="TryParse"/> takes it.</param>
    /// <exception cref="FormatException">One is not.</exception>
    public static NetworkSet Parse(IEnumerable<string> entries)
    {
        ArgumentNullException.ThrowIfNull(entries);
        return new NetworkSet([
            .. entries.Select(entry =>
                TryParse(entry, out IPNetwork network)
                    ? network
                    : throw new FormatException($"\"{entry}\" is not {NetworkAttribute.Allowed}")
            ),
        ]);
    }

    /// <summary>Reads one entry: <c>10.0.0.0/8</c>, <c>2001:db8::/32</c>, or an address, which is a network of its own.</summary>
    /// <param name="text">The entry. Nothing may be set behind the prefix: whoever writes 10.1.2.3/8 has one of the two wrong.</param>
    /// <param name="network">The network; of IPv4 where it is mapped into IPv6.</param>
    public static bool TryParse(string? text, out IPNetwork network)
    {
        network = default;
        ReadOnlySpan<char> address = text;
        ReadOnlySpan<char> length = default;
        int slash = address.IndexOf('/');
        if (slash >= 0)
        {
            length = address[(slash + 1)..];
            address = address[..slash];
        }
        if (!StrictAddress.TryParse(address, out IPAddress? parsed))
            return false;
        IPAddress first = parsed.Unmapped();
        int bits = first.GetAddressBytes().Length * 8;
        int prefix = bits;
        if (slash >= 0)
        {
            if (!byte.TryParse(length, NumberStyles.None, CultureInfo.InvariantCulture, out byte written))
                return false;
            prefix = ReferenceEquals(first, parsed) ? written : written - MappedPrefix;
        }
        return prefix >= 0 && prefix <= bits && IPNetwork.TryParse($"{first}/{prefix}", out network) && network.BaseAddress.Equals(first);
    }

    /// <summary>Whether the address lies in one of the networks.</summary>
    public bool Contains(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        IPAddress unmapped = address.Unmapped();
        foreach (IPNetwork network in _networks)
        {
            if (network.Contains(unmapped))
                return true;
        }
        return false;
    }
}
