using BenchmarkDotNet.Attributes;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Benchmarks;

/// <summary>
/// Reading, hops 6 to 8: all messages of a collection once. Divide by the number of messages, which the set-up prints, for one message.
/// Run with <c>dotnet run -c Release --project tests/BounceMx.Benchmarks -- --filter '*Reading*'</c>.
/// </summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private readonly BounceClassifier _classifier = new(RuleBook.Default);
    private byte[][] _messages = [];

    [Params(MessageCollection.Samples, MessageCollection.Corpus)]
    public string Collection { get; set; } = "";

    [GlobalSetup]
    public void Load() => _messages = MessageCollection.Load(Collection);

    [Benchmark(Baseline = true)]
    public int Mime()
    {
        int parts = 0;
        foreach (byte[] message in _messages)
            parts += MimeReader.Read(message).All.Count;
        return parts;
    }

    [Benchmark]
    public int MimeAndReport()
    {
        int recipients = 0;
        foreach (byte[] message in _messages)
            recipients += ReportReader.Read(MimeReader.Read(message)).Recipients.Count;
        return recipients;
    }

    [Benchmark]
    public int MimeReportAndVerdict()
    {
        int hard = 0;
        foreach (byte[] message in _messages)
            hard += Throughput.Judge(message, _classifier);
        return hard;
    }
}
