using System.CommandLine;
using System.Text;
using BounceMx.Hosting;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Publishing;
using BounceMx.Rules;

namespace BounceMx.Cli;

/// <summary><c>bouncemx rules list|check|explain</c>: the rules that are built in, with those of one's own over them.</summary>
internal static class RulesCommand
{
    public static Command Create() =>
        new("rules", "List, check or try the rules by which reasons are found") { CreateList(), CreateCheck(), CreateExplain() };

    private static Command CreateList()
    {
        var reason = new Option<string?>("--reason")
        {
            Description = "Only rules of this reason, such as user_unknown",
            HelpName = "REASON",
        };
        var json = new Option<bool>("--json") { Description = "JSON Lines, for programs" };
        var rules = new ClassifierOptions();
        var command = new Command("list", "Show the rules in use") { reason, json };
        rules.AddTo(command);
        command.SetAction(result =>
        {
            IEnumerable<BounceRule> listed = rules.Folder(result).Load().Book.Rules;
            if (result.GetValue(reason) is { } word)
            {
                if (!BounceReasons.TryParse(word, out BounceReason known))
                    throw new UsageException($"--reason {word}: allowed: {string.Join(' ', BounceReasons.All.Select(r => r.ToWire()))}");
                listed = listed.Where(rule => rule.Reason == known);
            }
            if (result.GetValue(json))
                RuleLists.WriteJson(listed);
            else if (Console.IsOutputRedirected)
                RuleLists.WriteLines(listed, Console.Out);
            else
                RuleLists.WriteTable(listed);
            return 0;
        });
        return command;
    }

    private static Command CreateCheck()
    {
        var paths = new Argument<string[]>("PATH")
        {
            Description = "Files of rules, or folders of them, instead of the configured folder",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var rules = new ClassifierOptions();
        var command = new Command("check", "Run all examples; exit code 2 and a line a fault when one fails") { paths };
        rules.AddTo(command);
        command.SetAction(result =>
        {
            string[] named = result.GetValue(paths)!;
            return Check(named.Length == 0 ? rules.Folder(result).Read() : [.. named.SelectMany(RuleFolder.ReadPath)]);
        });
        return command;
    }

    private static int Check(RuleFile[] files)
    {
        RuleBook book = RuleOverlay.Lay(files);
        string[] faults = [.. RuleOverlay.Faults(RuleBook.Default, RuleBook.Default.Rules), .. RuleOverlay.Faults(book)];
        foreach (string fault in faults)
            Console.Error.WriteLine($"bouncemx: {TerminalText.Clean(fault)}");
        if (faults.Length > 0)
            return BounceMxCommand.WrongUsage;
        foreach (string line in RuleOverlay.Overruled(book))
            Console.WriteLine($"note: {TerminalText.Clean(line)}");
        string origin = files.Length == 0 ? "all built in" : $"{RuleOverlay.Own(book.Rules).Count()} of your own";
        Console.WriteLine($"{book.Rules.Count} rules, {origin}: all examples hold.");
        return 0;
    }

    private static Command CreateExplain()
    {
        var file = new Argument<string?>("FILE") { Description = "A message; - is standard input", Arity = ArgumentArity.ZeroOrOne };
        var text = new Option<string?>("--text")
        {
            Description = "A diagnostic instead, such as \"550 5.1.1 User unknown\"",
            HelpName = "TEXT",
        };
        var smtpCommand = new Option<string?>("--command")
        {
            Description = "With --text: the SMTP command that was refused",
            HelpName = "COMMAND",
        };
        smtpCommand.AcceptOnlyFromAmong("CONN", "EHLO", "MAIL", "RCPT", "DATA");
        var remote = new Option<string?>("--remote-mta") { Description = "With --text: the host that refused", HelpName = "HOST" };
        var reporting = new Option<string?>("--reporting-mta") { Description = "With --text: the host that reports it", HelpName = "HOST" };
        var rules = new ClassifierOptions();
        var command = new Command("explain", "Say what decides about a message or a diagnostic, and over what")
        {
            file,
            text,
            smtpCommand,
            remote,
            reporting,
        };
        rules.AddTo(command);
        command.Validators.Add(result =>
        {
            if ((result.GetValue(file) is null) == (result.GetValue(text) is null))
                result.AddError("FILE or --text: one of the two.");
        });
        command.SetAction(result =>
        {
            using var writer = new ExplanationWriter(Terminal.ForTables, rules.Load(result));
            if (result.GetValue(text) is { } diagnostic)
            {
                writer.WriteDiagnostic(
                    Report(diagnostic, result.GetValue(smtpCommand), result.GetValue(remote), result.GetValue(reporting))
                );
                return 0;
            }
            var source = new MessageSource(fault => Console.Error.WriteLine($"bouncemx: {TerminalText.Clean(fault)}"));
            foreach (SourcedMessage message in source.Read(result.GetValue(file)!))
                writer.Write(new Analysis(message.Name, ReportReader.Read(MimeReader.Read(message.Raw)), []));
            return source.HasFaults ? BounceMxCommand.WrongUsage : 0;
        });
        return command;
    }

    /// <summary>A report with one diagnostic, read as one that came by mail.</summary>
    /// <remarks>The names of hosts stay what they are: a line feed in one begins no field.</remarks>
    internal static DeliveryReport Report(string diagnostic, string? command, string? remoteMta, string? reportingMta)
    {
        string[] lines = diagnostic.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        byte[] message = Encoding.UTF8.GetBytes(
            $"""
            Content-Type: multipart/report; report-type=delivery-status; boundary=b

            --b
            Content-Type: message/global-delivery-status

            Reporting-MTA: dns; {OneLine(reportingMta)}

            Final-Recipient: rfc822; recipient@example.invalid
            Action: failed
            Remote-MTA: dns; {OneLine(remoteMta)}
            Diagnostic-Code: smtp; {string.Join("\n ", lines)}

            --b--
            """
        );
        DeliveryReport report = ReportReader.Read(MimeReader.Read(message));
        return report with
        {
            Recipients = [.. report.Recipients.Select(recipient => recipient with { Command = command ?? recipient.Command })],
        };
    }

    private static string? OneLine(string? text) => text?.ReplaceLineEndings(" ");
}
