using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// Each <c>samples/&lt;mta&gt;/&lt;what&gt;.eml</c> reads as the <c>.golden.json</c> beside it says, whatever its line ends are.
/// A mismatch writes <c>.actual.json</c>: look at it, and where it is right, let it replace the golden file.
/// </summary>
public sealed class GoldenTests
{
    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower),
            new TextConverter<EnhancedStatusCode>(),
            new TextConverter<ReplyCode>(),
        },
    };

    public static TheoryData<string, string> Samples()
    {
        var samples = new TheoryData<string, string>();
        foreach (string file in TestFolders.SampleFiles())
        {
            foreach (string ending in (string[])["LF", "CRLF", "CR"])
                samples.Add(Path.GetRelativePath(TestFolders.Samples, file), ending);
        }

        return samples;
    }

    [Fact]
    public void There_are_samples_of_ten_shapes_or_more() => TestFolders.SampleFiles().Count().ShouldBeGreaterThanOrEqualTo(10);

    [Theory]
    [MemberData(nameof(Samples))]
    public void Reads_as_the_golden_file_says(string sample, string lineEnd)
    {
        string file = Path.Combine(TestFolders.Samples, sample);
        byte[] raw = LineEnds.Rewrite(File.ReadAllBytes(file), lineEnd);

        string actual = JsonSerializer.Serialize(ReportReader.Read(MimeReader.Read(raw)), _json).ReplaceLineEndings("\n") + "\n";

        string golden = Path.ChangeExtension(file, ".golden.json");
        string expected = File.Exists(golden) ? File.ReadAllText(golden).ReplaceLineEndings("\n") : "";
        if (actual != expected)
            File.WriteAllText(Path.ChangeExtension(file, ".actual.json"), actual);
        actual.ShouldBe(expected);
    }

    private sealed class TextConverter<T> : JsonConverter<T>
        where T : struct
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
            writer.WriteStringValue(string.Create(CultureInfo.InvariantCulture, $"{value}"));
    }
}

/// <summary>Plays a message with other line ends.</summary>
internal static class LineEnds
{
    public static byte[] Rewrite(byte[] raw, string lineEnd)
    {
        string text = Encoding.Latin1.GetString(raw).Replace("\r\n", "\n", StringComparison.Ordinal);
        string ending = lineEnd switch
        {
            "CRLF" => "\r\n",
            "CR" => "\r",
            _ => "\n",
        };
        return Encoding.Latin1.GetBytes(text.Replace("\n", ending, StringComparison.Ordinal));
    }
}
