using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// Reads IP addresses as RFC 4291 section 2.2 and dotted decimals have them, and nothing else. <see cref="IPAddress.TryParse(ReadOnlySpan{char}, out IPAddress?)"/>
/// alone takes <c>10</c> for 0.0.0.10, <c>010.1</c> for 8.0.0.1, and brackets, ports and zones besides.
/// </summary>
internal static class StrictAddress
{
    private static readonly SearchValues<char> Characters = SearchValues.Create("0123456789abcdefABCDEF:.");

    /// <summary>Reads four decimals without leading zeros, or the hexadecimal groups of IPv6.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        return !text.ContainsAnyExcept(Characters)
            && IPAddress.TryParse(text, out address)
            && (address.AddressFamily == AddressFamily.InterNetworkV6 || text.SequenceEqual(address.ToString()));
    }

    /// <summary>The address as the sender has it: IPv4 for what a socket of both families shows as ::ffff:192.0.2.1.</summary>
    public static IPAddress Unmapped(this IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
