namespace BounceMx.Verp;

/// <summary>
/// What became of decoding a bounce address: parts of the text that was given, without a copy, so that nothing is allocated until
/// <see cref="ToAddress"/>. Without a fault it is either a VERP address or a plain bounce address (<c>bounces@</c>, <c>bounces-news@</c>),
/// whose <see cref="Form"/> is <see cref="VerpForm.None"/>.
/// </summary>
public readonly ref struct VerpDecoding
{
    private readonly DecodingFault? _fault;

    /// <summary>
    /// Why the address is refused; <see cref="DecodingFault.None"/> when it is not. The default value is
    /// <see cref="DecodingFault.Malformed"/>, so that a door that forgot to decode lets nothing in.
    /// </summary>
    public DecodingFault Fault
    {
        get => _fault ?? DecodingFault.Malformed;
        internal init => _fault = value;
    }

    /// <summary>Whether there is no fault.</summary>
    public bool IsAccepted => Fault is DecodingFault.None;

    /// <summary>
    /// Whether the address bears a signature that is valid and not expired: we minted it, and lately. <c>false</c> without a signature,
    /// and for every one where no keys are configured.
    /// </summary>
    public bool IsSigned { get; internal init; }

    /// <summary>
    /// The id of the key that the signature names, one of 0-9 and a-v in lower case; <c>null</c> where there is no signature. What an
    /// address says of itself, which <see cref="IsSigned"/> alone proves.
    /// </summary>
    public char? KeyId { get; internal init; }

    /// <summary>
    /// The day in UTC that the signature names as that of its minting; <c>null</c> where there is none. Of the days that its 15 bits may
    /// mean, the one nearest to today. What an address says of itself, as <see cref="KeyId"/> is.
    /// </summary>
    public DateOnly? MintedOn { get; internal init; }

    /// <summary>In which form the recipient stands in it; also with a fault of the signature, else <see cref="VerpForm.None"/>.</summary>
    public VerpForm Form { get; internal init; }

    /// <summary>What follows the hyphen of a plain address: <c>news</c> of <c>bounces-news@</c>, as written; else empty.</summary>
    public ReadOnlySpan<char> Stream { get; internal init; }

    /// <summary>What other mail systems put around the address and was peeled off.</summary>
    public VerpLayers Layers { get; internal init; }

    /// <summary>
    /// The domain of the bounce address itself, as written: what SRS put around it has another. With <see cref="DecodingFault.NotOurs"/> and
    /// <see cref="DecodingFault.Malformed"/> that of the layer that was read last.
    /// </summary>
    public ReadOnlySpan<char> BounceDomain { get; internal init; }

    /// <summary>The template that read the address: its name if it is built in, else its text; <c>null</c> when none did.</summary>
    public string? Template => Pattern?.Name;

    /// <summary>
    /// The recipient's local part (plain form), the escaped recipient, the 16 characters of the hash, or the whole that a template read.
    /// </summary>
    internal ReadOnlySpan<char> Recipient { get; init; }

    /// <summary>The recipient's domain; in the plain form only.</summary>
    internal ReadOnlySpan<char> Domain { get; init; }

    /// <summary>The tags with delimiters between, none of them empty; the signature is not among them.</summary>
    internal ReadOnlySpan<char> Tags { get; init; }

    internal VerpGrammar Grammar { get; init; }

    internal VerpTemplate? Pattern { get; init; }

    /// <summary>
    /// Copies out what the VERP address says; allocates. <c>null</c> for a plain bounce address and with a fault, except the three of the
    /// signature: a door that marks such mail rather than refuse it wants to know whom it speaks of.
    /// </summary>
    public VerpAddress? ToAddress() =>
        Form switch
        {
            VerpForm.Plain => new VerpAddress(AddressSyntax.Mailbox(Recipient, Domain), CopyTags()),
            VerpForm.Escaped => new VerpAddress(EscapedRecipient.ToMailbox(Recipient, Grammar), CopyTags()),
            VerpForm.Hashed => new VerpAddress(null, CopyTags()) { RecipientHash = Recipient.ToString().ToLowerInvariant() },
            VerpForm.Template => Pattern!.Read(Recipient),
            _ => null,
        };

    internal static VerpDecoding Of(VerpTemplate template, ReadOnlySpan<char> localPart) =>
        new()
        {
            Fault = DecodingFault.None,
            Form = VerpForm.Template,
            Pattern = template,
            Recipient = localPart,
        };

    internal static VerpDecoding Refused(DecodingFault fault) => new() { Fault = fault };

    private string[] CopyTags()
    {
        if (Tags.IsEmpty)
            return [];
        var tags = new string[Tags.Count(Grammar.Delimiter) + 1];
        int next = 0;
        foreach (Range range in Tags.Split(Grammar.Delimiter))
            tags[next++] = Tags[range].ToString();
        return tags;
    }
}

/// <summary>Why an address is no bounce address of ours, or none to rely on.</summary>
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

    /// <summary>Signed with a key that we do not have: one that was removed, or a forgery.</summary>
    UnknownKey,

    /// <summary>The signature is not the address's: a forgery, or an address that was changed on its way.</summary>
    BadSignature,

    /// <summary>Rightly signed, but longer ago than <see cref="VerpOptions.MaxAge"/>, or more than a day in the future.</summary>
    Expired,
}
