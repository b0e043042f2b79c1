using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>
/// Every bomb is read as far as the limits go, says so, and costs what it weighs. Times are of the CPU, no other test runs beside these, and
/// they are compared with each other, the best of several and with much room: what is quadratic takes 64 times as long for eight times the size.
/// </summary>
[Collection(nameof(BombTests))]
[CollectionDefinition(nameof(BombTests), DisableParallelization = true)]
public sealed class BombTests
{
    private const int KiB = 1024;
    private const int Rounds = 3;

    /// <summary>Eight times the size may take four times that.</summary>
    private const int MaxGrowth = 32;

    /// <summary>What is done sooner is not worth comparing.</summary>
    private static readonly TimeSpan _soon = TimeSpan.FromMilliseconds(30);

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
    public void Takes_time_in_proportion_to_the_size(string bomb)
    {
        byte[][] messages = [Bombs.Make(bomb, 16 * KiB), Bombs.Make(bomb, 128 * KiB), Bombs.Make(bomb, 1024 * KiB)];
        TimeSpan[] times = [.. messages.Select(Best)];

        for (int i = 1; i < times.Length; i++)
            (times[i] < _soon || times[i] < times[i - 1] * MaxGrowth).ShouldBeTrue(string.Join(", ", times));
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

    private static TimeSpan Best(byte[] message)
    {
        TimeSpan best = TimeSpan.MaxValue;
        for (int i = 0; i < Rounds; i++)
        {
            TimeSpan start = Environment.CpuUsage.TotalTime;
            Read(message);
            TimeSpan elapsed = Environment.CpuUsage.TotalTime - start;
            best = elapsed < best ? elapsed : best;
        }

        return best;
    }

    private static DeliveryReport Read(byte[] message)
    {
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        foreach (RecipientStatus recipient in report.Recipients)
            _classifier.Classify(report, recipient).RuleId.ShouldNotBeNull();
        return report;
    }
}
