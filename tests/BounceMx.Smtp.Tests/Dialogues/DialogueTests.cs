using System.Globalization;
using System.Text;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>Every row of the table, wherever it can be played.</summary>
public sealed class DialogueTests(TestServer server) : IClassFixture<TestServer>
{
    // Long dialogues are cut not at every place, but at so many, evenly chosen, that about so many octets are sent in all.
    private const int MostOctets = 200_000;

    private static readonly Dictionary<string, Dialogue> ByTitle = Rows
        .All.Select(row => row.With(Sending.ByData))
        .ToDictionary(row => row.Title, StringComparer.Ordinal);

    public static IEnumerable<TheoryDataRow<string>> InMemory => For(Places.Memory, "in memory");

    public static IEnumerable<TheoryDataRow<string>> InPieces => For(Places.Cut, "cut at every place");

    public static IEnumerable<TheoryDataRow<string>> OverASocket => For(Places.Socket, "over a socket");

    [Theory]
    [MemberData(nameof(InMemory))]
    public Task Answers_in_memory(string row) => PlayInMemoryAsync(ByTitle[row], Whole);

    [Theory]
    [MemberData(nameof(InPieces))]
    public async Task Answers_alike_wherever_the_octets_are_cut(string row)
    {
        Dialogue dialogue = ByTitle[row];
        int units = dialogue.Steps.Sum(step => step.Units.Count);
        int cuts = Math.Min(units, (MostOctets / Math.Max(units, 1)) + 1);
        for (int i = 1; i <= cuts; i++)
            await PlayInMemoryAsync(dialogue, CutAt((int)((long)units * i / cuts)));
        await PlayInMemoryAsync(dialogue, OctetByOctet);
    }

    [Theory]
    [MemberData(nameof(OverASocket))]
    public async Task Answers_over_a_socket(string row)
    {
        Dialogue dialogue = ByTitle[row];
        RecordingMailHandler handler = HandlerFor(dialogue);
        await using var transport = new SocketTransport(await server.ConnectAsync(dialogue.Options, handler, dialogue.Early));
        await new DialoguePlayer(dialogue, transport, handler, Whole).PlayAsync();
    }

    [Fact]
    public async Task The_table_of_replies_can_be_written_down()
    {
        var table = new StringBuilder("| row | replies seen |\n|---|---|\n");
        foreach (Dialogue row in ByTitle.Values.Where(row => row.Places.HasFlag(Places.Memory)))
        {
            IEnumerable<string> replies = (await PlayInMemoryAsync(row, Whole)).Select(reply => reply.Summary);
            table.Append(
                CultureInfo.InvariantCulture,
                $"| {row.Title.Replace("|", "\\|", StringComparison.Ordinal)} | {string.Join(", ", replies)} |\n"
            );
        }
        if (Environment.GetEnvironmentVariable("BOUNCEMX_TABLE") is { Length: > 0 } path)
            await File.WriteAllTextAsync(path, table.ToString(), TestContext.Current.CancellationToken);
    }

    private static async Task<IReadOnlyList<Reply>> PlayInMemoryAsync(Dialogue row, Func<IReadOnlyList<string>, IEnumerable<string>> cut)
    {
        RecordingMailHandler handler = HandlerFor(row);
        await using var transport = new MemoryTransport(row, handler);
        var player = new DialoguePlayer(row, transport, handler, cut);
        await player.PlayAsync();
        return player.Replies;
    }

    private static RecordingMailHandler HandlerFor(Dialogue row)
    {
        var handler = new RecordingMailHandler();
        row.Arrange(handler);
        return handler;
    }

    private static IEnumerable<string> Whole(IReadOnlyList<string> units) => [string.Concat(units)];

    private static IEnumerable<string> OctetByOctet(IReadOnlyList<string> units) => units;

    // In two pieces, at a place that is counted through all steps.
    private static Func<IReadOnlyList<string>, IEnumerable<string>> CutAt(int place) =>
        units =>
        {
            int here = Math.Clamp(place, 0, units.Count);
            place -= units.Count;
            return [string.Concat(units.Take(here)), string.Concat(units.Skip(here))];
        };

    private static IEnumerable<TheoryDataRow<string>> For(Places place, string how) =>
        Rows
            .All.Where(row => row.Places.HasFlag(place))
            .Select(row => new TheoryDataRow<string>(row.Title) { TestDisplayName = $"{row.Title}, {how}", Label = "" });
}
