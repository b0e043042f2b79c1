using System.Globalization;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Publishing;
using BounceMx.Rules;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary>
/// Tells a mail administrator what was made of a message: what it is, and recipient by recipient what was found where, what decided, and what it went
/// before. What came by mail is quoted in a form that is safe to show.
/// </summary>
internal sealed class ExplanationWriter(IAnsiConsole console, BounceClassifier classifier) : IAnalysisWriter
{
    private readonly Dictionary<string, BounceRule> _rules = classifier.Book.Rules.ToDictionary(rule => rule.Id, StringComparer.Ordinal);
    private readonly HashSet<BounceRule> _own = [.. RuleOverlay.Own(classifier.Book.Rules)];

    public void Write(Analysis analysis)
    {
        DeliveryReport report = analysis.Report;
        console.MarkupLine($"[bold]{Safe(analysis.File)}[/]");
        Paragraph about = new(2);
        about.Add("message", Meanings.Of(report.Kind));
        about.AddText("complaint", report.FeedbackType);
        about.AddText("subject", report.Subject);
        about.AddText("written by", report.ReportingMta);
        about.AddText("returns", Returned(report.Original));
        foreach (string evidence in report.Evidence)
            about.AddText("known by", evidence);
        if (report.ParseLimited)
            about.Add("limited", "there is more in it than is read: what is said here is true, but not all");
        if (report.Recipients.Count == 0)
            about.Add("recipients", "none is named");
        console.Write(about.Grid);
        foreach (RecipientStatus recipient in report.Recipients)
            Write(report, recipient);
        console.WriteLine();
    }

    /// <summary>Tells what a diagnostic means; nothing but that is known.</summary>
    public void WriteDiagnostic(DeliveryReport report)
    {
        foreach (RecipientStatus recipient in report.Recipients)
        {
            Explanation explanation = classifier.Explain(report, recipient);
            Paragraph facts = new(0);
            AddVerdict(facts, explanation.Verdict, report, recipient);
            AddSaid(facts, explanation.Verdict, recipient);
            Weigh(facts, explanation.Candidates);
            console.Write(facts.Grid);
        }
    }

    public void Dispose()
    {
        // All is written when it comes.
    }

    private void Write(DeliveryReport report, RecipientStatus recipient)
    {
        Explanation explanation = classifier.Explain(report, recipient);
        console.WriteLine();
        console.MarkupLine($"  [bold]{Safe(recipient.Recipient)}[/]");
        Paragraph facts = new(4);
        AddVerdict(facts, explanation.Verdict, report, recipient);
        facts.Add("recipient", Meanings.Of(recipient.RecipientSource));
        facts.AddText("final", recipient.FinalRecipient == recipient.Recipient ? null : recipient.FinalRecipient);
        facts.AddText("original", recipient.OriginalRecipient == recipient.Recipient ? null : recipient.OriginalRecipient);
        facts.Add("action", Meanings.Of(recipient.Action));
        facts.AddText("last tried", When(recipient.LastAttemptDate));
        facts.AddText("tried until", When(recipient.WillRetryUntil));
        AddSaid(facts, explanation.Verdict, recipient);
        Weigh(facts, explanation.Candidates);
        console.Write(facts.Grid);
    }

    private static void AddVerdict(Paragraph facts, Verdict verdict, DeliveryReport report, RecipientStatus recipient)
    {
        string severity = $"[{SeverityColours.Of(verdict.Severity)}]{verdict.Severity.ToWire()}[/]";
        string meaning = Meanings.Of(verdict.Reason) + WhyNotAsUsual(verdict, report, recipient);
        facts.Add("verdict", $"{severity} [bold]{verdict.Reason.ToWire()}[/]: {meaning}");
        facts.Add("advice", $"[bold]{verdict.Advice.ToWire()}[/]: {Meanings.Of(verdict.Advice)}");
    }

    /// <summary>What the refusing host said.</summary>
    private static void AddSaid(Paragraph facts, Verdict verdict, RecipientStatus recipient)
    {
        facts.Add("status", Found($"{recipient.Status}", recipient, "from the report's fields"));
        facts.Add("reply", Found($"{recipient.Reply}", recipient, "from the text"));
        facts.AddText("in answer to", recipient.Command);
        facts.AddText("refused by", recipient.RemoteMta);
        facts.Add("diagnostic", recipient.Diagnostic is null ? "none" : Quoted(recipient.Diagnostic, verdict.Evidence));
    }

    private void Weigh(Paragraph facts, IReadOnlyList<Candidate> candidates)
    {
        Candidate decided = candidates[0];
        facts.Add("decided by", $"{Describe(decided)} means [bold]{decided.Reason.ToWire()}[/]{SourceOf(decided)}");
        foreach (Candidate candidate in candidates.Skip(1))
            facts.Add("over", $"{Describe(candidate)} means {candidate.Reason.ToWire()}; {Meanings.Of(candidate.Loss, decided.Source)}");
    }

