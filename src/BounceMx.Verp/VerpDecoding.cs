namespace BounceMx.Verp;

/// <summary>
/// What became of decoding a bounce address. Without a fault it is either a VERP address, with <see cref="Address"/>, or a plain
/// bounce address (<c>bounces@</c>, <c>bounces-news@</c>), without.
/// </summary>
public readonly record struct VerpDecoding
{
    /// <summary>Why the address is refused; <see cref="DecodingFault.None"/> when it is not.</summary>
    public DecodingFault Fault { get; private init; }

    /// <summary>What the VERP address says; <c>null</c> for a plain address and with a fault.</summary>
    public VerpAddress? Address { get; private init; }

    /// <summary>What follows the hyphen of a plain address: <c>news</c> of <c>bounces-news@</c>, as written; else <c>null</c>.</summary>
    public string? Stream { get; private init; }

    /// <summary>Whether mail to the address is to be accepted.</summary>
    public bool IsAccepted => Fault is DecodingFault.None;

    internal static VerpDecoding Plain => default;

    internal static VerpDecoding Of(VerpAddress address) => new() { Address = address };

    internal static VerpDecoding OfStream(string stream) => new() { Stream = stream };

    internal static VerpDecoding Refused(DecodingFault fault) => new() { Fault = fault };
}

/// <summary>Why an address is no bounce address of ours.</summary>
public enum DecodingFault
{
    /// <summary>It is one.</summary>
    None,

    /// <summary>Another domain, or a local part that would route there: <c>user%host</c>, <c>host!user</c>, <c>"user@host"</c>.</summary>
    NotOurs,

    /// <summary>Our domain, but the local part does not begin as a bounce address does.</summary>
    UnknownPrefix,

    /// <summary>Our domain and prefix, but what follows is not in the grammar or is over a limit.</summary>
    Malformed,
}
