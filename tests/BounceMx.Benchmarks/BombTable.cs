using System.Globalization;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Mail.Tests.Hostile;

namespace BounceMx.Benchmarks;

/// <summary>
/// What each of the tests' <see cref="Bombs"/> costs at three sizes: milliseconds of CPU time, the best of several, and octets allocated for each octet of
/// the message. Run as <c>… -- bombs</c>; the dearest come first.
/// </summary>
internal static class BombTable
{
    private const int Rounds = 5;
    private static readonly int[] _sizes = [100 * 1024, 1024 * 1024, 10 * 1024 * 1024];

    public static void Run()
    {
        var classifier = new BounceClassifier(RuleBook.Default);
        foreach (string name in Bombs.Names)
            Cost(Bombs.Make(name, _sizes[0]), classifier);
        List<(double First, string Line)> lines = [];
        foreach (string name in Bombs.Names)
        {
            var costs = _sizes.Select(size => Cost(Bombs.Make(name, size), classifier)).ToList();
            string columns = string.Concat(
                costs.Select(cost => string.Create(CultureInfo.InvariantCulture, $"{cost.Milliseconds, 9:F2} {cost.Allocated, 6:F2}"))
            );
            lines.Add((costs[0].Milliseconds, $"{name, -42}{columns}  {(costs[^1].Limited ? "limited" : "")}"));
        }

        Console.WriteLine($"{"", -42}{"100 KiB", 16}{"1 MiB", 16}{"10 MiB", 16}");
        foreach ((_, string line) in lines.OrderByDescending(line => line.First))
            Console.WriteLine(line);
    }

    private static (double Milliseconds, double Allocated, bool Limited) Cost(byte[] message, BounceClassifier classifier)
    {
        double best = double.MaxValue;
        long allocated = 0;
        for (int i = 0; i < Rounds; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            Throughput.Judge(message, classifier);
            best = Math.Min(best, (Environment.CpuUsage.TotalTime - start).TotalMilliseconds);
            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        return (best, allocated / (double)message.Length, ReportReader.Read(MimeReader.Read(message)).ParseLimited);
    }
}