    private static string Describe(in Candidate candidate) =>
        candidate.Source switch
        {
            EvidenceSource.PassedOn => $"the action, {candidate.Evidence},",
            EvidenceSource.ReportKind =>
                $"that it is {candidate.Evidence switch { "automatic reply" => "an", _ => "a" }} {candidate.Evidence}",
            EvidenceSource.Rule => $"rule [bold]{candidate.RuleId}[/]: \"{Safe(candidate.Evidence)}\"",
            EvidenceSource.Category => $"the reporting MTA's category {Safe(candidate.Evidence)}",
            EvidenceSource.WrittenStatus => $"status {candidate.Evidence} in the diagnostic",
            EvidenceSource.Status => $"status {candidate.Evidence} of the report",
            EvidenceSource.GenericStatus => $"status {candidate.Evidence}, which stands for many causes,",
            EvidenceSource.SpecificReply => $"reply {candidate.Evidence}",
            EvidenceSource.Reply => $"reply {candidate.Evidence}, which stands for many causes,",
            EvidenceSource.Program => "that a program failed to which the message was handed",
            EvidenceSource.Delay => "that delivery is still being tried",
            _ => "nothing: that",
        };

    private string SourceOf(in Candidate candidate)
    {
        if (candidate.Source != EvidenceSource.Rule)
            return "";
        BounceRule rule = _rules[candidate.RuleId];
        string when = rule.When is { } conditions ? $", when {Safe(RuleText.Of(conditions))}" : "";
        string file = _own.Contains(rule) ? $"; {Safe(rule.File)}" : "";
        return $"{when} [grey]({Safe(rule.Source.Mta)}: {Safe(rule.Source.Reference)}{file})[/]";
    }

    private static string WhyNotAsUsual(Verdict verdict, DeliveryReport report, RecipientStatus recipient)
    {
        Severity usual = verdict.Reason.DefaultSeverity();
        if (verdict.Severity == usual)
            return "";
        bool isTried = recipient.Action == DsnAction.Delayed || (recipient.Action == DsnAction.None && report.Kind == ReportKind.Delay);
        bool isTransient = (recipient.Status?.Class ?? recipient.Reply?.Class) == 4;
        return (usual, verdict.Severity) == (Severity.Hard, Severity.Soft) && isTried ? " (soft, as delivery is still being tried)"
            : (usual, verdict.Severity) == (Severity.Hard, Severity.Soft) && isTransient ? " (soft, as a 4xx may pass)"
            : $" ({usual.ToWire()}, if the configuration did not say otherwise)";
    }

    private static string Found(string code, RecipientStatus recipient, string elsewhere) =>
        code.Length == 0 ? "none"
        : recipient.Diagnostic?.Contains(code, StringComparison.Ordinal) == true ? $"{code}, in the diagnostic"
        : $"{code}, {elsewhere}";

    private static string? Returned(OriginalMessage? original) =>
        original?.Subject is null && original?.MessageId is null ? null
        : original.Subject is { } subject ? $"the message \"{subject}\" {original.MessageId}"
        : $"the message {original.MessageId}";

    private static string? When(DateTimeOffset? instant) =>
        instant?.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>A text, the words that decided underlined where they stand in it as they were matched.</summary>
    private static string Quoted(string text, string words)
    {
        string clean = TerminalText.Clean(text);
        string part = TerminalText.Clean(words);
        int at = part.Length == 0 ? -1 : clean.IndexOf(part, StringComparison.Ordinal);
        return at < 0
            ? Markup.Escape(clean)
            : $"{Markup.Escape(clean[..at])}[underline]{Markup.Escape(part)}[/]{Markup.Escape(clean[(at + part.Length)..])}";
    }

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));

    /// <summary>Lines of a label and a text, which is wrapped behind the label.</summary>
    private sealed class Paragraph
    {
        private string _last = "";

        public Paragraph(int indent)
        {
            Grid = new Grid()
                .AddColumn(new GridColumn { Width = 12, Padding = new Padding(indent, 0, 2, 0) })
                .AddColumn(new GridColumn { Padding = new Padding(0) });
        }

        public Grid Grid { get; }

        /// <summary>Adds a line; a label that repeats stands once.</summary>
        public void Add(string label, string markup)
        {
            Grid.AddRow($"[grey]{(label == _last ? "" : label)}[/]", markup);
            _last = label;
        }

        /// <summary>Adds a line with a text from outside, if there is one.</summary>
        public void AddText(string label, string? text)
        {
            if (text is { Length: > 0 })
                Add(label, Safe(text));
        }
    }
}
