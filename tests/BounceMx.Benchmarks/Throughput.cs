using System.Globalization;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Benchmarks;

/// <summary>
/// Messages a second on one core, read and classified, and what each allocates: a plain loop, for comparing with programs that are no .NET,
/// or two builds on a machine that does other things too. Run as <c>taskset -c 1 … -- throughput [ROUNDS]</c>.
/// A second is one of CPU time, the garbage collector's included, so that neighbours cost little.
/// </summary>
internal static class Throughput
{
    /// <summary>Until the JIT has compiled everything for good.</summary>
    private const double WarmUpSeconds = 3;

    public static void Run(int rounds)
    {
        var classifier = new BounceClassifier(RuleBook.Default);
        foreach (string collection in (string[])[MessageCollection.Samples, MessageCollection.Corpus])
        {
            byte[][] messages = MessageCollection.Load(collection);
            if (messages.Length == 0)
                Console.WriteLine("skipped: there is no such folder");
            else
                Measure(messages, classifier, rounds);
        }
    }

    /// <summary>Reads one message and judges its recipients.</summary>
    /// <returns>How many are hard failures.</returns>
    public static int Judge(byte[] message, BounceClassifier classifier)
    {
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        int hard = 0;
        foreach (RecipientStatus recipient in report.Recipients)
            hard += classifier.Classify(report, recipient).Severity == Severity.Hard ? 1 : 0;
        return hard;
    }

    private static void Measure(byte[][] messages, BounceClassifier classifier, int rounds)
    {
        for (double spent = 0; spent < WarmUpSeconds; )
            spent += Round(messages, classifier);
        double[] seconds = new double[rounds];
        for (int i = 0; i < rounds; i++)
            seconds[i] = Round(messages, classifier);
        Array.Sort(seconds);
        double octets = messages.Sum(message => (double)message.Length);
        Print("messages/s, median and best round", messages.Length / seconds[rounds / 2], messages.Length / seconds[0]);
        Print("MB/s, median and best round", octets / 1e6 / seconds[rounds / 2], octets / 1e6 / seconds[0]);
        PrintAllocated("by MIME", messages, static message => MimeReader.Read(message));
        PrintAllocated("by MIME and report", messages, static message => ReportReader.Read(MimeReader.Read(message)));
        PrintAllocated("in all", messages, message => Judge(message, classifier));
    }

    private static void PrintAllocated(string by, byte[][] messages, Action<byte[]> read)
    {
        long[] allocated = [.. messages.Select(message => Allocated(message, read)).Order()];
        double[] ratios = [.. messages.Select(message => Allocated(message, read) / (double)message.Length).Order()];
        Print($"octets allocated {by}, median and mean", allocated[allocated.Length / 2], allocated.Average());
        Print($"allocated {by}/size, median and 9th decile", ratios[ratios.Length / 2], ratios[ratios.Length * 9 / 10]);
    }

    /// <summary>CPU seconds of one round.</summary>
    private static double Round(byte[][] messages, BounceClassifier classifier)
    {
        TimeSpan before = Environment.CpuUsage.TotalTime;
        foreach (byte[] message in messages)
            Judge(message, classifier);
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static long Allocated(byte[] message, Action<byte[]> read)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        read(message);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static void Print(string what, double one, double other) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what, -55} {one, 12:N2} {other, 12:N2}"));
}
