using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace BounceMx.Pipeline;

/// <summary>
/// Ids derived from content: the same bounce delivered twice, to any node and by any route, has the same id.
/// Into the id go the event's type, the bounce address, the recipient, and a digest of the message without what relays add on the way.
/// </summary>
internal static class EventId
{
    /// <summary>Characters of an id: 130 bits.</summary>
    public const int Length = 26;

    private const string Alphabet = "0123456789abcdefghijklmnopqrstuv"; // base32hex (RFC 4648 section 7), lower case

    /// <summary>The id of an event. Addresses are compared caselessly, as relays fold their case.</summary>
    public static string Create(ReadOnlySpan<byte> contentDigest, string type, string? bounceAddress, string? recipient)
    {
        string key = $"{type}\0{bounceAddress?.ToLowerInvariant()}\0{recipient?.ToLowerInvariant()}\0";
        int size = Encoding.UTF8.GetMaxByteCount(key.Length) + contentDigest.Length;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(size);
        int written = Encoding.UTF8.GetBytes(key, buffer);
        contentDigest.CopyTo(buffer.AsSpan(written));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.AsSpan(0, written + contentDigest.Length), hash);
        ArrayPool<byte>.Shared.Return(buffer);
        return Base32(hash);
    }

    private static string Base32(ReadOnlySpan<byte> hash)
    {
        Span<char> id = stackalloc char[Length];
        for (int i = 0; i < Length; i++)
        {
            int bit = i * 5;
            int pair = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            id[i] = Alphabet[(pair >> (11 - (bit % 8))) & 31];
        }
        return new string(id);
    }
}
