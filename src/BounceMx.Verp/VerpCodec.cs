using System.Collections.Frozen;
using System.Runtime.CompilerServices;
using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// Mints and reads VERP envelope senders, <c>bounces+local=domain+tag+tag@bounce-domain</c>. Immutable and safe from any thread.
/// Does: tell at RCPT time, in memory and in linear time, who was mailed, or why an address is none of ours; refusals allocate nothing.
/// Does not: sign, hash, expire, peel SRS or BATV, or read other programs' forms; it never looks up a name.
/// Standards: RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 6531 section 3.3. VERP itself has none; this form is Postfix's, with tags.
/// Known gaps: a UTF-8 recipient gives a bounce address that only SMTPUTF8 servers can answer to; U-labels and their A-labels differ.
/// </summary>
/// <remarks>
/// The last delimiter of the second kind (<c>=</c>) stands for the recipient's <c>@</c>: a local part may hold <c>=</c> and <c>+</c>, a
/// domain and tags cannot. The domain ends at the first <c>+</c> behind it, and tags follow. A recipient at an address literal is
/// neither minted nor read: brackets would have to be quoted, and bulk mail does not go there.
/// </remarks>
public sealed class VerpCodec
{
    /// <summary>Octets of a local part on receipt. RFC 5321 section 4.5.3.1.1 says 64, but real senders exceed it.</summary>
    private const int MaxReceivedLocalPart = 128;
    private const int MaxMintedLocalPart = 64;

    // A path is at most 256 octets (RFC 5321 section 4.5.3.1.3), of which two are its angle brackets.
    private const int MaxMintedAddress = 254;

    private readonly string _prefix;
    private readonly char _delimiter;
    private readonly char _atSign;
    private readonly FrozenSet<string> _domains;
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _domainLookup;

    /// <summary>Prepares a codec.</summary>
    /// <param name="options">Options that pass their own <see cref="VerpOptions.Check"/>.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public VerpCodec(VerpOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Check() is [var fault, ..])
            throw new ArgumentException($"{fault.Name} is \"{fault.Value}\"; allowed: {fault.Allowed}.", nameof(options));
        _prefix = options.Prefix;
        _delimiter = options.Delimiters[0];
        _atSign = options.Delimiters[1];
        _domains = options.Domains.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _domainLookup = _domains.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether mail to the domain is for us; with no domains configured, every domain name is.</summary>
    /// <param name="domain">A domain name, or an address literal in its brackets.</param>
    public bool IsOurs(ReadOnlySpan<char> domain) =>
        _domains.Count > 0 ? _domainLookup.Contains(domain) : !domain.IsEmpty && domain[0] != '[';

