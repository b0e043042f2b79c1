using BenchmarkDotNet.Attributes;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Benchmarks;

/// <summary>
/// Reading, hops 6 and 7: all messages of a collection once. Divide by <c>messages</c>, which the set-up prints, for one message.
/// Run with <c>dotnet run -c Release --project tests/BounceMx.Benchmarks -- --filter '*Reading*'</c>.
/// </summary>
[MemoryDiagnoser]
public class ReadingBenchmarks
{
    private byte[][] _messages = [];

    /// <summary>Our own samples, or the real bounces beside the checkout; without those the latter is empty.</summary>
    [Params("samples", "../shared/corpus")]
    public string Collection { get; set; } = "";

    [GlobalSetup]
    public void Load()
    {
        string folder = Path.Combine(FindRoot(), Collection);
        _messages = Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                    .Where(file => !file.EndsWith(".json", StringComparison.Ordinal) && !file.EndsWith(".jsonl", StringComparison.Ordinal))
                    .Select(File.ReadAllBytes),
            ]
            : [];
        Console.WriteLine($"// messages: {_messages.Length}, octets: {_messages.Sum(message => (long)message.Length)}");
    }

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

    /// <summary>BenchmarkDotNet runs in a folder of its own, deep under the checkout.</summary>
    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run from within a checkout.");
    }
}
