using System.Text;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>What the fields of a delivery status say, and what is made of those that are missing, repeated or out of place.</summary>
public sealed class StatusFieldTests
{
    [Fact]
    public void The_fields_about_the_message_are_read_wherever_they_stand()
    {
        DeliveryReport report = Read(
            "Reporting-MTA: dns; mx.r.test (Postfix)\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed\nOriginal-Envelope-Id: q+20\nArrival-Date: Tue, 24 Nov 2026 09:00:00 +0000\n"
        );

        report.ReportingMta.ShouldBe("mx.r.test");
        report.EnvelopeId.ShouldBe("q+20");
        report.ArrivalDate.ShouldBe(new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void The_fields_about_a_recipient_are_read()
    {
        RecipientStatus recipient = Only(
            "Original-Recipient: rfc822; a@b.test\nFinal-Recipient: rfc822; c@b.test\nAction: delayed\nStatus: 4.4.1\nRemote-MTA: dns; mx.b.test.\n"
                + "Diagnostic-Code: smtp; 450 4.4.1 later\nLast-Attempt-Date: Tue, 24 Nov 2026 09:00:00 +0000\nFinal-Log-ID: q7\nWill-Retry-Until: Wed, 25 Nov 2026 09:00:00 +0000"
        );

        recipient.ShouldBe(
            new RecipientStatus
            {
                Recipient = "a@b.test",
                RecipientSource = RecipientSource.OriginalRecipient,
                OriginalRecipient = "a@b.test",
                FinalRecipient = "c@b.test",
                Action = DsnAction.Delayed,
                Status = new EnhancedStatusCode(4, 4, 1),
                Reply = new ReplyCode(450),
                Diagnostic = "450 4.4.1 later",
                RemoteMta = "mx.b.test",
                LastAttemptDate = new DateTimeOffset(2026, 11, 24, 9, 0, 0, TimeSpan.Zero),
                FinalLogId = "q7",
                WillRetryUntil = new DateTimeOffset(2026, 11, 25, 9, 0, 0, TimeSpan.Zero),
            }
        );
    }

    [Theory]
    [InlineData("Final-Recipient: rfc822; a@b.test\nAction: failed\nAction: delivered", "a@b.test Failed")]
    [InlineData(
        "Final-Recipient: rfc822; a@b.test\nAction: failed\nFinal-Recipient: rfc822; c@b.test\nAction: failed",
        "a@b.test Failed, c@b.test Failed"
    )]
    [InlineData("Final-Recipient: rfc822; a@b.test\n\nAction: failed", "a@b.test Failed")]
    [InlineData("Action: failed\n\nFinal-Recipient: rfc822; a@b.test", "a@b.test Failed")]
    [InlineData(
        "Final-Recipient: rfc822; a@b.test\nAction: failed\n\nOriginal-Recipient: rfc822; c@b.test\nFinal-Recipient: rfc822; d@b.test\nAction: delayed",
        "a@b.test Failed, c@b.test Delayed"
    )]
    [InlineData(
        "Final-Recipient: rfc822; a@b.test\nAction: failed\n\nFinal-Recipient: rfc822; A@b.test\nAction: failed",
        "a@b.test Failed"
    )]
    [InlineData(
        "Final-Recipient: rfc822; a@b.test\nAction: failed\n\nFinal-Recipient: rfc822; a@b.test\nAction: delayed",
        "a@b.test Failed, a@b.test Delayed"
    )]
    [InlineData(
        "Final-Recipient: rfc822; a@b.test\nAction: failed\n\nFinal-Recipient: rfc822; c@b.test\nAction: failed\n\nFinal-Recipient: rfc822; a@b.test\nAction: failed",
        "a@b.test Failed, c@b.test Failed, a@b.test Failed"
    )]
    public void Groups_are_told_apart_where_the_empty_lines_lie(string groups, string recipients) =>
        string.Join(", ", Read(groups).Recipients.Select(recipient => $"{recipient.Recipient} {recipient.Action}")).ShouldBe(recipients);

    [Theory]
    [InlineData("smtp; 550 no\nhttps://r.test/why says more", "550 no https://r.test/why says more")]
    [InlineData("smtp; 550 no\nreason: moved", "550 no reason: moved")]
    [InlineData("smtp; 550 no\n(see-also: moved)", "550 no (see-also: moved)")]
    [InlineData("smtp; 550 no\nX-Display-Name: Anna", "550 no")]
    public void A_line_that_is_no_field_continues_the_one_above(string diagnostic, string read) =>
        Only($"Final-Recipient: rfc822; a@b.test\nAction: failed\nDiagnostic-Code: {diagnostic}").Diagnostic.ShouldBe(read);

    [Theory]
    [InlineData("fail", DsnAction.Failed)]
    [InlineData("Bounced", DsnAction.Failed)]
    [InlineData("undeliverable", DsnAction.Failed)]
    [InlineData("rejected", DsnAction.Failed)]
    [InlineData("aborted", DsnAction.Failed)]
    [InlineData("expired", DsnAction.Failed)]
    [InlineData("error", DsnAction.Failed)]
    [InlineData("delayed", DsnAction.Delayed)]
    [InlineData("deferred", DsnAction.Delayed)]
    [InlineData("delivered (to mailbox)", DsnAction.Delivered)]
    [InlineData("deliverable", DsnAction.Delivered)]
    [InlineData("relayed", DsnAction.Relayed)]
    [InlineData("expanded", DsnAction.Expanded)]
    public void An_action_is_known_by_the_words_that_MTAs_use(string word, DsnAction action) =>
        Only($"Final-Recipient: rfc822; a@b.test\nAction: {word}").Action.ShouldBe(action);

    [Theory]
    [InlineData("Status: 5.1.1", "", DsnAction.Failed)]
    [InlineData("Status: 2.1.5", "", DsnAction.Delivered)]
    [InlineData("Status: 4.4.7", "", DsnAction.Failed)]
    [InlineData("Status: 4.4.1", "Your message has been delayed.", DsnAction.Delayed)]
    [InlineData("Status: 4.4.1\nWill-Retry-Until: Wed, 25 Nov 2026 09:00:00 +0000", "", DsnAction.Delayed)]
    [InlineData("Diagnostic-Code: smtp; 550 no", "", DsnAction.Failed)]
    public void Where_the_action_is_missing_the_class_of_the_codes_stands_for_it(string fields, string text, DsnAction action) =>
        Only($"Final-Recipient: rfc822; a@b.test\n{fields}", text).Action.ShouldBe(action);

    [Theory]
    [InlineData("delayed", "", DsnAction.Failed)]
    [InlineData("delayed", "\nWill-Retry-Until: Wed, 25 Nov 2026 09:00:00 +0000", DsnAction.Delayed)]
    [InlineData("delivered", "", DsnAction.Delivered)]
    [InlineData("relayed", "", DsnAction.Relayed)]
    public void Words_of_giving_up_turn_a_delay_without_a_date_and_nothing_else(string action, string more, DsnAction read) =>
        Only($"Final-Recipient: rfc822; a@b.test\nAction: {action}{more}", "Message will be deleted from queue").Action.ShouldBe(read);

    [Theory]
    [InlineData("delivered", "delayed", ReportKind.Delay)]
    [InlineData("delivered", "failed", ReportKind.Bounce)]
    [InlineData("failed", "delivered", ReportKind.Bounce)]
    [InlineData("delayed", "relayed", ReportKind.Delay)]
    [InlineData("expanded", "relayed", ReportKind.Delivered)]
    public void The_worst_that_happened_to_a_recipient_is_the_kind_of_the_report(string first, string second, ReportKind kind) =>
        Read($"Final-Recipient: rfc822; a@b.test\nAction: {first}\n\nFinal-Recipient: rfc822; c@b.test\nAction: {second}")
            .Kind.ShouldBe(kind);

    [Theory]
    [InlineData("Status: 5.0.0\nDiagnostic-Code: smtp; no mailbox here (#5.1.1)", "5.1.1")]
    [InlineData("Status: 4.0.0\nDiagnostic-Code: smtp; no mailbox here (#5.1.1)", "4.0.0")]
    [InlineData("Status: 4.0.0\nDiagnostic-Code: smtp; 550 5.1.1 no mailbox here", "5.1.1")]
    [InlineData("Status: 5.2.2\nDiagnostic-Code: smtp; no mailbox here (#5.1.1)", "5.2.2")]
    [InlineData("Status: 5.2.2\nDiagnostic-Code: smtp; 550 5.1.1 no mailbox here", "5.1.1")]
    [InlineData("Status: 5.5.0\nDiagnostic-Code: smtp; 550 5.0.0 no", "5.5.0")]
    public void Only_a_reply_makes_a_temporary_status_permanent(string fields, string status) =>
        Only($"Final-Recipient: rfc822; a@b.test\nAction: failed\n{fields}").Status.ToString().ShouldBe(status);

    [Theory]
    [InlineData("Remote-MTA: dns; mx.b.test (192.0.2.1)", "mx.b.test")]
    [InlineData("Remote-MTA: mx.b.test", "mx.b.test")]
    [InlineData("Remote-MTA: dns; mx.b.test\nDiagnostic-Code: smtp; host mx.c.test[192.0.2.1] said: 550 no", "mx.b.test")]
    [InlineData("Diagnostic-Code: smtp; host mx.c.test[192.0.2.1] said: 550 no", "mx.c.test")]
    [InlineData("Diagnostic-Code: smtp; host mx.c.test[192.0.2.1] said nothing", null)]
    [InlineData("Remote-MTA: dns;", null)]
    public void The_remote_host_is_that_of_the_field_or_else_the_one_that_the_diagnostic_quotes(string fields, string? host) =>
        Only($"Final-Recipient: rfc822; a@b.test\nAction: failed\n{fields}").RemoteMta.ShouldBe(host);

    [Theory]
    [InlineData(1000, false)]
    [InlineData(1001, true)]
    public void A_report_of_more_than_a_thousand_recipients_is_limited(int count, bool limited) =>
        Read(string.Concat(Enumerable.Range(0, count).Select(i => $"Final-Recipient: rfc822; a{i}@b.test\nAction: failed\n\n")))
            .ParseLimited.ShouldBe(limited);

    private static RecipientStatus Only(string group, string text = "") => Read(group, text).Recipients.ShouldHaveSingleItem();

    private static DeliveryReport Read(string groups, string text = "") =>
        ReportReader.Read(
            MimeReader.Read(
                Encoding.UTF8.GetBytes(
                    $"Content-Type: multipart/report; boundary=b\n\n--b\n\n{text}\n--b\nContent-Type: message/delivery-status\n\n{groups}\n\n--b--\n"
                )
            )
        );
}
