using System.Text.Json.Serialization;
using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>What a bounce address says, as it is shown. Names and words are those of the JSON that programs get.</summary>
internal sealed record DecodedAddress
{
    /// <summary>The address as it was given.</summary>
    public required string Address { get; init; }

    /// <summary>Who was mailed.</summary>
    public string? Recipient { get; init; }

    /// <summary>The hash of who was mailed, when the address does not show it.</summary>
    public string? RecipientHash { get; init; }

    /// <summary>Whether the hash is that of the recipient who was asked for; <c>null</c> when none was, or there is no hash.</summary>
    public bool? Confirmed { get; init; }

    /// <summary>The tags, in their order.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>In which form the recipient stands in it; <c>null</c> for a plain bounce address.</summary>
    public VerpForm? Form { get; init; }

    /// <summary>The template that read it.</summary>
    public string? Template { get; init; }

    /// <summary>The named fields of the template.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>What was peeled off, the outermost first.</summary>
    public IReadOnlyList<VerpLayer> Layers { get; init; } = [];

    /// <summary>The stream of a plain address, <c>news</c> of <c>bounces-news@</c>.</summary>
    public string? Stream { get; init; }

    /// <summary>What the signature proves; <c>null</c> when the address is none of ours.</summary>
    public SignatureState? Signature { get; init; }

    /// <summary>What is wrong with it.</summary>
    public DecodingFault? Fault { get; init; }

    /// <summary>Whether the address was UTF-8: what was not arrives as U+FFFD, and would be read as somebody who is not there.</summary>
    [JsonIgnore]
    public bool IsUtf8 => !Address.Contains('\uFFFD', StringComparison.Ordinal);

    /// <summary>Whether the address has a fault, or its hash is another recipient's.</summary>
    [JsonIgnore]
    public bool IsFaulty => Fault is not null || Confirmed is false;

    /// <summary>Reads an address, with angle brackets or without.</summary>
    /// <param name="codec">What reads it.</param>
    /// <param name="text"><c>local@domain</c>, the local part quoted or not.</param>
    /// <param name="recipient">Whom a hash is compared with.</param>
    public static DecodedAddress Read(VerpCodec codec, string text, string? recipient = null)
    {
        var unread = new DecodedAddress { Address = text.Trim(), Fault = DecodingFault.Malformed };
        if (!unread.IsUtf8)
            return unread;
        ReadOnlySpan<char> address = text.AsSpan().Trim().TrimStart('<').TrimEnd('>');
        int at = address.LastIndexOf('@');
        ReadOnlySpan<char> localPart = address[..Math.Max(at, 0)];
        if (localPart is ['"', .. var quoted, '"'])
            localPart = Unquote(quoted);
        VerpDecoding decoding = codec.Decode(localPart, address[(at + 1)..]);
        VerpAddress? verp = decoding.ToAddress();
        return new DecodedAddress
        {
            Address = text.Trim(),
            Recipient = verp?.Recipient,
            RecipientHash = verp?.RecipientHash,
            Confirmed = recipient is null || verp?.RecipientHash is null ? null : codec.Confirms(verp, recipient),
            Tags = verp?.Tags ?? [],
            Form = decoding.Form is VerpForm.None ? null : decoding.Form,
            Template = decoding.Template,
            Fields = verp?.Fields,
            Layers = decoding.Layers.ToArray(),
            Stream = decoding.Stream.IsEmpty ? null : decoding.Stream.ToString(),
            Signature = StateOf(decoding, codec.HasKeys),
            Fault = decoding.IsAccepted ? null : decoding.Fault,
        };
    }

    private static SignatureState? StateOf(VerpDecoding decoding, bool hasKeys) =>
        decoding.Fault switch
        {
            DecodingFault.UnknownKey => SignatureState.UnknownKey,
            DecodingFault.BadSignature => SignatureState.Bad,
            DecodingFault.Expired => SignatureState.Expired,
            DecodingFault.None => decoding.IsSigned ? SignatureState.Valid
            : hasKeys ? SignatureState.Unsigned
            : SignatureState.NotChecked,
            _ => null,
        };

    // RFC 5321 section 4.1.2: a backslash stands before any character.
    private static string Unquote(ReadOnlySpan<char> quoted)
    {
        var text = new System.Text.StringBuilder(quoted.Length);
        for (int i = 0; i < quoted.Length; i++)
        {
            if (quoted[i] == '\\' && i + 1 < quoted.Length)
                i++;
            text.Append(quoted[i]);
        }
        return text.ToString();
    }
}

/// <summary>What the signature of an address proves.</summary>
internal enum SignatureState
{
    /// <summary>That we minted it, lately enough.</summary>
    Valid,

    /// <summary>Nothing: there is none, though there are keys.</summary>
    Unsigned,

    /// <summary>Nothing: there are no keys to check one with.</summary>
    NotChecked,

    /// <summary>That we minted it, but too long ago.</summary>
    Expired,

    /// <summary>That it was forged, or changed on its way.</summary>
    Bad,

    /// <summary>Nothing: no key has its id.</summary>
    UnknownKey,
}
