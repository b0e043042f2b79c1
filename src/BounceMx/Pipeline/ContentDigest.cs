using System.Security.Cryptography;
using BounceMx.Mail.Mime;

namespace BounceMx.Pipeline;

/// <summary>
/// What makes two deliveries of one message the same: its body, and the header fields that its author wrote. Trace fields (RFC 5321
/// section 4.4) and what filters add differ from hop to hop and are left out.
/// </summary>
internal static class ContentDigest
{
    /// <summary>Octets of a digest.</summary>
    public const int Size = SHA256.HashSizeInBytes;

    /// <summary>Writes the digest of a message.</summary>
    public static void Compute(MimePart root, Span<byte> digest)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, root, "Message-ID"u8);
        Append(hash, root, "Date"u8);
        Append(hash, root, "From"u8);
        Append(hash, root, "Subject"u8);
        hash.AppendData(root.Body.Span);
        hash.GetHashAndReset(digest);
    }

    private static void Append(IncrementalHash hash, MimePart root, ReadOnlySpan<byte> name)
    {
        hash.AppendData(root.Headers.RawValue(name).Span);
        hash.AppendData("\n"u8);
    }
}
