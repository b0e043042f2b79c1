namespace BounceMx.Verp.Tests;

/// <summary>Keys for tests, and the short way to mint and read a whole address.</summary>
internal static class Keys
{
    public const string OurDomain = "bounces.example.com";

    public static VerpKey Of(char id, byte octet = 0x5A) => new(id, [.. Enumerable.Repeat(octet, 32)]);

    public static VerpCodec Codec(TimeProvider time, params VerpKey[] keys) => new(Options(keys), time);

    public static VerpOptions Options(params VerpKey[] keys) => new() { Domains = [OurDomain], Keys = keys };

    public static string Mint(this VerpCodec codec, string recipient, params string[] tags) =>
        codec.Encode(recipient, OurDomain, tags).Address.ShouldNotBeNull();

    /// <summary>Decodes <c>local@domain</c>.</summary>
    public static VerpDecoding Decode(this VerpCodec codec, string address)
    {
        int at = address.LastIndexOf('@');
        return codec.Decode(address.AsSpan(0, at), address.AsSpan(at + 1));
    }
}
