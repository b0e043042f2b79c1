namespace BounceMx.Verp;

/// <summary>
/// Mints and reads VERP envelope senders, <c>bounces+local=domain+tag+signature@bounce-domain</c>. Immutable and safe from any thread.
/// Does: sign what it mints; tell at RCPT time, in memory, in linear time and without an allocation, who was mailed, whether we minted the
/// address and when, or why it is refused. It peels SRS and BATV first, and reads other programs' forms by templates.
/// Does not: remember what it minted; look up a name; read a hashed recipient back, only confirm it.
/// Standards: RFC 5321 sections 4.1.2 and 4.5.3.1, RFC 6531 section 3.3, RFC 2104, RFC 4648 section 7. VERP itself has none; the plain form is
/// Postfix's, with tags and a signature.
/// Known gaps: only our own signature is verified, not the hashes of SRS and BATV. U-labels and their A-labels differ, also in a signature.
/// </summary>
/// <remarks>
/// In the plain form the last delimiter of the second kind (<c>=</c>) stands for the recipient's <c>@</c>: a local part may hold <c>=</c> and
/// <c>+</c>, a domain and tags cannot. The domain ends at the first <c>+</c> behind it. A recipient at an address literal is neither minted
/// nor read: brackets would have to be quoted, and bulk mail does not go there.
/// </remarks>
public sealed class VerpCodec
{
    private readonly string _prefix;
    private readonly string[] _domains;
    private readonly VerpKey[] _keys;
    private readonly VerpGrammar _grammar;
    private readonly VerpSignature _signature;
    private readonly TemplateSet _templates;
    private readonly VerpMinter _minter;

    /// <summary>Prepares a codec.</summary>
    /// <param name="options">Options that pass their own <see cref="VerpOptions.Check"/>; their lists are copied.</param>
    /// <param name="time">The clock of signatures; the system's by default.</param>
    /// <exception cref="ArgumentException">They do not.</exception>
    public VerpCodec(VerpOptions options, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        // Copied before they are checked, as the lists are the caller's.
        options = options.Copy();
        if (options.FindFaults(out TemplateSet? templates) is [var fault, ..])
            throw new ArgumentException($"{fault.Name} is \"{fault.Value}\"; allowed: {fault.Allowed}.", nameof(options));
        _prefix = options.Prefix;
        _domains = [.. options.Domains];
        _keys = [.. options.Keys];
        _grammar = new VerpGrammar(options.Delimiters[0], options.Delimiters[1]);
        _signature = new VerpSignature(_keys, options.MaxAge, time ?? TimeProvider.System);
        _templates = templates!;
        _minter = new VerpMinter(_prefix, options.HideRecipients, _grammar, _signature);
    }

    /// <summary>Whether it signs and checks signatures.</summary>
    public bool HasKeys => _signature.HasKeys;

    /// <summary>
    /// Whether mail to the domain is for us; with no domains configured, every domain name is. Compared caselessly in A-Z, as signatures are:
    /// a U-label has to come in the case in which it is configured.
    /// </summary>
    /// <param name="domain">A domain name, or an address literal in its brackets.</param>
    public bool IsOurs(ReadOnlySpan<char> domain)
    {
        if (domain.IsEmpty || AddressSyntax.OctetsExceed(domain, AddressSyntax.MaxDomain))
            return false;
        if (_domains.Length == 0)
            return domain[0] != '[';
        foreach (string ours in _domains)
        {
            if (AddressSyntax.EqualsFolded(ours, domain))
                return true;
        }
        return false;
    }

    /// <summary>
    /// Reads the address of a RCPT command. Never throws and never allocates; postmaster and abuse are the caller's business. What it gives
    /// back holds parts of both.
    /// </summary>
    /// <param name="localPart">The local part without quotes and backslashes; over 128 octets in UTF-8 it is malformed.</param>
    /// <param name="domain">The domain, in any case.</param>
    public VerpDecoding Decode(ReadOnlySpan<char> localPart, ReadOnlySpan<char> domain)
    {
        DecodingFault fault = VerpWrapper.Peel(this, ref localPart, ref domain, out VerpLayers layers);
        if (fault is not DecodingFault.None)
            return VerpDecoding.Refused(fault) with { Layers = layers, BounceDomain = domain };
        VerpDecoding decoding = DecodeOwn(localPart, domain);

        // A plain address says nothing of the recipient, so a template that has something to say of it goes before.
        if (decoding.Form is VerpForm.None && FindTemplate(localPart) is { } template)
            decoding = VerpDecoding.Of(template, localPart);
        return decoding with { Layers = layers, BounceDomain = domain };
    }

