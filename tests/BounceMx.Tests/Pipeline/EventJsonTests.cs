using System.Text.Json;
using BounceMx.Pipeline;
using BounceMx.Storage;

namespace BounceMx.Tests.Pipeline;

public sealed class EventJsonTests
{
    // Schema 1 as consumers know it: names, their order, how values are written.
    private const string Golden = """
        {
          "schema": 1,
          "id": "6qcfmup60phjt9v4uup5a0u44o",
          "type": "bounce",
          "severity": "hard",
          "reason": "user_unknown",
          "advice": "remove",
          "recipient": "user@recipient.test",
          "recipient_source": "verp",
          "action": "failed",
          "status": "5.1.1",
          "reply": "550",
          "diagnostic": "550 5.1.1 \u003Cuser@recipient.test\u003E: User unknown",
          "remote_mta": "mx.recipient.test",
          "reporting_mta": "mx.sender.test",
          "command": "RCPT",
          "tags": [
            "campaign42"
          ],
          "bounce_address": "bounces\u002Buser=recipient.test\u002Bcampaign42@bounces.test",
          "trust": "likely",
          "rule": "general.user-unknown",
          "occurred_at": "2026-11-22T09:14:05.000Z",
          "received_at": "2026-11-22T09:14:05.000Z",
          "message_id": "42@sender.test",
          "list_id": "news.sender.test",
          "envelope": {
            "mail_from": "",
            "rcpt_to": [
              "bounces\u002Buser=recipient.test\u002Bcampaign42@bounces.test"
            ],
            "helo": "mx.sender.test",
            "remote_ip": "192.0.2.1"
          },
          "final_recipient": "user@recipient.test",
          "subject": "Undelivered Mail Returned to Sender",
          "headers": {
            "from": "MAILER-DAEMON@mx.sender.test",
            "to": "bounces@bounces.test",
            "date": "Sun, 22 Nov 2026 09:14:05 \u002B0000",
            "message-id": "\u003C4Vq0@mx.sender.test\u003E",
            "auto-submitted": "auto-replied"
          },
          "evidence": [
            "message/delivery-status: bounce",
            "general.user-unknown: User unknown",
            "null reverse path",
            "the report names the VERP recipient",
            "the peer\u0027s name is in the reporting MTA\u0027s domain"
          ],
          "spool_id": 1,
          "parse_limited": false
        }
        """;

    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, NewLine = "\n" };

    [Fact]
    public void A_bounce_is_written_as_schema_1() => Indented(EventJson.Write(Compose())).ShouldBe(Golden.ReplaceLineEndings("\n"));

    [Fact]
    public void An_event_stands_on_one_line() => EventJson.Write(Compose() with { Diagnostic = "a\nb\r\u2028c" }).ShouldNotContain('\n');

    [Fact]
    public void What_was_written_is_read_back()
    {
        string json = EventJson.Write(Compose());
        EventJson.Write(EventJson.Read(json)).ShouldBe(json);
    }

    [Fact]
    public void A_field_of_a_later_schema_does_not_hinder_an_older_reader() =>
        EventJson
            .Read(EventJson.Write(Sample.Event("a")).Replace("{\"schema\"", "{\"new\":[1],\"schema\"", StringComparison.Ordinal))
            .Id.ShouldBe("a");

    [Fact]
    public void An_event_that_was_stored_before_there_was_advice_is_read()
    {
        string old = EventJson.Write(Compose()).Replace("\"advice\":\"remove\",", "", StringComparison.Ordinal);
        EventJson.Write(EventJson.Read(old)).ShouldBe(old);
    }

    [Theory]
    [InlineData("2026-11-22T10:14:05.1239+01:00", "2026-11-22T09:14:05.123Z")]
    [InlineData("0001-01-01T00:00:00+00:00", "0001-01-01T00:00:00.000Z")]
    public void Instants_are_UTC_to_the_millisecond(string instant, string written)
    {
        DateTimeOffset at = DateTimeOffset.Parse(instant);
        Rfc3339Converter.Write(at).ShouldBe(written);
        EventJson.Write(Sample.Event("a") with { OccurredAt = at }).ShouldContain($"\"occurred_at\":\"{written}\"");
    }

    private static BounceEvent Compose()
    {
        SpooledMessage message = Sample.Message();
        return Sample.Composer().Compose(message, message.Raw!)[0];
    }

    private static string Indented(string json)
    {
        using var document = JsonDocument.Parse(json);
        return JsonSerializer.Serialize(document.RootElement, Layout);
    }
}
