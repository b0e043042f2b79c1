using System.Globalization;
using System.Text;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>Every row of the table, wherever it can be played.</summary>
public sealed class DialogueTests(TestServer server) : IClassFixture<TestServer>
{
    // Long dialogues are cut not at every place, but at so many, evenly chosen, that about so many octets are sent in all.
    private const int MostOctets = 200_000;

    // What is played before a row that is played inside TLS.
    private static readonly Step[] IntoTls = [("EHLO client.test", "250"), ("STARTTLS", "220 2.0.0"), Step.Handshake];

    private static readonly Dictionary<string, Dialogue> ByTitle = Rows.All.ToDictionary(row => row.Title, StringComparer.Ordinal);

    private readonly MemoryServer _memory = MemoryServer.Forgetful();

    public static IEnumerable<TheoryDataRow<string>> InMemory => For(Places.Memory, "in memory");

    public static IEnumerable<TheoryDataRow<string>> InPieces => For(Places.Cut, "cut at every place");

    public static IEnumerable<TheoryDataRow<string>> OverASocket => For(Places.Socket, "over a socket");

    public static IEnumerable<TheoryDataRow<string>> InsideTls => For(Places.Tls, "inside TLS");

    public static IEnumerable<TheoryDataRow<string>> WithMessages =>
        For(Places.All, "by BDAT").Where(row => Array.Exists(ByTitle[row.Data].Steps, step => step.Message is not null));

    [Theory]
    [MemberData(nameof(InMemory))]
    public Task Answers_in_memory(string row) => PlayInMemoryAsync(Find(row), Whole);

    [Theory]
    [MemberData(nameof(InPieces))]
    public async Task Answers_alike_wherever_the_octets_are_cut(string row)
    {
        await PlayInPiecesAsync(Find(row));
    }

    [Theory]
    [MemberData(nameof(OverASocket))]
    public Task Answers_over_a_socket(string row) => PlayOverASocketAsync(Find(row), Whole);

    // The pipe's blocks have 4096 octets, of which earlier commands have used up to some hundred: one of the paddings fits each place.
    [Fact]
    public async Task No_false_end_of_data_becomes_one_across_the_border_of_two_buffers()
    {
        foreach (string sequence in Rows.FalseEnds)
        {
            for (int padding = 3800; padding <= 4096; padding++)
            {
                string message = new string('x', padding) + sequence;
                Step[] upToData =
                [
                    ("EHLO a", "250"),
                    ("MAIL FROM:<>", "250 2.1.0"),
                    ("RCPT TO:<a@bounces.test>", "250 2.1.5"),
                    ("DATA", "354"),
                ];
                var row = new Dialogue("", "", [.. upToData, Step.Octets($"{message}\r\n.\r\n", "250 2.0.0")])
                {
                    Stores = [DataModel.Read($"{message}\r\n.\r\n")!.Text],
                };
                await PlayInMemoryAsync(row, Whole);
            }
        }
    }

    // Octet by octet means a TLS record each.
    [Theory]
    [MemberData(nameof(InsideTls))]
    public async Task Answers_inside_TLS(string row)
    {
        await PlayOverASocketAsync(Find(row), Whole, IntoTls);
        await PlayOverASocketAsync(Find(row), OctetByOctet, IntoTls);
    }

    [Theory]
    [MemberData(nameof(WithMessages))]
    public async Task Answers_a_message_in_chunks_alike(string row)
    {
        foreach (Func<Step, IEnumerable<Step>> way in (Func<Step, IEnumerable<Step>>[])[Sending.ByBdat, Sending.ByChunks])
        {
            Dialogue dialogue = Find(row, way);
            dialogue = dialogue with { Options = dialogue.Options with { Chunking = true } };
            await PlayInPiecesAsync(dialogue);
            await PlayOverASocketAsync(dialogue, Whole, IntoTls);
        }
    }

    [Fact]
    public async Task The_table_of_replies_can_be_written_down()
    {
        var table = new StringBuilder("| row | replies seen |\n|---|---|\n");
        foreach (Dialogue row in Rows.All.Select(row => row.With(Sending.ByData)))
        {
            IReadOnlyList<Reply> seen = row.Places.HasFlag(Places.Memory)
                ? await PlayInMemoryAsync(row, Whole)
                : await PlayOverASocketAsync(row, Whole);
            string replies = string.Join(", ", seen.Select(reply => reply.Summary));
            table.Append(CultureInfo.InvariantCulture, $"| {row.Title.Replace("|", "\\|", StringComparison.Ordinal)} | {replies} |\n");
        }
        if (Environment.GetEnvironmentVariable("BOUNCEMX_TABLE") is { Length: > 0 } path)
            await File.WriteAllTextAsync(path, table.ToString(), TestContext.Current.CancellationToken);
    }

    private async Task<IReadOnlyList<Reply>> PlayInMemoryAsync(Dialogue row, Func<IReadOnlyList<string>, IEnumerable<string>> cut)
    {
        RecordingMailHandler handler = HandlerFor(row);
        await using var transport = new MemoryTransport(_memory, row, handler);
        var player = new DialoguePlayer(row, transport, handler, cut);
        await player.PlayAsync();
        return player.Replies;
    }

    // In two pieces for each place, then octet by octet.
    private async Task PlayInPiecesAsync(Dialogue dialogue)
    {
        int units = dialogue.Steps.Sum(step => step.Units.Count);
        int cuts = Math.Min(units, (MostOctets / Math.Max(units, 1)) + 1);
        for (int i = 1; i <= cuts; i++)
            await PlayInMemoryAsync(dialogue, CutAt((int)((long)units * i / cuts)));
        await PlayInMemoryAsync(dialogue, OctetByOctet);
    }

    private async Task<IReadOnlyList<Reply>> PlayOverASocketAsync(
        Dialogue row,
        Func<IReadOnlyList<string>, IEnumerable<string>> cut,
        params Step[] before
    )
    {
        RecordingMailHandler handler = HandlerFor(row);
        await using var transport = new SocketTransport(await server.ConnectAsync(row.Options, handler, row.Early));
        var player = new DialoguePlayer(row, transport, handler, cut);
        await player.PlayAsync(before);
        return player.Replies;
    }

    private static Dialogue Find(string row, Func<Step, IEnumerable<Step>>? way = null) => ByTitle[row].With(way ?? Sending.ByData);

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