    /// <summary>Reads the address of a RCPT command. Never throws; postmaster and abuse are the caller's business.</summary>
    /// <param name="localPart">The local part without quotes and backslashes; over 128 octets in UTF-8 it is malformed.</param>
    /// <param name="domain">The domain, in any case.</param>
    public VerpDecoding Decode(ReadOnlySpan<char> localPart, ReadOnlySpan<char> domain)
    {
        if (!IsOurs(domain))
            return VerpDecoding.Refused(DecodingFault.NotOurs);
        if (!localPart.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase))
            return WithoutPrefix(localPart);
        ReadOnlySpan<char> rest = localPart[_prefix.Length..];
        if (rest.IsEmpty)
            return VerpDecoding.Plain;
        if (rest[0] != _delimiter && rest[0] != '-')
            return WithoutPrefix(localPart);
        if (AddressSyntax.OctetsExceed(localPart, MaxReceivedLocalPart) || AddressSyntax.HasControls(rest))
            return VerpDecoding.Refused(DecodingFault.Malformed);
        return rest[0] == _delimiter ? DecodePayload(rest[1..]) : DecodeStream(rest[1..]);
    }

    /// <summary>Mints an envelope sender. Never throws.</summary>
    /// <param name="recipient">
    /// Who is mailed, <c>local@domain</c>, not quoted; its case is kept, and a domain that is not ASCII stays as it is.
    /// </param>
    /// <param name="bounceDomain">The domain that bounces are to come to; one of <see cref="VerpOptions.Domains"/>, if there are any.</param>
    /// <param name="tags">What to know again of the mail, such as a campaign: ASCII atoms without the delimiters; relays may fold case.</param>
    public VerpEncoding Encode(ReadOnlySpan<char> recipient, ReadOnlySpan<char> bounceDomain, params ReadOnlySpan<string> tags)
    {
        int at = recipient.LastIndexOf('@');
        ReadOnlySpan<char> localPart = recipient[..Math.Max(at, 0)];
        ReadOnlySpan<char> domain = recipient[(at + 1)..];
        EncodingFault fault = Check(recipient, at, bounceDomain, tags);
        if (fault is not EncodingFault.None)
            return VerpEncoding.Refused(fault);

        var address = new DefaultInterpolatedStringHandler(0, 0, provider: null, stackalloc char[MaxMintedAddress]);
        address.AppendLiteral(_prefix);
        address.AppendFormatted(_delimiter);
        address.AppendFormatted(localPart);
        address.AppendFormatted(_atSign);
        address.AppendFormatted(domain);
        foreach (string tag in tags)
        {
            address.AppendFormatted(_delimiter);
            address.AppendLiteral(tag);
        }
        address.AppendFormatted('@');
        address.AppendFormatted(bounceDomain);
        return VerpEncoding.Of(address.ToStringAndClear());
    }

    private static VerpDecoding WithoutPrefix(ReadOnlySpan<char> localPart) =>
        VerpDecoding.Refused(IsRouted(localPart) ? DecodingFault.NotOurs : DecodingFault.UnknownPrefix);

    // user%host, host!user and "user@host" ask to be relayed (RFC 5321 appendix F.2 and older).
    private static bool IsRouted(ReadOnlySpan<char> localPart) => localPart.ContainsAny('%', '!', '@');

    private static VerpDecoding DecodeStream(ReadOnlySpan<char> stream) =>
        stream.IsEmpty ? VerpDecoding.Refused(DecodingFault.Malformed)
        : IsRouted(stream) ? VerpDecoding.Refused(DecodingFault.NotOurs)
        : VerpDecoding.OfStream(stream.ToString());

    private VerpDecoding DecodePayload(ReadOnlySpan<char> payload)
    {
        int at = payload.LastIndexOf(_atSign);
        if (at <= 0)
            return VerpDecoding.Refused(DecodingFault.Malformed);
        ReadOnlySpan<char> localPart = payload[..at];
        ReadOnlySpan<char> rest = payload[(at + 1)..];
        int end = rest.IndexOf(_delimiter);
        ReadOnlySpan<char> domain = end < 0 ? rest : rest[..end];
        if (!AddressSyntax.IsDomain(domain))
            return VerpDecoding.Refused(DecodingFault.Malformed);
        string[]? tags = end < 0 ? [] : ReadTags(rest[(end + 1)..]);
        return tags is null
            ? VerpDecoding.Refused(DecodingFault.Malformed)
            : VerpDecoding.Of(new VerpAddress(AddressSyntax.Mailbox(localPart, domain), tags));
    }

    /// <summary>Parts the tags; <c>null</c> when one of them is empty.</summary>
    private string[]? ReadTags(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] == _delimiter || text[^1] == _delimiter || text.IndexOf([_delimiter, _delimiter]) >= 0)
            return null;
        var tags = new string[text.Count(_delimiter) + 1];
        int next = 0;
        foreach (Range range in text.Split(_delimiter))
            tags[next++] = text[range].ToString();
        return tags;
    }

    private EncodingFault Check(ReadOnlySpan<char> recipient, int at, ReadOnlySpan<char> bounceDomain, ReadOnlySpan<string> tags)
    {
        if (at < 0 || at == recipient.Length - 1)
            return EncodingFault.NoDomain;
        if (at == 0)
            return EncodingFault.NoLocalPart;
        if (AddressSyntax.HasControls(recipient))
            return EncodingFault.ControlCharacter;
        ReadOnlySpan<char> localPart = recipient[..at];
        if (AddressSyntax.HasSpecials(localPart) || AddressSyntax.HasDoubleDot(localPart))
            return EncodingFault.NeedsQuotes;
        if (!AddressSyntax.IsDomain(recipient[(at + 1)..]))
            return EncodingFault.InvalidDomain;
        if (!AddressSyntax.IsDomain(bounceDomain) || !IsOurs(bounceDomain))
            return EncodingFault.InvalidBounceDomain;

        // The recipient's own "@" is counted as the delimiter that takes its place.
        int octets = _prefix.Length + 1 + Encoding.UTF8.GetByteCount(recipient);
        foreach (string tag in tags)
        {
            if (!AddressSyntax.IsAsciiDotString(tag) || tag.AsSpan().ContainsAny(_delimiter, _atSign))
                return EncodingFault.InvalidTag;
            octets += 1 + tag.Length;
        }
        return octets > MaxMintedLocalPart || octets + 1 + Encoding.UTF8.GetByteCount(bounceDomain) > MaxMintedAddress
            ? EncodingFault.TooLong
            : EncodingFault.None;
    }
}
