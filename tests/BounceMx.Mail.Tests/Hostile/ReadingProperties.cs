using System.Diagnostics;
using System.Globalization;
using System.Text;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using FsCheck;
using FsCheck.Fluent;
using Check = FsCheck.Check;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>
/// Any octets, and messages mutated in any way, end in a verdict. BOUNCEMX_FUZZ says for how long each property is held against new messages
/// (seconds, or hh:mm:ss); without it, it is once for a few seconds. What fails is printed with the seed by which FsCheck finds it again.
/// </summary>
public sealed class ReadingProperties
{
    private const int Tests = 1000;
    private const int MaxMutations = 12;
    private const int MaxRecipients = 1000;

    private static readonly BounceClassifier _classifier = new(RuleBook.Default);

    [Fact]
    public void Any_octets_end_in_a_verdict() => Hold(Gen.Choose(0, 255).Select(octet => (byte)octet).ArrayOf());

    [Fact]
    public void Mutated_messages_end_in_a_verdict()
    {
        byte[][] seeds = [.. Seeds.Files.Select(File.ReadAllBytes)];
        Hold(
            from seed in Gen.Elements<byte[]>(seeds)
            from count in Gen.Choose(1, MaxMutations)
            from mutations in Mutation.Any(seeds).ListOf(count)
            select mutations.Aggregate(seed, (message, mutation) => mutation.Apply(message))
        );
    }

    private static void Hold(Gen<byte[]> messages)
    {
        var clock = Stopwatch.StartNew();
        TimeSpan duration = Duration();
        do
        {
            Check.One(Config.QuickThrowOnFailure.WithMaxTest(Tests), Prop.ForAll(messages.ToArbitrary(), EndsInAVerdict));
        } while (clock.Elapsed < duration);
    }

    private static bool EndsInAVerdict(byte[] message)
    {
        string? fault;
        try
        {
            fault = FaultIn(message);
        }
        catch (Exception thrown)
        {
            fault = thrown.ToString();
        }

        if (fault is null)
            return true;
        string file = Path.Combine(Path.GetTempPath(), "falsified.eml");
        File.WriteAllBytes(file, message);
        throw new InvalidOperationException($"{file}: {fault}");
    }

    private static string? FaultIn(byte[] message)
    {
        DeliveryReport report = Read(message, out long allocated);
        // What is made once, such as tables of a charset, is made again by nobody.
        if (allocated > MaxAllocated(message))
            Read(message, out allocated);
        if (allocated > MaxAllocated(message))
            return $"{allocated} octets allocated for {message.Length}";
        if (report.Recipients.Count > MaxRecipients)
            return "more recipients than there may be";
        foreach (RecipientStatus recipient in report.Recipients)
        {
            Verdict verdict = _classifier.Classify(report, recipient);
            if (!IsClean(recipient.Recipient) || !IsClean(recipient.Diagnostic) || !IsClean(verdict.Evidence))
                return $"not fit for a record: {recipient} {verdict}";
        }

        return null;
    }

    private static long MaxAllocated(byte[] message) => (16L * message.Length) + (4 * 1024 * 1024);

    private static DeliveryReport Read(byte[] message, out long allocated)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return report;
    }

    /// <summary>Fit for a log line: no control character, and not longer than a diagnostic may be.</summary>
    private static bool IsClean(string? text) => text is null || (!text.Any(char.IsControl) && Encoding.UTF8.GetByteCount(text) <= 1024);

    private static TimeSpan Duration() =>
        Environment.GetEnvironmentVariable("BOUNCEMX_FUZZ") is not { Length: > 0 } limit ? TimeSpan.Zero
        : int.TryParse(limit, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds)
        : TimeSpan.Parse(limit, CultureInfo.InvariantCulture);
}
