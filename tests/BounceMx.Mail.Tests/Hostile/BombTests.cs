using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>
/// Every bomb is read as far as the limits go, says so, and costs what it weighs. What is asked of the time is only what no busy machine can
/// spoil: 4 MiB within a second in one of several tries. What is quadratic takes minutes; the benchmark <c>bombs</c> has the figures.
/// </summary>
[Collection(nameof(BombTests))]
[CollectionDefinition(nameof(BombTests), DisableParallelization = true)]
public sealed class BombTests
{
    private const int KiB = 1024;
    private const int Tries = 5;

    /// <summary>The dearest bomb takes a tenth of this.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromSeconds(1);

    private static readonly BounceClassifier _classifier = new(RuleBook.Default);

    public static TheoryData<string> Names() => [.. Bombs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Says_whether_more_was_there_than_was_read(string bomb)
    {
        byte[] message = Bombs.Make(bomb, 4500 * KiB);

        Read(message).ParseLimited.ShouldBe(!Bombs.IsReadWhole(bomb));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Takes_no_time_that_grows_with_the_square_of_the_size(string bomb)
    {
        byte[] message = Bombs.Make(bomb, 4096 * KiB);

        Enumerable.Range(0, Tries).Any(_ => Elapsed(message) < _soon).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Allocates_a_small_multiple_of_the_message(string bomb)
    {
        byte[] message = Bombs.Make(bomb, 1024 * KiB);
        Read(message);

        long before = GC.GetAllocatedBytesForCurrentThread();
        Read(message);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        // 1,000 recipients with 1 KiB of diagnostic each are 2 MiB, whatever the size of the message.
        allocated.ShouldBeLessThan((3L * message.Length) + (2 * KiB * KiB));
    }

    private static TimeSpan Elapsed(byte[] message)
    {
        TimeSpan start = Environment.CpuUsage.TotalTime;
        Read(message);
        return Environment.CpuUsage.TotalTime - start;
    }

    private static DeliveryReport Read(byte[] message)
    {
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        foreach (RecipientStatus recipient in report.Recipients)
            _classifier.Classify(report, recipient).RuleId.ShouldNotBeNull();
        return report;
    }
}
