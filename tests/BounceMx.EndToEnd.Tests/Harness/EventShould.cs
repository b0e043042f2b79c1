using System.Text.Json.Nodes;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Claims about an event of the journal.</summary>
internal static class EventShould
{
    /// <summary>Compares some of an event's fields, all at once; a list's values are joined by "+".</summary>
    public static void ShouldHave(this JsonObject journalled, params (string Field, string? Value)[] expected) =>
        expected.Select(e => (e.Field, Flat(journalled[e.Field]))).ShouldBe(expected, journalled.ToJsonString());

    private static string? Flat(JsonNode? value) =>
        value is JsonArray list ? string.Join('+', list.Select(item => (string?)item)) : (string?)value;
}
