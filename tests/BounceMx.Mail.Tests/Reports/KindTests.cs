using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// Each file <c>kinds/&lt;kind&gt;.txt</c> holds messages of that kind, each under a line <c>#### what it is</c>, as their senders write them:
/// above all ordinary mail that sounds like a bounce, and automatic answers in the words of many programs and languages.
/// </summary>
public sealed class KindTests
{
    private const string Separator = "#### ";

    private static readonly string _folder = Path.Combine(TestFolders.Root, "tests", "BounceMx.Mail.Tests", "kinds");

    public static TheoryData<string, string, string> Messages()
    {
        var messages = new TheoryData<string, string, string>();
        foreach (string kind in (string[])["auto_reply", "bounce", "complaint", "delay", "delivered", "other"])
        {
            string file = File.ReadAllText(Path.Combine(_folder, kind + ".txt")).ReplaceLineEndings("\n");
            foreach (string message in file.Split(Separator, StringSplitOptions.RemoveEmptyEntries))
            {
                int title = message.IndexOf('\n', StringComparison.Ordinal);
                messages.Add(kind, message[..title], message[(title + 1)..]);
            }
        }

        return messages;
    }

    [Fact]
    public void There_are_more_than_170_messages() => Messages().Count.ShouldBeGreaterThan(170);

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Tells_the_kind_of_a_message(string kind, string title, string message)
    {
        DeliveryReport report = Read(message);

        report.Kind.ToWire().ShouldBe(kind, $"{title}: {string.Join("; ", report.Evidence)}");
    }

    [Theory]
    [MemberData(nameof(Messages), DisableDiscoveryEnumeration = true)]
    public void Tells_the_same_whatever_the_line_ends_are(string kind, string title, string message)
    {
        foreach (string ending in (string[])["CRLF", "CR"])
        {
            byte[] raw = LineEnds.Rewrite(Encoding.UTF8.GetBytes(message), ending);
            ReportReader.Read(MimeReader.Read(raw)).Kind.ToWire().ShouldBe(kind, $"{title}, {ending}");
        }
    }

    [Fact]
    public void The_null_reverse_path_of_the_envelope_speaks_for_a_bounce_where_no_Return_Path_stands()
    {
        MimePart root = MimeReader.Read(
            "From: \"Gate\" <gate@x.test>\nSubject: Message blocked\n\nYour message to eve@y.test was blocked.\n"u8.ToArray()
        );

        ReportReader.Read(root, hasNullReversePath: true).Kind.ShouldBe(ReportKind.Bounce);
        ReportReader.Read(root, hasNullReversePath: false).Kind.ShouldBe(ReportKind.Other);
    }

    [Fact]
    public void The_envelope_outvotes_a_Return_Path_that_the_sender_wrote()
    {
        MimePart root = MimeReader.Read(
            "Return-Path: <>\nFrom: Gate <gate@x.test>\nSubject: Message blocked\n\nYour message to eve@y.test was blocked.\n"u8.ToArray()
        );

        ReportReader.Read(root, hasNullReversePath: false).Kind.ShouldBe(ReportKind.Other);
    }

    private static DeliveryReport Read(string message) => ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(message)));
}
