using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Proxy;

/// <summary>
/// The binary header of version 2 (section 2.2): a signature, version and command, family and transport, the length of the rest in network
/// order; then the addresses (source, destination, their ports) and TLVs.
/// </summary>
internal static class ProxyVersion2
{
    /// <summary>Octets behind the first 16. Our choice: addresses and all TLVs that are defined, a client certificate's names among them.</summary>
    public const int MaxRest = 4096;

    private const int FixedLength = 16;

    /// <summary>What it begins with: nothing that any text protocol would.</summary>
    public static ReadOnlySpan<byte> Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header whose beginning is that of the signature.</summary>
    /// <param name="start">What has arrived: as much of it as stands before the TLVs, or less.</param>
    /// <param name="available">How much has arrived in all.</param>
    /// <param name="header">The header.</param>
    public static OperationStatus Parse(ReadOnlySpan<byte> start, long available, out ProxyHeader header)
    {
        header = default;
        if (start.Length <= 12)
            return OperationStatus.NeedMoreData;
        bool isLocal = start[12] == 0x20;
        if (!isLocal && start[12] != 0x21)
            return OperationStatus.InvalidData;
        if (start.Length <= 13)
            return OperationStatus.NeedMoreData;
        // A proxy that speaks for itself (LOCAL) may leave anything behind the command, to be ignored.
        int addresses = isLocal ? 0 : AddressLengthOf(start[13]);
        if (addresses < 0)
            return OperationStatus.InvalidData;
        if (start.Length < FixedLength)
            return OperationStatus.NeedMoreData;
        int rest = BinaryPrimitives.ReadUInt16BigEndian(start[14..]);
        if (rest < addresses || rest > MaxRest)
            return OperationStatus.InvalidData;
        if (available < FixedLength + rest)
            return OperationStatus.NeedMoreData;
        header = new ProxyHeader(FixedLength + rest, isLocal ? null : SourceOf(start[13], start[FixedLength..]));
        return OperationStatus.Done;
    }

    // By family and transport. SMTP comes over streams only, so a proxy that speaks of datagrams is mistaken.
    private static int AddressLengthOf(byte family) =>
        family switch
        {
            0x00 => 0, // AF_UNSPEC
            0x11 => 12, // AF_INET, STREAM
            0x21 => 36, // AF_INET6, STREAM
            0x31 => 216, // AF_UNIX, STREAM
            _ => -1,
        };

    private static IPEndPoint? SourceOf(byte family, ReadOnlySpan<byte> addresses) =>
        family switch
        {
            0x11 => new IPEndPoint(new IPAddress(addresses[..4]), BinaryPrimitives.ReadUInt16BigEndian(addresses[8..])),
            0x21 => new IPEndPoint(new IPAddress(addresses[..16]).Unmapped(), BinaryPrimitives.ReadUInt16BigEndian(addresses[32..])),
            _ => null,
        };
}
