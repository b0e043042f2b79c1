using System.Text;

namespace BounceMx.Verp;

/// <summary>
/// Puts a bounce address together: prefix, payload in the first form that the recipient and the room allow, tags, signature. Every local part
/// that it makes is ASCII, needs no quotes and has at most 64 octets.
/// </summary>
internal sealed class VerpMinter(string prefix, bool hideRecipients, VerpGrammar grammar, VerpSignature signature)
{
    /// <summary>Mints for a bounce domain that is one of ours.</summary>
    public VerpEncoding Mint(MintedRecipient recipient, ReadOnlySpan<char> bounceDomain, ReadOnlySpan<string> tags)
    {
        foreach (string tag in tags)
        {
            if (!IsTag(tag))
                return VerpEncoding.Refused(EncodingFault.InvalidTag);
        }
        int before = prefix.Length + 1;
        int room = RoomFor(bounceDomain) - before - LengthBehind(tags);
        Span<char> localPart = stackalloc char[AddressSyntax.MaxMintedLocalPart];
        Span<char> payload = room > 0 ? localPart.Slice(before, room) : [];
        VerpForm form = WritePayload(recipient, payload, out int length);
        if (form is VerpForm.None)
            return VerpEncoding.Refused(EncodingFault.TooLong);

        prefix.CopyTo(localPart);
        localPart[before - 1] = grammar.Delimiter;
        length += before;
        foreach (string tag in tags)
        {
            localPart[length++] = grammar.Delimiter;
            tag.CopyTo(localPart[length..]);
            length += tag.Length;
        }
        if (signature.HasKeys)
        {
            localPart[length++] = grammar.Delimiter;
            length += VerpSignature.Length;
            signature.Sign(localPart[..length], bounceDomain);
        }
        return VerpEncoding.Of(form, string.Concat(localPart[..length], "@", bounceDomain));
    }

    /// <summary>The octets that a local part may have at this domain.</summary>
    private static int RoomFor(ReadOnlySpan<char> bounceDomain) =>
        Math.Min(AddressSyntax.MaxMintedLocalPart, AddressSyntax.MaxMailbox - 1 - Encoding.UTF8.GetByteCount(bounceDomain));

    private static int Capped(int length) => Math.Min(length, AddressSyntax.MaxMailbox);

    // A delimiter in it would part the address elsewhere, and the shape of a signature is a signature to every reader.
    private bool IsTag(ReadOnlySpan<char> tag) =>
        AddressSyntax.IsPlainDotString(tag) && !tag.ContainsAny(grammar.Delimiter, grammar.AtSign) && !VerpSignature.IsSignature(tag);

    private int LengthBehind(ReadOnlySpan<string> tags)
    {
        int length = signature.HasKeys ? 1 + VerpSignature.Length : 0;
        foreach (string tag in tags)
            length = Capped(length + 1 + Capped(tag.Length));
        return length;
    }

    /// <summary>Writes the payload in the first form that fits; <see cref="VerpForm.None"/> when not even the hash does.</summary>
    private VerpForm WritePayload(MintedRecipient recipient, Span<char> payload, out int length)
    {
        if (!hideRecipients)
        {
            bool isPlain = PlainRecipient.IsMintable(recipient, grammar);
            if (isPlain && PlainRecipient.TryWrite(recipient, grammar, payload, out length))
                return VerpForm.Plain;
            if (!isPlain && EscapedRecipient.TryWrite(recipient, grammar, payload, out length))
                return VerpForm.Escaped;
        }
        return RecipientHash.TryWrite(signature.SigningSecret, recipient, payload, out length) ? VerpForm.Hashed : VerpForm.None;
    }
}
