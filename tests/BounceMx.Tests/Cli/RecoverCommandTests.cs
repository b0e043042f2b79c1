using BounceMx.Cli;
using BounceMx.Pipeline;

namespace BounceMx.Tests.Cli;

public sealed class RecoverCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_journal_that_is_not_there_says_nothing() => LastSpoolId().ShouldBe(0);

    [Fact]
    public void A_journal_that_is_no_journal_says_nothing()
    {
        _folder.Write("journal/2026-11-22.jsonl", "null\ngarbage\n");

        LastSpoolId().ShouldBe(0);
    }

    [Fact]
    public void A_journal_that_cannot_be_read_says_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no file that can be opened and not read");
        Directory.CreateDirectory(Path.Combine(_folder.Path, "journal"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "journal", "2026-11-22.jsonl"), "/proc/self/mem");

        LastSpoolId().ShouldBe(0);
    }

    [Fact]
    public void A_number_that_no_message_can_have_is_passed_over()
    {
        long[] numbers = [7, long.MaxValue];
        IEnumerable<string> lines = numbers.Select(number => EventJson.Write(Sample.Event("a") with { SpoolId = number }) + "\n");
        _folder.Write("journal/2026-11-22.jsonl", string.Concat(lines));

        LastSpoolId().ShouldBe(7);
    }

    private long LastSpoolId() => RecoverCommand.LastSpoolId(_folder.Path);
}
