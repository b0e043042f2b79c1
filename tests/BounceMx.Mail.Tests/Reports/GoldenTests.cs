using System.Text;
using System.Text.Json.Nodes;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// Each <c>samples/&lt;mta&gt;/&lt;what&gt;.eml</c> is read and judged as the <c>.golden.json</c> beside it says, whatever its line ends are.
/// <see cref="Golden"/> says what stands in such a file. A mismatch writes <c>.actual.json</c>: look at it, and where it is right, let it replace the golden file.
/// </summary>
public sealed class GoldenTests
{
    private static readonly string[] _lineEnds = ["LF", "CRLF", "CR"];
    private static readonly BounceClassifier _classifier = new(RuleBook.Default);

    public static TheoryData<string, string> Samples() =>
        [
            .. TestFolders
                .SampleFiles()
                .SelectMany(file => _lineEnds.Select(ending => (Path.GetRelativePath(TestFolders.Samples, file), ending))),
        ];

    [Fact]
    public void There_are_two_hundred_samples_or_more() => TestFolders.SampleFiles().Count().ShouldBeGreaterThanOrEqualTo(200);

    [Fact]
    public void Each_golden_file_belongs_to_a_sample() =>
        Directory
            .EnumerateFiles(TestFolders.Samples, "*.golden.json", SearchOption.AllDirectories)
            .ShouldAllBe(golden => File.Exists(golden.Replace(".golden.json", ".eml", StringComparison.Ordinal)));

    [Theory]
    [MemberData(nameof(Samples))]
    public void Reads_as_the_golden_file_says(string sample, string lineEnd)
    {
        string file = Path.Combine(TestFolders.Samples, sample);
        string goldenFile = Path.ChangeExtension(file, ".golden.json");
        JsonObject golden = File.Exists(goldenFile) ? JsonNode.Parse(File.ReadAllText(goldenFile))!.AsObject() : [];
        _ = golden.Remove("gap", out JsonNode? gap);
        string expected = Golden.Write(golden, golden);

        DeliveryReport report = ReportReader.Read(MimeReader.Read(LineEnds.Rewrite(File.ReadAllBytes(file), lineEnd)));
        string actual = Golden.Write(Golden.Of(report, _classifier), golden);

        if (gap is not null)
        {
            actual.ShouldNotBe(expected, $"This is read as it should be now: take \"gap\" out of {goldenFile}.");
            Assert.Skip(gap.GetValue<string>());
        }

        if (actual != expected)
            File.WriteAllText(Path.ChangeExtension(file, ".actual.json"), actual);
        actual.ShouldBe(expected);
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
