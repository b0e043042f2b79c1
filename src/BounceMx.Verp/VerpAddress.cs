namespace BounceMx.Verp;

/// <summary>
/// What a bounce address says: who was mailed, and the sender's tags. Recipient or hash is there, or both are missing and a template's
/// <see cref="Fields"/> are there. Equal when all of it is, letter by letter.
/// </summary>
/// <param name="Recipient">
/// The recipient that was mailed, <c>local@domain</c>, in the case of the bounce address. A local part that needs quotes has them
/// (RFC 5321 section 4.1.2); no control characters. <c>null</c> in the hash form.
/// </param>
/// <param name="Tags">The tags, in their order and as written; often a campaign, a list, a stream. Empty when there are none.</param>
public sealed record VerpAddress(string? Recipient, IReadOnlyList<string> Tags)
{
    /// <summary>
    /// The hash of the recipient, 16 characters of 0-9 and a-v, when the address does not show it. <see cref="VerpCodec.Confirms"/>
    /// says whether it is that of a recipient.
    /// </summary>
    public string? RecipientHash { get; init; }

    /// <summary>The named fields of a template, such as <c>list</c>; <c>null</c> when no template read the address.</summary>
    public IReadOnlyDictionary<string, string>? Fields { get; init; }

    /// <summary>Whether all of it is the same; a record alone would compare the collections by reference.</summary>
    /// <param name="other">The address to compare with.</param>
    public bool Equals(VerpAddress? other) =>
        other is not null
        && Recipient == other.Recipient
        && RecipientHash == other.RecipientHash
        && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal)
        && SameFields(Fields, other.Fields);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Recipient, RecipientHash, Tags.Count);

    private static bool SameFields(IReadOnlyDictionary<string, string>? one, IReadOnlyDictionary<string, string>? other) =>
        one?.Count == other?.Count
        && (one is null || one.All(field => other!.TryGetValue(field.Key, out string? value) && value == field.Value));
}
