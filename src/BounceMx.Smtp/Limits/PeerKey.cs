using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// Who counts as one: an IPv4 address or the /64 of an IPv6 address, and the routed networks around them. IPv6 stands as the first half of
/// the address, IPv4 behind 32 set bits: ffff:ffff::/32 is multicast (RFC 4291 section 2.7), so no sender of IPv6 has that key.
/// </summary>
/// <param name="Bits">The key.</param>
internal readonly record struct PeerKey(ulong Bits)
{
    private const ulong IPv4 = 0xFFFF_FFFF_0000_0000;

    /// <summary>The peer's /24 or /48.</summary>
    public PeerKey Network => new((Bits & IPv4) == IPv4 ? Bits & ~0xFFUL : Bits & ~0xFFFFUL);

    /// <summary>The peer that has this address.</summary>
    public static PeerKey Of(IPAddress address)
    {
        Span<byte> octets = stackalloc byte[16];
        address.Unmapped().TryWriteBytes(octets, out int length);
        return new PeerKey(
            length == 4 ? IPv4 | BinaryPrimitives.ReadUInt32BigEndian(octets) : BinaryPrimitives.ReadUInt64BigEndian(octets)
        );
    }
}

/// <summary>
/// A hash that nobody outside can aim at: each octet of the key picks a random number, and all are combined (simple tabulation; Zobrist 1970).
/// Any three keys are hashed independently, and networks in sequence spread as random ones do (Patrascu and Thorup 2012).
/// </summary>
internal sealed class PeerHash : IEqualityComparer<PeerKey>
{
    // 256 for each octet, 8 KiB.
    private readonly int[] _numbers = [.. MemoryMarshal.Cast<byte, int>(RandomNumberGenerator.GetBytes(sizeof(ulong) * 256 * sizeof(int)))];

    private PeerHash() { }

    /// <summary>The hash of this process.</summary>
    public static PeerHash Instance { get; } = new();

    /// <inheritdoc/>
    public bool Equals(PeerKey x, PeerKey y) => x == y;

    /// <inheritdoc/>
    public int GetHashCode(PeerKey obj)
    {
        int hash = 0;
        for (int octet = 0; octet < sizeof(ulong); octet++)
            hash ^= _numbers[(octet * 256) + (byte)(obj.Bits >> (octet * 8))];
        return hash;
    }
}
