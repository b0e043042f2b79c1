using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

public sealed class ReportReaderTests
{
    private const string Fields = "Reporting-MTA: dns; r.test\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nStatus: 5.1.1\n";

    [Theory]
    [InlineData("failed", ReportKind.Bounce)]
    [InlineData("FAILED (5.1.1)", ReportKind.Bounce)]
    [InlineData("delayed", ReportKind.Delay)]
    [InlineData("delivered", ReportKind.Delivered)]
    [InlineData("relayed", ReportKind.Delivered)]
    [InlineData("expanded", ReportKind.Delivered)]
    public void Takes_the_kind_from_the_action(string action, ReportKind kind) =>
        Read($"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: {action}\n").Kind.ShouldBe(kind);

    [Fact]
    public void Calls_it_a_bounce_when_one_of_two_recipients_failed()
    {
        Read(
            "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: delayed\n\nFinal-Recipient: rfc822; c@b.test\nAction: failed\n"
        )
            .Kind.ShouldBe(ReportKind.Bounce);
    }

    [Fact]
    public void Takes_a_delay_for_a_failure_when_the_text_says_that_it_was_given_up()
    {
        Read(
            "Content-Type: multipart/report; boundary=b\n\n--b\n\nMessage will be\ndeleted from queue\n--b\nContent-Type: message/delivery-status\n\n"
                + "Final-Recipient: rfc822; a@b.test\nAction: delayed\n--b--\n"
        )
            .Recipients[0]
            .Action.ShouldBe(DsnAction.Failed);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/octet-stream")]
    public void Finds_the_fields_in_a_part_of_another_type(string type)
    {
        Read($"From: postmaster@r.test\nContent-Type: {type}\n\n{Fields}").Recipients[0].Recipient.ShouldBe("a@b.test");
    }

    [Fact]
    public void Reads_a_report_that_was_forwarded_as_an_attachment()
    {
        Read(
            $"From: me@x.test\nContent-Type: multipart/mixed; boundary=o\n\n--o\n\nsee below\n--o\nContent-Type: message/rfc822\n\nContent-Type: multipart/report; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\n{Fields}\n--i--\n--o--\n"
        )
            .Kind.ShouldBe(ReportKind.Bounce);
    }

    [Fact]
    public void Ignores_the_report_inside_the_message_that_a_report_returns()
    {
        DeliveryReport report = Read(
            $"Content-Type: multipart/report; boundary=o\n\n--o\nContent-Type: message/delivery-status\n\n{Fields}\n--o\nContent-Type: message/rfc822\n\n"
                + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; other@b.test\nAction: failed\n\n--o--\n"
        );

        report.Recipients.Select(recipient => recipient.Recipient).ShouldBe(["a@b.test"]);
    }

    [Fact]
    public void Takes_ordinary_mail_that_talks_of_failures_for_other() =>
        Read("From: a@b.test\nSubject: hi\n\nThe message to <c@d.test> could not be delivered: 550 5.1.1 unknown\n")
            .Kind.ShouldBe(ReportKind.Other);

    [Fact]
    public void Takes_a_read_receipt_for_other() =>
        Read(
            "Content-Type: message/disposition-notification\n\nReporting-UA: x\nFinal-Recipient: rfc822; a@b.test\nDisposition: manual-action/MDN-sent-manually; displayed\n"
        )
            .Kind.ShouldBe(ReportKind.Other);

    [Theory]
    [InlineData("Auto-Submitted: auto-replied")]
    [InlineData("X-Autoreply: yes")]
    [InlineData("Precedence: auto_reply")]
    [InlineData("Subject: Out of Office: holidays")]
    public void Recognises_automatic_answers_by(string field) =>
        Read($"From: a@b.test\n{field}\n\nI am away, mail could not be delivered.\n").Kind.ShouldBe(ReportKind.AutoReply);

    [Theory]
    [InlineData("Status: 5.0.0\nDiagnostic-Code: smtp; 550 5.1.1 x", "5.1.1")]
    [InlineData("Status: 5.1.1\nDiagnostic-Code: smtp; 550 x", "5.1.1")]
    [InlineData("Status: 5.1.1 (bad destination)", "5.1.1")]
    [InlineData("Status: 4.4.7\nDiagnostic-Code: smtp; 450 4.7.1 greylisted", "4.7.1")]
    [InlineData("Status: 4.4.7\nDiagnostic-Code: smtp; 554 4.4.7 expired <421 4.4.2 timed out>", "4.4.2")]
    [InlineData("Status: 5.1.1\nDiagnostic-Code: smtp; 550 5.0.0 x", "5.1.1")]
    [InlineData("Diagnostic-Code: smtp; 550 x (#5.2.1)", "5.2.1")]
    [InlineData("Status: bad", null)]
    public void Chooses_the_more_telling_status(string fields, string? expected)
    {
        EnhancedStatusCode? status = Read(
            $"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\n{fields}\n"
        )
            .Recipients[0]
            .Status;

        (status?.ToString()).ShouldBe(expected);
    }

    [Fact]
    public void Takes_no_reply_from_an_exit_code() =>
        Read("Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nDiagnostic-Code: X-Unix; 450\n")
            .Recipients[0]
            .Reply.ShouldBeNull();

    [Fact]
    public void Gives_nobody_the_reply_of_another_recipient()
    {
        DeliveryReport report = Read(
            "Content-Type: multipart/report; boundary=b\n\n--b\n\n"
                + "<a@x.test>: connection timed out\n<c@y.test>: host mx.y.test said: 550 5.1.1 no such user\n\n--b\n"
                + "Content-Type: message/delivery-status\n\nReporting-MTA: dns; r.test\n\n"
                + "Final-Recipient: rfc822; a@x.test\nAction: failed\nStatus: 4.4.1\n\n"
                + "Final-Recipient: rfc822; c@y.test\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
        );
        report
            .Recipients.Select(r => (r.Recipient, r.Status.ToString(), r.Reply?.Value))
            .ShouldBe([("a@x.test", "4.4.1", null), ("c@y.test", "5.1.1", 550)]);
    }

    [Fact]
    public void A_delay_with_a_date_is_one_whatever_the_text_says_of_giving_up() =>
        Read(
            "Content-Type: multipart/report; boundary=b\n\n--b\n\nNo further delivery attempts will be made after that date.\n\n--b\n"
                + "Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@x.test\nAction: delayed\nStatus: 4.1.1\n"
                + "Will-Retry-Until: Tue, 24 Nov 2026 09:00:00 +0000\n\n--b--\n"
        )
            .Kind.ShouldBe(ReportKind.Delay);

    [Theory]
    [InlineData("Subject: Re: Undelivered Mail Returned to Sender\n")]
    [InlineData("Subject: Mail delivery failure in numbers\nList-Id: <news.test>\n")]
    [InlineData("Subject: Undelivered Mail\nIn-Reply-To: <1@x.test>\n")]
    public void People_who_write_about_a_bounce_write_none(string header) =>
        Read($"From: Bob <bob@x.test>\n{header}\nIt said <a@x.test>: 550 5.1.1 User unknown, could not be delivered\n")
            .Kind.ShouldBe(ReportKind.Other);

    [Theory]
    [InlineData("abuse", ReportKind.Complaint)]
    [InlineData("not-spam", ReportKind.Other)]
    [InlineData("auth-failure", ReportKind.Complaint)]
    public void Every_feedback_report_but_praise_is_a_complaint(string type, ReportKind kind) =>
        Read($"Content-Type: message/feedback-report\n\nFeedback-Type: {type}\nUser-Agent: x/1\nVersion: 1\n").Kind.ShouldBe(kind);

    private static DeliveryReport Read(string raw) => ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(raw)));
}
