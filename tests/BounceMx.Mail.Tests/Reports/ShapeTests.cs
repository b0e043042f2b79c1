using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// Reports in the shape of many products, providers and languages, a few lines each, in <c>shapes/*.txt</c>. A shape begins with
/// <c>=== title</c>; then comes what the reader must find, of the first recipient unless it is the list of all or says <c>reply of
/// b@example.org: 550</c>; then, behind <c>----</c>, the mail.
/// </summary>
public sealed class ShapeTests
{
    private static readonly Dictionary<string, Shape> _shapes = Directory
        .EnumerateFiles(Path.Combine(TestFolders.Root, "tests", "BounceMx.Mail.Tests", "Reports", "shapes"), "*.txt")
        .SelectMany(file => Split(File.ReadAllText(file)))
        .ToDictionary(shape => shape.Title);

    public static TheoryData<string, string> Shapes()
    {
        var shapes = new TheoryData<string, string>();
        foreach (string title in _shapes.Keys.Order(StringComparer.Ordinal))
        {
            foreach (string ending in (string[])["LF", "CRLF", "CR"])
                shapes.Add(title, ending);
        }

        return shapes;
    }

    [Fact]
    public void There_are_a_hundred_shapes_or_more() => _shapes.Count.ShouldBeGreaterThanOrEqualTo(100);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Finds_who_failed_and_why(string title, string lineEnd)
    {
        Shape shape = _shapes[title];
        DeliveryReport report = ReportReader.Read(MimeReader.Read(LineEnds.Rewrite(Encoding.Latin1.GetBytes(Widen(shape.Mail)), lineEnd)));

        report.Recipients.Select(recipient => recipient.Recipient).ShouldBe(shape.Recipients);
        report.Kind.ToWire().ShouldBe(shape["kind"] ?? "bounce");
        RecipientStatus first = report.Recipients[0];
        first.Action.ToWire().ShouldBe(shape["action"] ?? first.Action.ToWire());
        (first.Reply?.ToString()).ShouldBe(shape["reply"] ?? first.Reply?.ToString());
        (first.Status?.ToString()).ShouldBe(shape["status"] ?? first.Status?.ToString());
        first.Command.ShouldBe(shape["command"] ?? first.Command);
        foreach (RecipientStatus one in report.Recipients)
        {
            one.Action.ToWire().ShouldBe(shape[$"action of {one.Recipient}"] ?? one.Action.ToWire());
            (one.Reply?.ToString()).ShouldBe(shape[$"reply of {one.Recipient}"] ?? one.Reply?.ToString());
        }

        if (shape["says"] is { } says)
            first.Diagnostic.ShouldNotBeNull().ShouldContain(says);
    }

    /// <summary>UTF-8 octets, one a character.</summary>
    private static string Widen(string text) => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text));

    private static IEnumerable<Shape> Split(string text)
    {
        foreach (string shape in text.ReplaceLineEndings("\n").Split("\n=== ", StringSplitOptions.RemoveEmptyEntries))
        {
            string[] halves = shape.Split("\n----\n", 2);
            string[] lines = halves[0].Replace("=== ", "", StringComparison.Ordinal).Split('\n');
            yield return new Shape(lines[0], lines[1..], halves[1]);
        }
    }

    private sealed record Shape(string Title, string[] Expectations, string Mail)
    {
        public string[] Recipients => [.. All("recipient")];

        public string? this[string name] => All(name).FirstOrDefault();

        private IEnumerable<string> All(string name) =>
            Expectations.Where(line => line.StartsWith(name + ": ", StringComparison.Ordinal)).Select(line => line[(name.Length + 2)..]);
    }
}
