using BounceMx.Verp;

namespace BounceMx.Cli;

/// <summary>Mints envelope senders in one bounce domain, and says in words why there is none.</summary>
/// <param name="codec">What mints.</param>
/// <param name="domain">The bounce domain.</param>
/// <param name="tags">The tags that all of them have, before their own.</param>
internal sealed class SenderMint(VerpCodec codec, string domain, string[] tags)
{
    private static readonly Dictionary<EncodingFault, string> Problems = new()
    {
        [EncodingFault.NoDomain] = "the recipient has no domain",
        [EncodingFault.NoLocalPart] = "the recipient has nothing before its @",
        [EncodingFault.InvalidDomain] = "the recipient's domain is no domain name",
        [EncodingFault.ControlCharacter] = "the recipient holds a control character",
        [EncodingFault.InvalidQuotes] = "the recipient's quotes do not close as they should",
        [EncodingFault.InvalidTag] =
            "a tag is letters, digits, - and _ with single dots between, and not 17 of 0-9 and a-v, as a signature is",
        [EncodingFault.InvalidBounceDomain] = "the bounce domain is no domain name, or not among Verp:Domains",
        [EncodingFault.TooLong] = "the address would be too long: over 64 octets before its @ for its tags, or over 254",
    };

    /// <summary>A fault in words.</summary>
    public static string Describe(EncodingFault fault) => Problems[fault];

    /// <summary>The envelope sender for a recipient; <c>null</c>, and why, when there can be none.</summary>
    public string? Mint(string recipient, IReadOnlyList<string> ownTags, out string problem)
    {
        // What was not UTF-8 arrives as U+FFFD, and an address would be minted for somebody who is not there.
        if (recipient.Contains('\uFFFD', StringComparison.Ordinal))
        {
            problem = "the recipient is not UTF-8";
            return null;
        }
        VerpEncoding encoding = codec.Encode(recipient, domain, ownTags.Count == 0 ? tags : [.. tags, .. ownTags]);
        problem = encoding.Fault is EncodingFault.None ? "" : Describe(encoding.Fault);
        return encoding.Address;
    }
}
