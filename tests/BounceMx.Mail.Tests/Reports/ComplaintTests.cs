using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>What a complaint tells besides its kind.</summary>
public sealed class ComplaintTests
{
    [Fact]
    public void Reads_the_fields_of_a_feedback_report()
    {
        DeliveryReport report = Arf(
            "Feedback-Type: Abuse\nUser-Agent: Gen/1\nVersion: 1\nSource-IP: 192.0.2.1 (mx.b.test)\nReported-Domain: b.test\n"
                + "Original-Mail-From: <bounces@b.test>\nOriginal-Rcpt-To: <eve@isp.test>\n"
        );

        report.FeedbackType.ShouldBe("abuse");
        report.UserAgent.ShouldBe("Gen/1");
        report.SourceIp.ShouldBe("192.0.2.1");
        report.ReportedDomain.ShouldBe("b.test");
        report.OriginalMailFrom.ShouldBe("bounces@b.test");
        report.Recipients.ShouldHaveSingleItem().Recipient.ShouldBe("eve@isp.test");
    }

    [Fact]
    public void Reads_several_recipients_once_each() =>
        Arf("Feedback-Type: abuse\nOriginal-Rcpt-To: eve@isp.test\nOriginal-Rcpt-To: <dan@isp.test>\nRemoval-Recipient: EVE@isp.test\n")
            .Recipients.Select(recipient => recipient.Recipient)
            .ShouldBe(["eve@isp.test", "dan@isp.test"]);

    [Fact]
    public void Takes_the_removal_recipient_where_no_other_is_named() =>
        Arf("Feedback-Type: opt-out\nRemoval-Recipient: rfc822; eve@isp.test\n")
            .Recipients.ShouldHaveSingleItem()
            .Recipient.ShouldBe("eve@isp.test");

    [Fact]
    public void Takes_no_redacted_address_for_a_recipient() =>
        Arf("Feedback-Type: abuse\nOriginal-Rcpt-To: redacted@isp.test\n").Recipients.ShouldBeEmpty();

    [Fact]
    public void Nobody_complains_in_a_report_of_a_failed_authentication() =>
        Arf("Feedback-Type: auth-failure\nOriginal-Rcpt-To: eve@isp.test\n").Recipients.ShouldBeEmpty();

    [Fact]
    public void Drops_a_source_that_is_no_IP_address() => Arf("Feedback-Type: abuse\nSource-IP: unknown\n").SourceIp.ShouldBeNull();

    [Fact]
    public void Reads_the_source_in_the_subject_of_a_junk_mail_report()
    {
        DeliveryReport report = Read(
            "From: staff@hotmail.test\nSubject: complaint about message from 2001:db8::7\nContent-Type: message/rfc822\n\n"
                + "X-HmXmrOriginalRecipient: eve@outlook.test\nSubject: News\nMessage-ID: <17@b.test>\n\nHi\n"
        );

        report.SourceIp.ShouldBe("2001:db8::7");
        report.FeedbackType.ShouldBe("abuse");
        report.Original!.MessageId.ShouldBe("17@b.test");
        report.Recipients.ShouldHaveSingleItem().Recipient.ShouldBe("eve@outlook.test");
    }

    [Fact]
    public void An_unsubscription_by_a_mail_program_is_an_opt_out_of_its_author()
    {
        DeliveryReport report = Read("From: Eve <eve@icloud.test>\nSubject: unsubscribe\nX-Apple-Unsubscribe: true\n\nBye.\n");

        report.FeedbackType.ShouldBe("opt-out");
        report.Recipients.ShouldHaveSingleItem().Recipient.ShouldBe("eve@icloud.test");
    }

    [Fact]
    public void A_report_of_a_port_scan_is_no_complaint_about_mail() =>
        Read("From: x@y.test\nX-ARF: YES\n\n---\nReport-Type: portscan\nSource: 192.0.2.1\n").Kind.ShouldBe(ReportKind.Other);

    private static DeliveryReport Arf(string fields) =>
        Read(
            $"From: fbl@isp.test\nContent-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/feedback-report\n\n{fields}\n--b--\n"
        );

    private static DeliveryReport Read(string raw) => ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes(raw)));
}
