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

    /// <summary>
    /// JSON Lines: <c>number</c>, <c>sink</c>, <c>refused_at</c>, <c>error</c>, <c>retry</c> (marked for another try), and the whole <c>event</c>, which is
    /// a string where it is no JSON.
    /// </summary>
    public static void WriteJson(IEnumerable<DeadLetter> letters, Stream stream)
    {
        using var output = new BufferedStream(stream);
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
            WriteEvent(json, letter.Event.Data);
            json.WriteEndObject();
            json.Flush();
            json.Reset();
            output.WriteByte((byte)'\n');
        }
    }

    /// <summary>A table; a sentence where there are none.</summary>
    public static void WriteTable(IReadOnlyCollection<DeadLetter> letters, IAnsiConsole console)
    {
        if (letters.Count == 0)
        {
            console.WriteLine("No sink refused an event for good.");
            return;
        }
        Table table = new Table { Border = TableBorder.Simple }.AddColumns("number", "sink", "refused", "event", "type", "error");
        foreach (DeadLetter letter in letters)
        {
            table.AddRow(
                $"{letter.Number}",
                Safe(letter.Sink),
                $"{letter.RefusedAt:yyyy-MM-dd HH:mm:ss}",
                Safe(letter.Event.Id),
                Safe(TypeOf(letter.Event)),
                Safe(letter.IsMarked ? $"(to be tried again) {letter.Error}" : letter.Error)
            );
        }
        console.Write(table);
    }

    // That it is damaged may be why it was refused. SQLite does not notice what changed within a page.
    private static void WriteEvent(Utf8JsonWriter json, string data)
    {
        try
        {
            json.WriteRawValue(data);
        }
        catch (JsonException)
        {
            json.WriteStringValue(data);
        }
    }

    private static string TypeOf(StoredEvent stored)
    {
        try
        {
            return stored.Read().Type;
        }
        catch (JsonException)
        {
            return "-";
        }
    }

    private static string Safe(string text) => Markup.Escape(TerminalText.Clean(text));
}
