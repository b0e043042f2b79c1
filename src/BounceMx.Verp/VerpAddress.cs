namespace BounceMx.Verp;

/// <summary>What a bounce address says: who was mailed, and the sender's tags. Equal when recipient and tags are, letter by letter.</summary>
/// <param name="Recipient">
/// The recipient that was mailed, <c>local@domain</c>, in the case of the bounce address. A local part that needs quotes has them
/// (RFC 5321 section 4.1.2); no control characters.
/// </param>
/// <param name="Tags">The tags, in their order and as written; often a campaign, a list, a stream. Empty when there are none.</param>
public sealed record VerpAddress(string Recipient, IReadOnlyList<string> Tags)
{
    /// <summary>Whether recipient and tags are the same; a record alone would compare the lists by reference.</summary>
    /// <param name="other">The address to compare with.</param>
    public bool Equals(VerpAddress? other) =>
        other is not null && Recipient == other.Recipient && Tags.SequenceEqual(other.Tags, StringComparer.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Recipient.GetHashCode(StringComparison.Ordinal), Tags.Count);
}
