using System.Text;
using BounceMx.Cli;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Tests.Cli;

public sealed class JsonAnalysisWriterTests
{
    [Fact]
    public void A_bounce_is_a_line_with_every_field_that_has_a_value()
    {
        DeliveryReport report = ReportReader.Read(MimeReader.Read(Sample.Message().Raw!));
        var classifier = new BounceClassifier(RuleBook.Default);
        Write(new Analysis("a.eml", report, [.. report.Recipients.Select(status => classifier.Classify(report, status))]))
            .ShouldBe(
                """
                {"file":"a.eml","kind":"bounce","reporting_mta":"mx.sender.test","recipients":[{"recipient":"user@recipient.test","recipient_source":"final_recipient","action":"failed","status":"5.1.1","reply":"550","reason":"user_unknown","severity":"hard","advice":"remove","diagnostic":"550 5.1.1 \u003Cuser@recipient.test\u003E: User unknown","remote_mta":"mx.recipient.test","command":"RCPT","final_recipient":"user@recipient.test","rule":"general.user-unknown"}]}

                """.ReplaceLineEndings("\n")
            );
    }

    [Fact]
    public void What_is_not_known_is_left_out()
    {
        var status = new RecipientStatus { Recipient = "a@b.test", RecipientSource = RecipientSource.Text };
        Write(Analysis("a", status))
            .ShouldBe(
                """{"file":"a","kind":"bounce","recipients":[{"recipient":"a@b.test","recipient_source":"text","reason":"undefined","severity":"undetermined","advice":"review","rule":"none"}]}"""
                    + "\n"
            );
    }

    [Fact]
    public void A_message_that_names_nobody_has_an_empty_list() =>
        Write(new Analysis("a", new DeliveryReport { Kind = ReportKind.Other, Recipients = [] }, []))
            .ShouldBe("""{"file":"a","kind":"other","recipients":[]}""" + "\n");

    [Fact]
    public void A_message_that_was_not_read_whole_says_so() =>
        Write(
                new Analysis(
                    "a",
                    new DeliveryReport
                    {
                        Kind = ReportKind.Other,
                        Recipients = [],
                        ParseLimited = true,
                    },
                    []
                )
            )
            .ShouldBe("""{"file":"a","kind":"other","recipients":[],"parse_limited":true}""" + "\n");

    [Fact]
    public void Each_message_is_a_line() =>
        Write([.. Enumerable.Range(0, 1000).Select(i => Analysis($"{i}\n", Status(new string('x', 500))))])
            .Count(c => c == '\n')
            .ShouldBe(1000);

    private static Analysis Analysis(string file, RecipientStatus status) =>
        new(
            file,
            new DeliveryReport { Kind = ReportKind.Bounce, Recipients = [status] },
            [new Verdict(BounceReason.Undefined, Severity.Undetermined, "none", "")]
        );

    private static RecipientStatus Status(string diagnostic) =>
        new()
        {
            Recipient = "a@b.test",
            RecipientSource = RecipientSource.Text,
            Reply = new ReplyCode(550),
            Diagnostic = diagnostic,
        };

    private static string Write(params Analysis[] analyses)
    {
        using var output = new MemoryStream();
        using (var writer = new JsonAnalysisWriter(output))
        {
            foreach (Analysis analysis in analyses)
                writer.Write(analysis);
        }
        return Encoding.UTF8.GetString(output.ToArray());
    }
}
