using System.CommandLine;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Cli;

/// <summary><c>bouncemx analyze</c>: reads stored mail and says what it makes of it; publishes nothing.</summary>
internal static class AnalyzeCommand
{
    public static Command Create()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "A message, an mbox file, a Maildir or a folder of messages; - is standard input",
            Arity = ArgumentArity.OneOrMore,
        };
        var json = new Option<bool>("--json") { Description = "JSON Lines, one message a line, for programs" };
        var command = new Command("analyze", "Read mail from files and show what it says") { paths, json };
        command.SetAction(result => Run(result.GetValue(paths)!, result.GetValue(json)));
        return command;
    }

    private static int Run(string[] paths, bool json)
    {
        var classifier = new BounceClassifier(RuleBook.Default);
        var source = new MessageSource(fault => Console.Error.WriteLine($"bouncemx: {fault}"));
        using IAnalysisWriter writer = json ? new JsonAnalysisWriter(Console.OpenStandardOutput()) : new TableAnalysisWriter();
        foreach (SourcedMessage message in paths.SelectMany(source.Read))
        {
            DeliveryReport report = ReportReader.Read(MimeReader.Read(message.Raw));
            writer.Write(new Analysis(message.Name, report, [.. report.Recipients.Select(status => classifier.Classify(report, status))]));
        }
        return source.HasFaults ? BounceMxCommand.WrongUsage : 0;
    }
}

/// <summary>What was read from one message.</summary>
/// <param name="File">Where it came from.</param>
/// <param name="Report">What it says.</param>
/// <param name="Verdicts">Why each recipient failed, in the order of the report's recipients.</param>
internal sealed record Analysis(string File, DeliveryReport Report, IReadOnlyList<Verdict> Verdicts);

/// <summary>Takes the outcome of each message in turn; disposing completes the output.</summary>
internal interface IAnalysisWriter : IDisposable
{
    void Write(Analysis analysis);
}
