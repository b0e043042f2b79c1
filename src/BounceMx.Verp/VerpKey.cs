using System.Security.Cryptography;

namespace BounceMx.Verp;

/// <summary>
/// A secret that bounce addresses are signed with, and its id, which stands in the address so that keys can be changed: the first key
/// signs, all verify. As text it is <c>ID:HEX</c>; <see cref="VerpKeyFile"/> reads that. The secret appears in no message and no
/// <see cref="ToString"/>.
/// </summary>
public sealed class VerpKey
{
    /// <summary>The fewest octets of a secret; <see cref="Generate"/> makes 32.</summary>
    public const int MinSecretLength = 16;

    private readonly byte[] _secret;

    /// <summary>Makes a key of a secret that all who mint and verify share.</summary>
    /// <param name="id">One of 0-9 and a-v, in any case; kept in lower case.</param>
    /// <param name="secret">At least 16 octets, random; copied.</param>
    /// <exception cref="ArgumentException">Another id, or fewer octets.</exception>
    public VerpKey(char id, ReadOnlySpan<byte> secret)
    {
        if (!IsId(id))
            throw new ArgumentException("A key's id is one of 0-9 and a-v.", nameof(id));
        if (secret.Length < MinSecretLength)
            throw new ArgumentException("A key's secret is at least 16 octets.", nameof(secret));
        Id = char.ToLowerInvariant(id);
        _secret = secret.ToArray();
    }

    /// <summary>One of 0-9 and a-v.</summary>
    public char Id { get; }

    internal ReadOnlySpan<byte> Secret => _secret;

    /// <summary>A new key of 32 random octets.</summary>
    /// <param name="id">One of 0-9 and a-v, in any case, that none of the keys still in use has.</param>
    /// <exception cref="ArgumentException">Another id.</exception>
    public static VerpKey Generate(char id) => new(id, RandomNumberGenerator.GetBytes(32));

    /// <summary>Its line of a key file, <c>ID:HEX</c> in lower case, secret included: for the file, never for a log.</summary>
    public string ToKeyFileLine() => $"{Id}:{Convert.ToHexStringLower(_secret)}";

    /// <summary>Its id alone.</summary>
    public override string ToString() => $"key {Id}";

    internal static bool IsId(char id) => Base32Hex.ValueOf(id) >= 0;
}
