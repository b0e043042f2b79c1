using System.Text;
using System.Text.Json;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>Amazon SES tells of deliveries in JSON, by way of SNS.</summary>
public sealed class SesNotificationTests
{
    private const string Bounce = """
        { "notificationType": "Bounce",
          "bounce": { "bounceType": "Permanent", "bounceSubType": "General", "reportingMTA": "dsn; a27.ses.test",
            "bouncedRecipients": [
              { "emailAddress": "Eve <eve@x.test>", "status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown" },
              { "emailAddress": "dan@x.test" } ] },
          "mail": { "commonHeaders": { "messageId": "<17@b.test>", "subject": "News", "from": ["n@b.test"] } } }
        """;

    [Fact]
    public void Reads_each_recipient_of_a_bounce()
    {
        DeliveryReport report = Read(Bounce);

        report
            .Recipients.Select(one => (one.Recipient, one.Action))
            .ShouldBe([("eve@x.test", DsnAction.Failed), ("dan@x.test", DsnAction.Failed)]);
        report.Recipients[0].Status.ToString().ShouldBe("5.1.1");
        report.Recipients[0].Reply!.Value.Value.ShouldBe(550);
        report.Recipients[0].Diagnostic.ShouldBe("550 5.1.1 user unknown");
        report.Recipients[1].Diagnostic.ShouldBe("Permanent General");
        report.ReportingMta.ShouldBe("a27.ses.test");
    }

    [Fact]
    public void Reads_what_is_told_of_the_original()
    {
        OriginalMessage original = Read(Bounce).Original!;

        (original.MessageId, original.Subject, original.From).ShouldBe(("17@b.test", "News", "n@b.test"));
    }

    [Fact]
    public void Reads_the_notification_within_the_envelope_of_SNS() =>
        Read("{\"Type\":\"Notification\",\"Message\":" + JsonSerializer.Serialize(Bounce) + ",\"SignatureVersion\":\"1\"}")
            .Recipients.Count.ShouldBe(2);

    [Fact]
    public void Reads_on_where_Sendmail_has_broken_the_line()
    {
        string padded = Bounce.Replace("\"News\"", $"\"{new string('x', 1000)}!\n yz\"", StringComparison.Ordinal);

        Read(padded).Original!.Subject.ShouldBe(new string('x', 1000) + "yz");
    }

    [Fact]
    public void Does_not_look_at_what_stands_behind_the_object() =>
        Read(Bounce + "\n\n--\nTo unsubscribe, visit {").Kind.ShouldBe(ReportKind.Bounce);

    [Fact]
    public void Reads_until_when_a_delay_lasts() =>
        Read(
            """{"eventType":"DeliveryDelay","deliveryDelay":{"expirationTime":"2026-01-06T10:00:00.000Z","delayedRecipients":[{"emailAddress":"eve@x.test"}]}}"""
        )
            .Recipients[0]
            .WillRetryUntil.ShouldBe(new DateTimeOffset(2026, 1, 6, 10, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_refused_message_failed_for_all_to_whom_it_was_to_go() =>
        Read("""{"eventType":"Reject","reject":{"reason":"Bad content"},"mail":{"destination":["eve@x.test","dan@x.test"]}}""")
            .Recipients.Select(one => (one.Recipient, one.Diagnostic))
            .ShouldBe([("eve@x.test", "Bad content"), ("dan@x.test", "Bad content")]);

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"notificationType\":\"Bounce\"}")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":[]}")]
    [InlineData("{\"notificationType\":\"Bounce\",\"bounce\":{\"bouncedRecipients\":{\"emailAddress\":1}}")]
    [InlineData("{\"notificationType\":\"\\ud800\",\"bounce\":{}}")]
    [InlineData("{\"Message\":\"{\",\"Type\":1}")]
    [InlineData("{\"Message\":\"[]\"}")]
    public void Broken_notifications_are_none(string json) => Read(json).Kind.ShouldBe(ReportKind.Other);

    [Theory]
    [InlineData("{\"bounce\":{\"bouncedRecipients\":7},\"notificationType\":\"Bounce\"}")]
    [InlineData("{\"bounce\":{\"bouncedRecipients\":[7,null,{},{\"emailAddress\":\"\"}]},\"notificationType\":\"Bounce\"}")]
    public void Recipients_of_a_wrong_type_are_left_out(string json) => Read(json).Recipients.ShouldBeEmpty();

    [Fact]
    public void An_escape_that_is_no_character_costs_its_own_value_alone() =>
        Read(
            """{"notificationType":"Bounce","bounce":{"bouncedRecipients":[{"emailAddress":"eve@x.test"},{"emailAddress":"dan@x.test","status":"5.1.1","diagnosticCode":"\ud800"}]}}"""
        )
            .Recipients.Select(one => (one.Recipient, one.Status?.ToString()))
            .ShouldBe([("eve@x.test", null), ("dan@x.test", "5.1.1")]);

    [Fact]
    public void A_recipient_who_says_that_it_is_no_spam_does_not_complain() =>
        Read(
            """{"notificationType":"Complaint","complaint":{"complainedRecipients":[{"emailAddress":"eve@x.test"}],"complaintFeedbackType":"not-spam"}}"""
        )
            .Kind.ShouldBe(ReportKind.Other);

    [Fact]
    public void Nesting_beyond_the_limit_ends_the_reading() =>
        Read(string.Concat(Enumerable.Repeat("{\"a\":", 100_000))).Kind.ShouldBe(ReportKind.Other);

    [Fact]
    public void More_recipients_than_the_limit_are_said_to_be_more()
    {
        string many = string.Join(',', Enumerable.Range(0, 1001).Select(i => $"\"{i}@x.test\""));
        DeliveryReport report = Read("{\"notificationType\":\"Delivery\",\"delivery\":{\"recipients\":[" + many + "]}}");

        report.Recipients.Count.ShouldBe(1000);
        report.ParseLimited.ShouldBeTrue();
    }

    private static DeliveryReport Read(string json) =>
        ReportReader.Read(MimeReader.Read(Encoding.UTF8.GetBytes("From: no-reply@sns.test\nSubject: AWS Notification Message\n\n" + json)));
}
