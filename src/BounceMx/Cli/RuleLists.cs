using System.Text.Encodings.Web;
using System.Text.Json;
using BounceMx.Mail.Classification;
using BounceMx.Publishing;
using BounceMx.Rules;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary>Shows rules.</summary>
internal static class RuleLists
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Lines, each a rule with the keys of a file of rules, and <c>file</c>.</summary>
    public static void WriteJson(IEnumerable<BounceRule> rules)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput());
        using var json = new Utf8JsonWriter(output, Readable);
        foreach (BounceRule rule in rules)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("text", rule.Text);
            if (rule.When is { } conditions)
                WriteConditions(json, conditions);
            json.WriteString("reason", rule.Reason.ToWire());
            json.WriteStartObject("source");
            json.WriteString("mta", rule.Source.Mta);
            json.WriteString("reference", rule.Source.Reference);
            json.WriteEndObject();
            WriteArray(json, "examples", rule.Examples);
            WriteArray(json, "near_misses", rule.NearMisses);
            json.WriteString("file", rule.File);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>Id, reason, conditions, text and source, with tabs between: a line a rule, for <c>grep</c> and <c>cut</c>.</summary>
    public static void WriteLines(IEnumerable<BounceRule> rules, TextWriter output)
    {
        HashSet<BounceRule> own = [.. RuleOverlay.Own(rules)];
        foreach (BounceRule rule in rules)
        {
            string when = rule.When is null ? "" : RuleText.Of(rule.When);
            string source = own.Contains(rule) ? rule.File : rule.Source.Mta;
            string[] fields = [rule.Id, rule.Reason.ToWire(), when, rule.Text, source];
            output.WriteLine(string.Join('\t', fields.Select(TerminalText.Clean)));
        }
    }

    public static void WriteTable(IEnumerable<BounceRule> rules)
    {
        HashSet<BounceRule> own = [.. RuleOverlay.Own(rules)];
        Table table = new Table { Border = TableBorder.Simple }.AddColumns("id", "reason", "text", "when", "source");
        foreach (BounceRule rule in rules)
        {
            string source = own.Contains(rule) ? rule.File : rule.Source.Mta;
            string when = rule.When is null ? "" : RuleText.Of(rule.When);
            table.AddRow(Safe(rule.Id), rule.Reason.ToWire(), Safe(rule.Text), Safe(when), Safe(source));
        }
        Terminal.ForTables.Write(table);
    }

    private static void WriteConditions(Utf8JsonWriter json, RuleConditions conditions)
    {
        json.WriteStartObject("when");
        foreach ((string name, string? value) in RuleText.Keys(conditions))
        {
            if (value is not null)
                json.WriteString(name, value);
        }
        json.WriteEndObject();
    }

    private static void WriteArray(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));
}
