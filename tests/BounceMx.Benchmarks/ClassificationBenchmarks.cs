using BenchmarkDotNet.Attributes;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Benchmarks;

/// <summary>One recipient through the whole default book: goal under 2 us, and nothing allocated but the evidence.</summary>
[MemoryDiagnoser]
public class ClassificationBenchmarks
{
    private readonly BounceClassifier _classifier = new(RuleBook.Default);
    private readonly Dictionary<string, (DeliveryReport, RecipientStatus)> _reports = new(StringComparer.Ordinal)
    {
        ["short"] = Report("550 5.1.1 <user@example.com>... User unknown", 550, new EnhancedStatusCode(5, 1, 1)),
        ["long"] = Report(
            "550-5.1.1 The email account that you tried to reach does not exist. Please try 550-5.1.1 double-checking the recipient's email address "
                + "for typos or 550-5.1.1 unnecessary spaces. Learn more at 550 5.1.1 https://support.google.com/mail/?p=NoSuchUser a1si2345678 - gsmtp",
            550,
            new EnhancedStatusCode(5, 1, 1)
        ),
        ["status only"] = Report(null, null, new EnhancedStatusCode(5, 2, 2)),
        ["1 KiB of noise"] = Report(string.Concat(Enumerable.Repeat("mailbox account user recipient sender ", 27)), null, null),
    };

    private DeliveryReport _report = null!;
    private RecipientStatus _recipient = null!;

    [Params("short", "long", "status only", "1 KiB of noise")]
    public string Diagnostic { get; set; } = "short";

    [GlobalSetup]
    public void Setup() => (_report, _recipient) = _reports[Diagnostic];

    [Benchmark]
    public Verdict Classify() => _classifier.Classify(_report, _recipient);

    private static (DeliveryReport, RecipientStatus) Report(string? diagnostic, int? reply, EnhancedStatusCode? status)
    {
        RecipientStatus recipient = new()
        {
            Recipient = "user@example.com",
            RecipientSource = RecipientSource.FinalRecipient,
            Action = DsnAction.Failed,
            Status = status,
            Reply = reply is { } code ? new ReplyCode(code) : null,
            Diagnostic = diagnostic,
            Command = "RCPT",
            RemoteMta = "mx.example.com",
        };
        return (new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [recipient] }, recipient);
    }
}

/// <summary>Reading the embedded rules and building the automaton, the code being compiled already.</summary>
[MemoryDiagnoser]
public class ClassificationStartBenchmarks
{
    [Benchmark]
    public RuleBook Load() => RuleBook.LoadEmbedded();
}
