using System.Text;
using System.Text.Json;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>Whatever ends the lines of a message, it says the same.</summary>
public sealed class LineEndTests
{
    private static readonly BounceClassifier _classifier = new(RuleBook.Default);

    [Theory]
    [InlineData("\r\n")]
    [InlineData("\r")]
    [InlineData("\r\r\n")]
    public void Reads_the_same_as_with_line_feeds(string lineEnd)
    {
        List<string> different = [];
        foreach (string file in Seeds.Files)
        {
            string message = Encoding.Latin1.GetString(File.ReadAllBytes(file)).ReplaceLineEndings("\n");
            if (Read(message) != Read(message.Replace("\n", lineEnd, StringComparison.Ordinal)))
                different.Add(Path.GetFileName(file));
        }

        different.ShouldBeEmpty();
    }

    private static string Read(string message)
    {
        DeliveryReport report = ReportReader.Read(MimeReader.Read(Encoding.Latin1.GetBytes(message)));
        return JsonSerializer.Serialize(
            new { report, verdicts = report.Recipients.Select(status => _classifier.Classify(report, status)) }
        );
    }
}