    /// <summary>Mints an envelope sender, signed when there are keys. Never throws.</summary>
    /// <param name="recipient">
    /// Who is mailed, <c>local@domain</c>, its local part in quotes where RFC 5321 wants them (a space, or one of <c>"(),:;&lt;&gt;@[\]</c>);
    /// its case is kept, but for the hash form.
    /// </param>
    /// <param name="bounceDomain">The domain that bounces are to come to; one of <see cref="VerpOptions.Domains"/>, if there are any.</param>
    /// <param name="tags">
    /// What to know again of the mail, such as a campaign: letters, digits, hyphens, underscores and single dots between; relays may fold
    /// case.
    /// </param>
    public VerpEncoding Encode(ReadOnlySpan<char> recipient, ReadOnlySpan<char> bounceDomain, params ReadOnlySpan<string> tags)
    {
        Span<byte> buffer = stackalloc byte[AddressSyntax.MaxMailbox];
        EncodingFault fault = MintedRecipient.Read(recipient, mustQuote: true, buffer, out MintedRecipient minted);
        if (fault is not EncodingFault.None)
            return VerpEncoding.Refused(fault);
        return AddressSyntax.IsDomain(bounceDomain) && IsOurs(bounceDomain)
            ? _minter.Mint(minted, bounceDomain, tags)
            : VerpEncoding.Refused(EncodingFault.InvalidBounceDomain);
    }

    /// <summary>
    /// Whether the hash of an address is that of a recipient, such as the one that a report names: by any of the keys, or by the empty key
    /// where there are none.
    /// </summary>
    /// <param name="hashed">A decoded address; one without <see cref="VerpAddress.RecipientHash"/> is never confirmed.</param>
    /// <param name="recipient"><c>local@domain</c>, its local part quoted or not, whatever it holds; in any case of A-Z.</param>
    public bool Confirms(VerpAddress hashed, ReadOnlySpan<char> recipient)
    {
        ArgumentNullException.ThrowIfNull(hashed);
        Span<byte> buffer = stackalloc byte[AddressSyntax.MaxMailbox];
        if (
            hashed.RecipientHash is not { } hash
            || MintedRecipient.Read(recipient, mustQuote: false, buffer, out MintedRecipient minted) is not EncodingFault.None
        )
            return false;
        if (!HasKeys)
            return RecipientHash.IsOf([], minted, hash);
        foreach (VerpKey key in _keys)
        {
            if (RecipientHash.IsOf(key.Secret, minted, hash))
                return true;
        }
        return false;
    }

    /// <summary>
    /// The templates that are active: those of <see cref="VerpOptions.Templates"/>, and the built-in ones that are on by default and share no
    /// address with them or with the own form.
    /// </summary>
    public IReadOnlyList<string> Templates => _templates.Names;

    private VerpTemplate? FindTemplate(ReadOnlySpan<char> localPart) =>
        AddressSyntax.OctetsExceed(localPart, AddressSyntax.MaxReceivedLocalPart) || AddressSyntax.HasControls(localPart)
            ? null
            : _templates.Find(localPart);

    /// <summary>Reads a local part in our own grammar.</summary>
    private VerpDecoding DecodeOwn(ReadOnlySpan<char> localPart, ReadOnlySpan<char> domain)
    {
        if (!localPart.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase))
            return WithoutPrefix(localPart);
        ReadOnlySpan<char> rest = localPart[_prefix.Length..];
        if (rest.IsEmpty)
            return new VerpDecoding { Fault = DecodingFault.None };
        if (rest[0] != _grammar.Delimiter && rest[0] != '-')
            return WithoutPrefix(localPart);
        if (AddressSyntax.OctetsExceed(localPart, AddressSyntax.MaxReceivedLocalPart) || AddressSyntax.HasControls(rest))
            return VerpDecoding.Refused(DecodingFault.Malformed);
        if (rest[0] != _grammar.Delimiter)
            return DecodeStream(rest[1..]);

