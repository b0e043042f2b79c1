namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Mints bounce addresses as a sender would that has only read the documentation.</summary>
internal static class BounceAddress
{
    public const string Domain = "bounces.example.test";

    /// <summary>The bounce address of a recipient.</summary>
    /// <param name="recipient"><c>local@domain</c>.</param>
    /// <param name="tags">Campaign, list and so on.</param>
    public static string Of(string recipient, params IEnumerable<string> tags) =>
        $"{string.Join('+', ["bounces", recipient.Replace('@', '='), .. tags])}@{Domain}";
}
