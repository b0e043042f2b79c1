using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// The last part of a bounce address, which proves that we minted it, and on which day: key id, day and mac, 1 + 3 + 13 characters of
/// base32hex. Signs and checks; allocates nothing. Does not remember addresses: who has seen one may send to it until it expires.
/// Standards: HMAC-SHA-256 (RFC 2104), of which 65 bits are kept; a forger has one chance in 2^65 a try, and each try is a RCPT command.
/// </summary>
/// <remarks>
/// The mac is over the whole address as it was minted but for the mac itself, <c>bounces+user=example.org+1jfa@bounces.example.com</c>, in
/// UTF-8 with A-Z folded to lower case: so prefix, recipient, tags, key id, day and bounce domain are covered, and relays may fold case.
/// </remarks>
internal sealed class VerpSignature
{
    /// <summary>Characters of a signature.</summary>
    public const int Length = 1 + DayLength + MacLength;
    private const int DayLength = 3;
    private const int MacLength = 13;

    // 15 bits of days last until 2059 and then begin anew, so ages are counted modulo 2^15.
    private const int DayMask = (1 << (5 * DayLength)) - 1;
    private static readonly int Epoch = new DateOnly(1970, 1, 1).DayNumber;

    private readonly VerpKey? _signer;
    private readonly VerpKey?[] _keys = new VerpKey?[32];
    private readonly int _maxAge;
    private readonly TimeProvider _time;

    public VerpSignature(ReadOnlySpan<VerpKey> keys, TimeSpan maxAge, TimeProvider time)
    {
        _signer = keys is [var first, ..] ? first : null;
        foreach (VerpKey key in keys)
            _keys[Base32Hex.ValueOf(key.Id)] = key;
        _maxAge = (int)maxAge.TotalDays;
        _time = time;
    }

    /// <summary>Whether there are keys; without, nothing is signed or checked.</summary>
    public bool HasKeys => _signer is not null;

    /// <summary>The secret that also keys the hash form; empty without keys.</summary>
    public ReadOnlySpan<byte> SigningSecret => _signer is null ? [] : _signer.Secret;

    private int Today => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).DayNumber - Epoch;

    /// <summary>Whether a part of a local part has the shape of a signature.</summary>
    public static bool IsSignature(ReadOnlySpan<char> part) => part.Length == Length && Base32Hex.IsAll(part);

    /// <summary>Fills the last <see cref="Length"/> characters of a local part, which end behind a delimiter, with its signature.</summary>
    public void Sign(Span<char> localPart, ReadOnlySpan<char> domain)
    {
        Span<char> signature = localPart[^Length..];
        signature[0] = _signer!.Id;
        int day = Today;
        for (int i = DayLength; i > 0; i--, day >>= 5)
            signature[i] = Base32Hex.CharacterOf(day);
        WriteMac(_signer, localPart[..^MacLength], domain, signature[^MacLength..]);
    }

    /// <summary>The id of the key that a signature names, in lower case.</summary>
    public static char KeyIdOf(ReadOnlySpan<char> signature) => Base32Hex.CharacterOf(Base32Hex.ValueOf(signature[0]));

    /// <summary>The day that a signature names: of those that its 15 bits may mean, the one nearest to today.</summary>
    public DateOnly DayOf(ReadOnlySpan<char> signature)
    {
        int age = AgeOf(signature.Slice(1, DayLength));
        int day = Epoch + Today - (age > DayMask / 2 ? age - (DayMask + 1) : age);
        return DateOnly.FromDayNumber(Math.Clamp(day, 0, DateOnly.MaxValue.DayNumber));
    }

    /// <summary>Checks a local part that ends in a signature: <see cref="DecodingFault.None"/> or what is wrong with it.</summary>
    /// <param name="localPart">At most <see cref="AddressSyntax.MaxReceivedLocalPart"/> octets.</param>
    /// <param name="domain">At most <see cref="AddressSyntax.MaxDomain"/> octets.</param>
    public DecodingFault Check(ReadOnlySpan<char> localPart, ReadOnlySpan<char> domain)
    {
        ReadOnlySpan<char> signature = localPart[^Length..];
        if (_keys[Base32Hex.ValueOf(signature[0])] is not { } key)
            return DecodingFault.UnknownKey;
        Span<char> expected = stackalloc char[MacLength];
        Span<char> given = stackalloc char[MacLength];
        WriteMac(key, localPart[..^MacLength], domain, expected);
        Ascii.ToLower(signature[^MacLength..], given, out _);
        if (!CryptographicOperations.FixedTimeEquals(MemoryMarshal.AsBytes(expected), MemoryMarshal.AsBytes(given)))
            return DecodingFault.BadSignature;
        return IsExpired(signature.Slice(1, DayLength)) ? DecodingFault.Expired : DecodingFault.None;
    }

    private bool IsExpired(ReadOnlySpan<char> day)
    {
        int age = AgeOf(day);
        // The minter's clock may be ahead of ours over midnight: tomorrow is an age of -1.
        return age > _maxAge && age != DayMask;
    }

    // Days since then, modulo 2^15.
    private int AgeOf(ReadOnlySpan<char> day)
    {
        int minted = 0;
        foreach (char character in day)
            minted = (minted << 5) | Base32Hex.ValueOf(character);
        return (Today - minted) & DayMask;
    }

    private static void WriteMac(VerpKey key, ReadOnlySpan<char> signed, ReadOnlySpan<char> domain, Span<char> mac)
    {
        Span<byte> text = stackalloc byte[AddressSyntax.MaxReceivedLocalPart + 1 + AddressSyntax.MaxDomain];
        int length = AddressSyntax.Fold(signed, text);
        text[length++] = (byte)'@';
        length += AddressSyntax.Fold(domain, text[length..]);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(key.Secret, text[..length], hash);
        Base32Hex.Write(hash, mac);
    }
}
