using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Publishing;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary>
/// A table for people, a row a recipient, and a summary behind it where there are several messages. Long tables come in pages, each with the names of the
/// columns, so that what is kept in memory does not grow with what is read.
/// </summary>
/// <param name="console">Where to.</param>
/// <param name="beforePage">Called before anything is written: a progress bar is to get out of the way.</param>
internal sealed class TableAnalysisWriter(IAnsiConsole console, Action beforePage) : IAnalysisWriter
{
    private const int PageRows = 500;
    private const int ShownName = 30;
    private const int WideTerminal = 200;

    private readonly AnalysisSummary _summary = new();
    private Table _page = NewPage();

    public void Write(Analysis analysis)
    {
        _summary.Add(analysis);
        if (analysis.Verdicts.Count == 0)
            AddRow(Shorten(analysis.File), analysis.Report.Kind.ToWire(), "", Severity.None, "", "", "");
        for (int i = 0; i < analysis.Verdicts.Count; i++)
        {
            RecipientStatus status = analysis.Report.Recipients[i];
            Verdict verdict = analysis.Verdicts[i];
            AddRow(
                i == 0 ? Shorten(analysis.File) : "",
                i == 0 ? analysis.Report.Kind.ToWire() : "",
                status.Recipient,
                verdict.Severity,
                verdict.Reason.ToWire(),
                status.Status?.ToString() ?? "",
                verdict.RuleId
            );
        }
    }

    public void Dispose()
    {
        if (_page.Rows.Count > 0)
            TurnPage();
        if (_summary.Messages > 1)
            _summary.Show(console);
    }

    private void AddRow(string file, string kind, string recipient, Severity severity, string reason, string status, string rule)
    {
        string word = reason.Length == 0 ? "" : $"[{SeverityColours.Of(severity)}]{severity.ToWire()}[/]";
        _page.AddRow(Safe(file), kind, Safe(recipient), word, reason, status, rule);
        if (_page.Rows.Count >= PageRows)
            TurnPage();
    }

    // The end tells more than the beginning, which many files share. Into a file or a pipe the name goes whole.
    private string Shorten(string file) =>
        file.Length <= ShownName || console.Profile.Width > WideTerminal ? file : $"…{file[^ShownName..]}";

    private void TurnPage()
    {
        beforePage();
        console.Write(_page);
        _page = NewPage();
    }

    private static Table NewPage() =>
        new Table { Border = TableBorder.Simple }.AddColumns("file", "kind", "recipient", "severity", "reason", "status", "rule");

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));
}
