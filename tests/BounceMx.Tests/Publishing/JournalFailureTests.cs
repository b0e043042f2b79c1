using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Publishing;

public sealed class JournalFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new("2026-11-22T12:00:00Z");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_fails_the_batch_and_the_next_try_writes_it_once()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full");
        string path = Path.Combine(_folder.Path, "2026-11-22.jsonl");
        File.CreateSymbolicLink(path, "/dev/full");
        using JournalSink journal = Open();
        await Should.ThrowAsync<IOException>(journal.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None));

        File.Delete(path);
        await journal.PublishAsync([Outgoing("a"), Outgoing("b")], CancellationToken.None);
        File.ReadLines(path).Select(line => EventJson.Read(line).Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_journal_that_cannot_be_synced_is_not_written()
    {
        Assert.SkipUnless(File.Exists("/dev/null"), "there is no /dev/null");
        // Takes every octet and syncs none.
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "2026-11-22.jsonl"), "/dev/null");
        using JournalSink journal = Open();
        (await Should.ThrowAsync<IOException>(journal.PublishAsync([Outgoing("a")], CancellationToken.None))).Message.ShouldStartWith(
            "fsync"
        );
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_fails_the_batch_and_the_next_try_finds_it()
    {
        string inTheWay = _folder.Write("journal", "a file");
        using var journal = new JournalSink(new JournalFiles(inTheWay), null, _time, NullLogger<JournalSink>.Instance);
        await Should.ThrowAsync<IOException>(journal.PublishAsync([Outgoing("a")], CancellationToken.None));

        File.Delete(inTheWay);
        await journal.PublishAsync([Outgoing("a")], CancellationToken.None);
        File.ReadAllLines(Path.Combine(inTheWay, "2026-11-22.jsonl")).Length.ShouldBe(1);
    }

    private JournalSink Open() => new(new JournalFiles(_folder.Path), null, _time, NullLogger<JournalSink>.Instance);

    private static StoredEvent Outgoing(string id) => new(1, EventJson.Write(Sample.Event(id)));
}
