namespace BounceMx.Verp;

/// <summary>What became of minting a bounce address: the address, or the reason why there is none.</summary>
public readonly record struct VerpEncoding
{
    /// <summary>Why there is no address; <see cref="EncodingFault.None"/> when there is one.</summary>
    public EncodingFault Fault { get; private init; }

    /// <summary>The envelope sender without angle brackets, its local part at most 64 octets; <c>null</c> with a fault.</summary>
    public string? Address { get; private init; }

    internal static VerpEncoding Of(string address) => new() { Address = address };

    internal static VerpEncoding Refused(EncodingFault fault) => new() { Fault = fault };
}

/// <summary>Why a bounce address cannot be minted.</summary>
public enum EncodingFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The recipient has no <c>@</c>, or nothing behind it.</summary>
    NoDomain,

    /// <summary>The recipient has nothing before its <c>@</c>.</summary>
    NoLocalPart,

    /// <summary>The recipient's domain is no domain name. An address literal is none.</summary>
    InvalidDomain,

    /// <summary>The recipient holds a control character or half a surrogate pair.</summary>
    ControlCharacter,

    /// <summary>The recipient's local part is quoted, or would have to be: it holds a space, a special or two dots in a row.</summary>
    NeedsQuotes,

    /// <summary>A tag is empty, ends in a dot, or holds a delimiter or anything else than ASCII atoms with single dots between.</summary>
    InvalidTag,

    /// <summary>The bounce domain is no domain name, or not among <see cref="VerpOptions.Domains"/>.</summary>
    InvalidBounceDomain,

    /// <summary>The local part would be over 64 octets (RFC 5321 section 4.5.3.1.1), or the whole over 254 (4.5.3.1.3).</summary>
    TooLong,
}
