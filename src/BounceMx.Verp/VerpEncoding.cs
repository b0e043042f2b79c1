namespace BounceMx.Verp;

/// <summary>What became of minting a bounce address: the address, or the reason why there is none.</summary>
public readonly record struct VerpEncoding
{
    private readonly EncodingFault? _fault;

    /// <summary>
    /// Why there is no address; <see cref="EncodingFault.None"/> when there is one. The default value is <see cref="EncodingFault.NoDomain"/>,
    /// as an empty recipient is.
    /// </summary>
    public EncodingFault Fault
    {
        get => _fault ?? EncodingFault.NoDomain;
        private init => _fault = value;
    }

    /// <summary>
    /// The envelope sender without angle brackets; <c>null</c> with a fault. Its local part is at most 64 octets of ASCII and needs no
    /// quotes.
    /// </summary>
    public string? Address { get; private init; }

    /// <summary>In which form the recipient stands in it; in the hash form nobody can read it back, only confirm it.</summary>
    public VerpForm Form { get; private init; }

    internal static VerpEncoding Of(VerpForm form, string address) =>
        new()
        {
            Fault = EncodingFault.None,
            Form = form,
            Address = address,
        };

    internal static VerpEncoding Refused(EncodingFault fault) => new() { Fault = fault };
}

/// <summary>Why a bounce address cannot be minted.</summary>
public enum EncodingFault
{
    /// <summary>It can.</summary>
    None,

    /// <summary>The recipient has no <c>@</c>, or nothing behind it.</summary>
    NoDomain,

    /// <summary>The recipient has nothing before its <c>@</c>, or only a pair of quotes.</summary>
    NoLocalPart,

    /// <summary>The recipient's domain is no domain name. An address literal is none.</summary>
    InvalidDomain,

    /// <summary>The recipient holds a control character or half a surrogate pair.</summary>
    ControlCharacter,

    /// <summary>
    /// The recipient's local part begins with a quote but is no quoted string (RFC 5321 section 4.1.2), or it holds outside of quotes what
    /// needs them: a space, or one of <c>"(),:;&lt;&gt;@[\]</c>.
    /// </summary>
    InvalidQuotes,

    /// <summary>
    /// A tag is empty, holds anything but letters, digits, <c>-</c>, <c>_</c> and single dots between them, holds a delimiter, or would be
    /// taken for a signature, as every 17 characters of 0-9 and a-v are.
    /// </summary>
    InvalidTag,

    /// <summary>The bounce domain is no domain name, or not among <see cref="VerpOptions.Domains"/>.</summary>
    InvalidBounceDomain,

    /// <summary>
    /// Even in the hash form the local part would be over 64 octets (RFC 5321 section 4.5.3.1.1), or the whole over 254 (4.5.3.1.3), for
    /// its tags and bounce domain; or the recipient itself is over 254.
    /// </summary>
    TooLong,
}
