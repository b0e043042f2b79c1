using System.Buffers;

namespace BounceMx.Smtp.Proxy;

/// <summary>
/// Reads the header that a proxy sends ahead of a connection: PROXY protocol versions 1 and 2 (haproxy's doc/proxy-protocol.txt).
/// Version 1 is a line of at most 107 octets; version 2 is limited here to 4096 octets behind its first 16. The first octet that cannot be
/// of either decides, and what follows the header is not touched.
/// Known gap: the TLVs of version 2 are skipped, the checksum (PP2_TYPE_CRC32C) among them.
/// </summary>
internal static class ProxyHeaderParser
{
    /// <summary>Reads one header.</summary>
    /// <param name="buffer">What has arrived; moved behind the header when there is one, else left as it is.</param>
    /// <param name="header">The header.</param>
    /// <returns><see cref="OperationStatus.Done"/>, <see cref="OperationStatus.NeedMoreData"/> or <see cref="OperationStatus.InvalidData"/>.</returns>
    public static OperationStatus Parse(ref ReadOnlySequence<byte> buffer, out ProxyHeader header)
    {
        // All that is looked at, in either version.
        Span<byte> start = stackalloc byte[(int)Math.Min(buffer.Length, ProxyVersion1.MaxLength)];
        buffer.Slice(0, start.Length).CopyTo(start);
        OperationStatus status =
            Begins(start, ProxyVersion2.Signature) ? ProxyVersion2.Parse(start, buffer.Length, out header)
            : Begins(start, ProxyVersion1.Signature) ? ProxyVersion1.Parse(start, out header)
            : Invalid(out header);
        if (status == OperationStatus.Done)
            buffer = buffer.Slice(header.Length);
        return status;
    }

    private static bool Begins(ReadOnlySpan<byte> start, ReadOnlySpan<byte> signature)
    {
        int length = Math.Min(start.Length, signature.Length);
        return start[..length].SequenceEqual(signature[..length]);
    }

    private static OperationStatus Invalid(out ProxyHeader header)
    {
        header = default;
        return OperationStatus.InvalidData;
    }
}
