using System.Text.Encodings.Web;
using System.Text.Json;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Storage;
using Spectre.Console;

namespace BounceMx.Cli;

/// <summary>Shows events that sinks refused for good.</summary>
internal static class DeadLetterLists
{
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>JSON Lines: <c>number</c>, <c>sink</c>, <c>refused_at</c>, <c>error</c>, <c>retry</c> (marked for another try), and the whole <c>event</c>.</summary>
    public static void WriteJson(IEnumerable<DeadLetter> letters)
    {
        using var output = new BufferedStream(Console.OpenStandardOutput());
        using var json = new Utf8JsonWriter(output, Readable);
        foreach (DeadLetter letter in letters)
        {
            json.WriteStartObject();
            json.WriteNumber("number", letter.Number);
            json.WriteString("sink", letter.Sink);
            json.WriteString("refused_at", Rfc3339Converter.Write(letter.RefusedAt));
            json.WriteString("error", letter.Error);
            json.WriteBoolean("retry", letter.IsMarked);
            json.WritePropertyName("event");
            json.WriteRawValue(letter.Event.Data);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>A table; a sentence where there are none.</summary>
    public static void WriteTable(IReadOnlyCollection<DeadLetter> letters)
    {
        if (letters.Count == 0)
        {
            Console.WriteLine("No sink refused an event for good.");
            return;
        }
        Table table = new Table { Border = TableBorder.Simple }.AddColumns("number", "sink", "refused", "event", "type", "error");
        foreach (DeadLetter letter in letters)
        {
            BounceEvent bounceEvent = letter.Event.Read();
            table.AddRow(
                $"{letter.Number}",
                Safe(letter.Sink),
                $"{letter.RefusedAt:yyyy-MM-dd HH:mm:ss}",
                Safe(bounceEvent.Id),
                Safe(bounceEvent.Type),
                Safe(letter.IsMarked ? $"(to be tried again) {letter.Error}" : letter.Error)
            );
        }
        Terminal.ForTables.Write(table);
    }

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));
}
