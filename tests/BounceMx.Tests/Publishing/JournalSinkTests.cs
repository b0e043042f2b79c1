using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Publishing;

public sealed class JournalSinkTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new("2026-11-22T23:59:00Z");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_is_a_line_in_the_file_of_its_day()
    {
        using JournalSink journal = Open();
        await journal.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None);
        _time.Now = _time.Now.AddMinutes(2);
        await journal.PublishAsync([Outgoing("c")], CancellationToken.None);

        Ids("2026-11-22.jsonl").ShouldBe(["a", "b"]);
        Ids("2026-11-23.jsonl").ShouldBe(["c"]);
    }

    [Fact]
    public async Task It_goes_on_behind_what_an_earlier_run_wrote()
    {
        using (JournalSink journal = Open())
            await journal.PublishAsync([Outgoing("a")], CancellationToken.None);
        using (JournalSink journal = Open())
            await journal.PublishAsync([Outgoing("b")], CancellationToken.None);
        Ids("2026-11-22.jsonl").ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData("{\"id\":\"a\"}\n{\"id\":\"cut", "a")]
    [InlineData("{\"id\":\"cut", null)]
    [InlineData("{\"id\":\"a\"}\n", "a")]
    public async Task A_line_that_a_crash_cut_is_removed(string before, string? kept)
    {
        _folder.Write("2026-11-22.jsonl", before);
        using JournalSink journal = Open();
        await journal.PublishAsync([Outgoing("b")], CancellationToken.None);
        string[] lines = File.ReadAllLines(Path.Combine(_folder.Path, "2026-11-22.jsonl"));
        lines.ShouldBe(kept is null ? [Data("b")] : [$"{{\"id\":\"{kept}\"}}", Data("b")]);
    }

    [Fact]
    public async Task The_console_shows_what_was_written()
    {
        var shown = new RecordingConsole();
        using var journal = new JournalSink(new JournalFiles(_folder.Path), shown, _time, NullLogger<JournalSink>.Instance);
        await journal.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None);
        shown.Ids.ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_console_that_has_gone_does_not_bring_events_twice()
    {
        using var journal = new JournalSink(new JournalFiles(_folder.Path), new BrokenConsole(), _time, NullLogger<JournalSink>.Instance);
        await journal.PublishAsync([Outgoing("a")], CancellationToken.None);
        await journal.PublishAsync([Outgoing("b")], CancellationToken.None);
        Ids("2026-11-22.jsonl").ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_reader_begins_with_the_last_events_and_goes_on_over_the_change_of_day()
    {
        using JournalSink journal = Open();
        await journal.PublishAsync([Outgoing("a")], CancellationToken.None);
        _time.Now = _time.Now.AddMinutes(2);
        await journal.PublishAsync([Outgoing("b"), Outgoing("c")], CancellationToken.None);

        using var reader = new JournalReader(_folder.Path);
        reader.SkipToLast(2);
        reader.ReadNew().Select(line => EventJson.Read(line).Id).ShouldBe(["b", "c"]);

        _time.Now = _time.Now.AddDays(1);
        await journal.PublishAsync([Outgoing("d")], CancellationToken.None);
        reader.ReadNew().Select(line => EventJson.Read(line).Id).ShouldBe(["d"]);
        reader.ReadNew().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(1, "c")]
    [InlineData(3, "abc")]
    [InlineData(9, "abc")]
    public async Task A_reader_begins_with_as_many_events_as_asked_for(int count, string expected)
    {
        using JournalSink journal = Open();
        await journal.PublishAsync([Outgoing("a")], CancellationToken.None);
        _time.Now = _time.Now.AddMinutes(2);
        await journal.PublishAsync([Outgoing("b"), Outgoing("c")], CancellationToken.None);

        using var reader = new JournalReader(_folder.Path);
        reader.SkipToLast(count);
        string.Concat(reader.ReadNew().Select(line => EventJson.Read(line).Id)).ShouldBe(expected);
    }

    [Fact]
    public async Task A_reader_takes_lines_longer_than_its_piece_and_leaves_one_that_is_being_written()
    {
        using JournalSink journal = Open();
        BounceEvent large = Sample.Event("a") with { Evidence = [new string('x', 200_000)] };
        await journal.PublishAsync([new StoredEvent(1, EventJson.Write(large)), Outgoing("b")], CancellationToken.None);
        string path = Path.Combine(_folder.Path, "2026-11-22.jsonl");
        File.AppendAllText(path, "{\"id\":");

        using var reader = new JournalReader(_folder.Path);
        reader.SkipToLast(2);
        reader.ReadNew().Select(line => line.Length > 100_000).ShouldBe([true, false]);
        File.AppendAllText(path, "\"c\"}\n");
        reader.ReadNew().ShouldBe(["{\"id\":\"c\"}"]);
    }

    private JournalSink Open() => new(new JournalFiles(_folder.Path), null, _time, NullLogger<JournalSink>.Instance);

    private static StoredEvent Outgoing(string id) => new(1, Data(id));

    private static string Data(string id) => EventJson.Write(Sample.Event(id));

    private string[] Ids(string file) => [.. File.ReadLines(Path.Combine(_folder.Path, file)).Select(line => EventJson.Read(line).Id)];

    private sealed class BrokenConsole : IEventConsole
    {
        public void Show(BounceEvent bounceEvent) => throw new IOException("gone");
    }

    private sealed class RecordingConsole : IEventConsole
    {
        public List<string> Ids { get; } = [];

        public void Show(BounceEvent bounceEvent) => Ids.Add(bounceEvent.Id);
    }
}
