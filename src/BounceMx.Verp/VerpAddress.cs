namespace BounceMx.Verp;

/// <summary>What a bounce address says: who was mailed, and the sender's tags.</summary>
/// <param name="Recipient">The recipient that was mailed, <c>local@domain</c>, as written in the bounce address.</param>
/// <param name="Tags">The tags, in their order; often a campaign, a list, a stream. Empty when there are none.</param>
public sealed record VerpAddress(string Recipient, IReadOnlyList<string> Tags);
