using System.CommandLine;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Publishing;

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
        var explain = new Option<bool>("--explain") { Description = "Say what was found where, and why it means what" };
        var rules = new ClassifierOptions();
        var command = new Command("analyze", "Read mail from files and show what it says") { paths, json, explain };
        rules.AddTo(command);
        command.Validators.Add(result =>
        {
            if (result.GetValue(json) && result.GetValue(explain))
                result.AddError("--json and --explain: one of the two.");
        });
        command.SetAction(result =>
        {
            Form form =
                result.GetValue(json) ? Form.Json
                : result.GetValue(explain) ? Form.Explanation
                : Form.Table;
            BounceClassifier classifier = rules.Load(result);
            return Run(result.GetValue(paths)!, form, classifier);
        });
        return command;
    }

    /// <summary>In which form the outcome is shown.</summary>
    private enum Form
    {
        Table,
        Json,
        Explanation,
    }

    private static int Run(string[] paths, Form form, BounceClassifier classifier)
    {
        // What goes to the same terminal line by line shows by itself how far it is.
        bool isShown = !Console.IsErrorRedirected && (form == Form.Table || Console.IsOutputRedirected);
        using var progress = new ProgressLine(
            isShown ? Console.Error : TextWriter.Null,
            isShown ? MessageSource.Measure(paths) : 0,
            TimeProvider.System
        );
        var source = new MessageSource(fault =>
        {
            progress.Clear();
            Console.Error.WriteLine($"bouncemx: {TerminalText.Clean(fault)}");
        });
        using IAnalysisWriter writer = CreateWriter(form, progress, classifier);
        foreach (SourcedMessage message in paths.SelectMany(source.Read))
        {
            DeliveryReport report = ReportReader.Read(MimeReader.Read(message.Raw));
            writer.Write(new Analysis(message.Name, report, [.. report.Recipients.Select(status => classifier.Classify(report, status))]));
            progress.Advance(message.Raw.Length);
        }
        progress.Clear();
        return source.HasFaults ? BounceMxCommand.WrongUsage : 0;
    }

    private static IAnalysisWriter CreateWriter(Form form, ProgressLine progress, BounceClassifier classifier) =>
        form switch
        {
            Form.Json => new JsonAnalysisWriter(Console.OpenStandardOutput()),
            Form.Explanation => CreateExplanation(classifier),
            _ => CreateTable(progress),
        };

    // In methods of their own, so that --json does not load Spectre.Console.
    private static ExplanationWriter CreateExplanation(BounceClassifier classifier) => new(Terminal.ForTables, classifier);

    private static TableAnalysisWriter CreateTable(ProgressLine progress) => new(Terminal.ForTables, progress.Clear);
}
