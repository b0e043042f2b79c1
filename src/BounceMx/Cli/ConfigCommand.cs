using System.CommandLine;
using System.Text.Json;
using BounceMx.Hosting;
using BounceMx.Publishing;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary><c>bouncemx config check|show</c>: what the server would run with.</summary>
internal static class ConfigCommand
{
    /// <summary>The option that names the configuration file, for every verb that reads it.</summary>
    public static Option<string?> CreateConfigOption() =>
        new("--config")
        {
            Description = $"The configuration file (default: {ConfigurationLoader.DefaultFile}, when it is there)",
            HelpName = "FILE",
        };

    public static Command Create() => new("config", "Check or show the configuration") { CreateCheck(), CreateShow() };

    private static Command CreateCheck()
    {
        Option<string?> config = CreateConfigOption();
        var command = new Command("check", "Validate; exit code 2 and a line a fault when it is not valid") { config };
        command.SetAction(result =>
        {
            IReadOnlyList<ConfigurationFault> faults = ConfigurationLoader.Check(Load(result, config));
            foreach (ConfigurationFault fault in faults)
                Console.Error.WriteLine($"bouncemx: {fault}");
            if (faults.Count > 0)
                return BounceMxCommand.WrongUsage;
            Console.WriteLine("The configuration is valid.");
            return 0;
        });
        return command;
    }

    private static Command CreateShow()
    {
        Option<string?> config = CreateConfigOption();
        var json = new Option<bool>("--json") { Description = "JSON Lines, for programs" };
        var command = new Command("show", "Print each setting, its value and where that comes from; secrets masked") { config, json };
        command.SetAction(result =>
        {
            IEnumerable<Row> rows = Rows(Load(result, config));
            if (result.GetValue(json))
                WriteJson(rows);
            else
                WriteTable(rows);
            return 0;
        });
        return command;
    }

    private static IConfigurationRoot Load(ParseResult result, Option<string?> config) =>
        ConfigurationLoader.Load(result.GetValue(config), new Dictionary<string, string?>(StringComparer.Ordinal));

    private static IEnumerable<Row> Rows(IConfigurationRoot configuration)
    {
        foreach (Setting setting in Settings.In(configuration))
        {
            // A list that is emptied has no entry to show, but its own empty value.
            bool isSet = setting.IsList && configuration[setting.Key] is "" && !setting.Values(configuration).Any();
            if (isSet)
                yield return new Row(setting.Key, "", ConfigurationLoader.Origin(configuration, setting.Key));
            foreach ((string key, string value) in setting.Values(configuration))
            {
                isSet = true;
                yield return new Row(key, Secrets.Mask(key, setting.Show(value)), ConfigurationLoader.Origin(configuration, key));
            }
            // A named listener takes what it does not say from section Smtp.
            if (!isSet && Settings.All.Contains(setting))
                yield return new Row(setting.Key, setting.Default, "default");
        }
    }

    private static void WriteJson(IEnumerable<Row> rows)
    {
        using Stream output = Console.OpenStandardOutput();
        foreach (Row row in rows)
        {
            using (var writer = new Utf8JsonWriter(output))
            {
                writer.WriteStartObject();
                writer.WriteString("key", row.Key);
                writer.WriteString("value", row.Value);
                writer.WriteString("origin", row.Origin);
                writer.WriteEndObject();
            }
            output.WriteByte((byte)'\n');
        }
    }

    private static void WriteTable(IEnumerable<Row> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("key", "value", "origin");
        foreach (Row row in rows)
            table.AddRow(Markup.Escape(row.Key), Markup.Escape(row.Value), Markup.Escape(row.Origin));
        Terminal.ForTables.Write(table);
    }

    private sealed record Row(string Key, string Value, string Origin);
}
