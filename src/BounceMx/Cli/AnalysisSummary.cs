using System.Globalization;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;
using BounceMx.Publishing;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary>Counts what was read: messages by kind; recipients by reason, advice and domain.</summary>
internal sealed class AnalysisSummary
{
    /// <summary>Rows a table; what is rarer goes into one row.</summary>
    private const int Top = 10;

    private const int MaxDomain = 40;

    private readonly Tally _kinds = new("kind", "messages");
    private readonly Tally _reasons = new("reason", "recipients");
    private readonly Tally _advice = new("advice", "recipients");
    private readonly Tally _domains = new("domain", "recipients");

    public int Messages { get; private set; }

    public int Recipients { get; private set; }

    public void Add(Analysis analysis)
    {
        Messages++;
        Recipients += analysis.Verdicts.Count;
        _kinds.Add(analysis.Report.Kind.ToWire());
        for (int i = 0; i < analysis.Verdicts.Count; i++)
        {
            _reasons.Add(analysis.Verdicts[i].Reason.ToWire());
            _advice.Add(analysis.Verdicts[i].Advice.ToWire());
            _domains.Add(DomainOf(analysis.Report.Recipients[i].Recipient));
        }
    }

    public void Show(IAnsiConsole console)
    {
        console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"[bold]{Messages:N0} messages, {Recipients:N0} recipients[/]");
        Tally[] tallies = Recipients > 0 ? [_kinds, _reasons, _advice, _domains] : [_kinds];
        console.Write(new Columns(tallies.Select(tally => tally.ToTable())) { Expand = false });
    }

    private static string DomainOf(string recipient)
    {
        string domain = recipient[(recipient.LastIndexOf('@') + 1)..].ToLowerInvariant();
        return domain.Length == recipient.Length ? "(none)"
            : domain.Length > MaxDomain ? domain[..MaxDomain] + "…"
            : domain;
    }

    private sealed class Tally(string name, string unit)
    {
        private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

        public void Add(string word) => _counts[word] = _counts.GetValueOrDefault(word) + 1;

        public Table ToTable()
        {
            Table table = new Table { Border = TableBorder.Simple }
                .AddColumn(name)
                .AddColumn(unit, column => column.RightAligned());
            KeyValuePair<string, int>[] sorted =
            [
                .. _counts.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key, StringComparer.Ordinal),
            ];
            foreach ((string word, int count) in sorted.Take(Top))
                AddRow(table, word, count);
            if (sorted.Length > Top)
                AddRow(table, $"{sorted.Length - Top} others", sorted.Skip(Top).Sum(entry => entry.Value));
            return table;
        }

        private static void AddRow(Table table, string word, int count) =>
            table.AddRow(Markup.Escape(TerminalText.Clean(word)), count.ToString("N0", CultureInfo.InvariantCulture));
    }
}