        rest = rest[1..];
        int last = rest.LastIndexOf(_grammar.Delimiter);
        bool hasSignature = last > 0 && VerpSignature.IsSignature(rest[(last + 1)..]);
        VerpDecoding decoding = DecodePayload(hasSignature ? rest[..last] : rest, hasSignature);
        if (!decoding.IsAccepted || !hasSignature)
            return decoding;
        ReadOnlySpan<char> signature = rest[(last + 1)..];
        DecodingFault fault = HasKeys ? _signature.Check(localPart, domain) : DecodingFault.None;
        return decoding with
        {
            Fault = fault,
            IsSigned = HasKeys && fault is DecodingFault.None,
            KeyId = VerpSignature.KeyIdOf(signature),
            MintedOn = _signature.DayOf(signature),
        };
    }

    private static VerpDecoding WithoutPrefix(ReadOnlySpan<char> localPart) =>
        VerpDecoding.Refused(IsRouted(localPart) ? DecodingFault.NotOurs : DecodingFault.UnknownPrefix);

    // user%host, host!user and "user@host" ask to be relayed (RFC 5321 appendix F.2 and older).
    private static bool IsRouted(ReadOnlySpan<char> localPart) => localPart.ContainsAny('%', '!', '@');

    private static VerpDecoding DecodeStream(ReadOnlySpan<char> stream) =>
        stream.IsEmpty ? VerpDecoding.Refused(DecodingFault.Malformed)
        : IsRouted(stream) ? VerpDecoding.Refused(DecodingFault.NotOurs)
        : new VerpDecoding { Fault = DecodingFault.None, Stream = stream };

    /// <summary>Reads payload and tags: hashed and escaped are what we mint so; all else is plain, as anybody may have minted it.</summary>
    /// <remarks>
    /// What was minted in the escaped form is never read as plain, which would name another recipient, and with a valid signature: some minter
    /// takes a domain or octets that we do not. So a well-formed one, and every signed one, is escaped or malformed.
    /// </remarks>
    private VerpDecoding DecodePayload(ReadOnlySpan<char> text, bool isSigned)
    {
        int end = text.IndexOf(_grammar.Delimiter);
        ReadOnlySpan<char> payload = end < 0 ? text : text[..end];
        ReadOnlySpan<char> tags = end < 0 ? [] : text[(end + 1)..];
        bool hasOurTags = !tags.Contains(_grammar.AtSign);
        if (hasOurTags && RecipientHash.IsHash(payload))
            return Read(VerpForm.Hashed, payload[1..], default, end >= 0, tags);
        if (payload.IsEmpty || payload[0] != _grammar.AtSign)
            return DecodePlain(text);
        if (hasOurTags && EscapedRecipient.IsWellFormed(payload[1..], _grammar))
            return IsEscaped(payload[1..])
                ? Read(VerpForm.Escaped, payload[1..], default, end >= 0, tags)
                : VerpDecoding.Refused(DecodingFault.Malformed);
        return isSigned ? VerpDecoding.Refused(DecodingFault.Malformed) : DecodePlain(text);
    }

    private VerpDecoding DecodePlain(ReadOnlySpan<char> text)
    {
        int at = text.LastIndexOf(_grammar.AtSign);
        if (at <= 0)
            return VerpDecoding.Refused(DecodingFault.Malformed);
        ReadOnlySpan<char> rest = text[(at + 1)..];
        int end = rest.IndexOf(_grammar.Delimiter);
        ReadOnlySpan<char> domain = end < 0 ? rest : rest[..end];
        return AddressSyntax.IsDomain(domain)
            ? Read(VerpForm.Plain, text[..at], domain, end >= 0, end < 0 ? [] : rest[(end + 1)..])
            : VerpDecoding.Refused(DecodingFault.Malformed);
    }

    /// <summary>What was read, with its tags; malformed when one of them is empty.</summary>
    private VerpDecoding Read(
        VerpForm form,
        ReadOnlySpan<char> recipient,
        ReadOnlySpan<char> recipientDomain,
        bool hasTags,
        ReadOnlySpan<char> tags
    )
    {
        char delimiter = _grammar.Delimiter;
        if (hasTags && (tags.IsEmpty || tags[0] == delimiter || tags[^1] == delimiter || tags.IndexOf([delimiter, delimiter]) >= 0))
            return VerpDecoding.Refused(DecodingFault.Malformed);
        return new()
        {
            Fault = DecodingFault.None,
            Form = form,
            Recipient = recipient,
            Domain = recipientDomain,
            Tags = tags,
            Grammar = _grammar,
        };
    }

    private bool IsEscaped(ReadOnlySpan<char> text)
    {
        Span<char> recipient = stackalloc char[AddressSyntax.MaxReceivedLocalPart];
        return EscapedRecipient.TryRead(text, _grammar, recipient, out _, out _);
    }
}
