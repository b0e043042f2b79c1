using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Publishing;

/// <summary>The journal's files as they fill up, and as others move them and take them away.</summary>
public sealed class JournalFilesTests : IDisposable
{
    private const string First = "2026-11-22.jsonl";
    private const string Second = "2026-11-22_0002.jsonl";
    private const string Third = "2026-11-22_0003.jsonl";

    private readonly TemporaryFolder _folder = new();
    private readonly ManualTime _time = new("2026-11-22T23:59:00Z");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, First)]
    [InlineData(2, Second)]
    [InlineData(9999, "2026-11-22_9999.jsonl")]
    public void A_file_is_named_by_its_day_and_number(int number, string name) =>
        JournalFiles.Name(new DateOnly(2026, 11, 22), number).ShouldBe(name);

    [Fact]
    public void By_name_they_are_in_the_order_in_which_they_were_written()
    {
        string[] names = ["2026-11-21.jsonl", First, Second, "2026-11-22_0010.jsonl", "2026-11-23.jsonl"];
        foreach (string name in names.Reverse())
            _folder.Write(name, "");
        Names().ShouldBe(names);
    }

    [Theory]
    [InlineData("export.jsonl")]
    [InlineData("2026-11-22.jsonl.1")]
    [InlineData("2026-11-22.jsonl.gz")]
    [InlineData("2026-13-01.jsonl")]
    [InlineData("2026-11-22_2.jsonl")]
    [InlineData("2026-11-22_0000.jsonl")]
    [InlineData("2026-11-22-copy.jsonl")]
    public void What_others_put_there_is_not_the_journals(string name)
    {
        _folder.Write(name, "");
        new JournalFiles(_folder.Path).All().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_file_that_is_full_is_followed_by_the_next()
    {
        using JournalSink journal = Open(maxOctets: 2 * (Data("a").Length + 1));
        foreach (string id in (string[])["a", "b", "c", "d", "e"])
            await PublishAsync(journal, id);
        (Ids(First), Ids(Second), Ids(Third)).ShouldBe(("ab", "cd", "e"));
    }

    [Fact]
    public async Task A_batch_larger_than_a_file_has_one_of_its_own()
    {
        using JournalSink journal = Open(maxOctets: 10);
        await PublishAsync(journal, "a", "b");
        await PublishAsync(journal, "c");
        (Ids(First), Ids(Second)).ShouldBe(("ab", "c"));
    }

    [Fact]
    public async Task After_a_restart_the_last_file_of_the_day_is_filled_up()
    {
        long two = 2 * (Data("a").Length + 1);
        using (JournalSink journal = Open(two))
        {
            await PublishAsync(journal, "a", "b");
            await PublishAsync(journal, "c");
        }
        using (JournalSink journal = Open(two))
            await PublishAsync(journal, "d");
        (Ids(First), Ids(Second)).ShouldBe(("ab", "cd"));
    }

    [Fact]
    public async Task A_new_day_begins_at_the_first_file()
    {
        using JournalSink journal = Open(maxOctets: 10);
        await PublishAsync(journal, "a");
        await PublishAsync(journal, "b");
        _time.Now = _time.Now.AddMinutes(2);
        await PublishAsync(journal, "c");
        Names().ShouldBe([First, Second, "2026-11-23.jsonl"]);
    }

    [Fact]
    public async Task A_file_that_was_moved_is_made_anew()
    {
        using JournalSink journal = Open();
        await PublishAsync(journal, "a");
        Move(First, "rotated");
        await PublishAsync(journal, "b");
        (Ids("rotated"), Ids(First)).ShouldBe(("a", "b"));
    }

    [Fact]
    public async Task A_file_that_was_moved_and_made_anew_by_others_is_the_one_that_is_written()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a file is missed by its name alone");
        using JournalSink journal = Open();
        await PublishAsync(journal, "a");
        Move(First, "rotated");
        _folder.Write(First, "");
        await PublishAsync(journal, "b");
        (Ids("rotated"), Ids(First)).ShouldBe(("a", "b"));
    }

    [Fact]
    public async Task A_folder_that_was_removed_is_made_anew()
    {
        string folder = Path.Combine(_folder.Path, "journal");
        using var journal = new JournalSink(new JournalFiles(folder), null, _time, NullLogger<JournalSink>.Instance);
        await PublishAsync(journal, "a");
        Directory.Delete(folder, recursive: true);
        await PublishAsync(journal, "b");
        Ids(Path.Combine("journal", First)).ShouldBe("b");
    }

    [Fact]
    public async Task A_reader_goes_on_from_file_to_file()
    {
        using JournalSink journal = Open(maxOctets: 10);
        await PublishAsync(journal, "a");
        await PublishAsync(journal, "b");
        using var reader = new JournalReader(_folder.Path);
        reader.SkipToLast(1);
        await PublishAsync(journal, "c");
        Read(reader).ShouldBe("bc");
    }

    [Fact]
    public async Task A_reader_finishes_a_file_that_was_moved_and_goes_on_with_the_new_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "elsewhere a file is missed by its name alone");
        using JournalSink journal = Open();
        await PublishAsync(journal, "a");
        using var reader = new JournalReader(_folder.Path);
        Read(reader).ShouldBe("a");
        await PublishAsync(journal, "b");
        Move(First, "rotated");
        await PublishAsync(journal, "c");
        Read(reader).ShouldBe("bc");
        await PublishAsync(journal, "d");
        Read(reader).ShouldBe("d");
    }

    [Fact]
    public async Task A_reader_finishes_a_file_that_was_removed_and_goes_on_with_the_next()
    {
        using JournalSink journal = Open(maxOctets: 10);
        await PublishAsync(journal, "a");
        using var reader = new JournalReader(_folder.Path);
        reader.SkipToLast(1);
        await PublishAsync(journal, "b");
        File.Delete(Path.Combine(_folder.Path, First));
        Read(reader).ShouldBe("ab");
    }

    private JournalSink Open(long maxOctets = JournalFiles.DefaultMaxOctets) =>
        new(new JournalFiles(_folder.Path) { MaxOctets = maxOctets }, null, _time, NullLogger<JournalSink>.Instance);

    private static async Task PublishAsync(JournalSink journal, params string[] ids) =>
        await journal.PublishAsync([.. ids.Select(id => new StoredEvent(1, Data(id)))], CancellationToken.None);

    private static string Data(string id) => EventJson.Write(Sample.Event(id));

    private static string Read(JournalReader reader) => string.Concat(reader.ReadNew().Select(line => EventJson.Read(line).Id));

    private void Move(string from, string to) => File.Move(Path.Combine(_folder.Path, from), Path.Combine(_folder.Path, to));

    private IEnumerable<string?> Names() => new JournalFiles(_folder.Path).Paths().Select(Path.GetFileName);

    private string Ids(string file) =>
        string.Concat(File.ReadLines(Path.Combine(_folder.Path, file)).Select(line => EventJson.Read(line).Id));
}
