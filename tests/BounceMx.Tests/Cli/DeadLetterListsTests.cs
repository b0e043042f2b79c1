using System.Text;
using System.Text.Json;
using BounceMx.Cli;
using BounceMx.Storage;

namespace BounceMx.Tests.Cli;

public sealed class DeadLetterListsTests
{
    private static readonly DeadLetter Damaged = new(
        3,
        "redis",
        DateTimeOffset.UnixEpoch,
        "no",
        IsMarked: false,
        new StoredEvent(17, "gar\"bage")
    );

    [Fact]
    public void An_event_that_is_no_JSON_has_its_place_in_the_table()
    {
        StringWriter output = new();
        DeadLetterLists.WriteTable([Damaged], Consoles.Plain(output));

        string line = output.ToString().Split('\n').Single(text => text.Contains("redis"));
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["3", "redis", "1970-01-01", "00:00:00", "#17", "-", "no"]);
    }

    [Fact]
    public void An_event_that_is_no_JSON_is_a_string_in_JSON()
    {
        using var output = new MemoryStream();
        DeadLetterLists.WriteJson([Damaged, Damaged], output);

        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("event").GetString()).ShouldBe(["gar\"bage", "gar\"bage"]);
    }
}
