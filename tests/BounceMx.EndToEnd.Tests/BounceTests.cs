using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>The main job: a bounce goes in by SMTP and comes out as an event.</summary>
public sealed class BounceTests(ServerWithRedis running) : IClassFixture<ServerWithRedis>
{
    private static readonly string[] Tags = ["campaign42", "newsletter"];

    [Fact]
    public async Task A_bounce_is_answered_with_250()
    {
        var reply = await running.Server.DeliverAsync(
            BounceAddress.Of("answered@recipient.example"),
            SampleMail.UserUnknown("answered@recipient.example")
        );

        reply.Code.ShouldBe(250);
        reply.Text.ShouldStartWith("2.0.0");
    }

    [Fact]
    public async Task The_stream_has_every_documented_field_of_a_bounce()
    {
        const string Recipient = "fields@recipient.example";
        var bounceAddress = BounceAddress.Of(Recipient, Tags);

        await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown(Recipient));

        ShouldBeUserUnknown(await running.PublishedAsync(bounceAddress), Recipient, bounceAddress);
    }

    [Fact]
    public async Task A_bounce_sent_by_swaks_stands_in_the_stream()
    {
        Requires.Program("swaks");
        const string Recipient = "swaks@recipient.example";
        var bounceAddress = BounceAddress.Of(Recipient, Tags);

        var (exitCode, swaks) = await ChildProcess.RunAsync(
            "swaks",
            [
                .. (string[])["--server", $"127.0.0.1:{running.Server.SmtpPort}", "--helo", "mx.sender.example"],
                .. (string[])["--from", "<>", "--to", bounceAddress, "--data", "-"],
            ],
            standardInput: SampleMail.UserUnknown(Recipient)
        );

        exitCode.ShouldBe(0, $"{swaks.StandardOutput}");
        ShouldBeUserUnknown(await running.PublishedAsync(bounceAddress), Recipient, bounceAddress);
    }

    [Fact]
    public async Task The_journal_has_the_event_of_the_stream()
    {
        var bounceAddress = BounceAddress.Of("journal@recipient.example");

        await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("journal@recipient.example"));

        var published = JsonNode.Parse((await running.PublishedAsync(bounceAddress))["data"]);
        JsonNode.DeepEquals(await running.Server.JournalledAsync(bounceAddress), published).ShouldBeTrue();
    }

    [Fact]
    public async Task The_event_keeps_the_envelope_and_what_the_report_said()
    {
        const string Recipient = "data@recipient.example";
        var bounceAddress = BounceAddress.Of(Recipient);

        await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown(Recipient));

        var data = await running.Server.JournalledAsync(bounceAddress);
        ((int?)data["schema"]).ShouldBe(1);
        var envelope = data["envelope"].ShouldNotBeNull();
        ((string?)envelope["mail_from"]).ShouldBe("");
        envelope["rcpt_to"].ShouldNotBeNull().AsArray().Select(rcpt => (string?)rcpt).ShouldBe([bounceAddress]);
        ((string?)envelope["helo"]).ShouldBe("mx.sender.example");
        ((string?)envelope["remote_ip"]).ShouldBe("127.0.0.1");
        ((string?)data["final_recipient"]).ShouldBe(Recipient);
        ((string?)data["original_recipient"]).ShouldBe(Recipient);
        ((string?)data["subject"]).ShouldBe("Undelivered Mail Returned to Sender");
        data["spool_id"].ShouldNotBeNull();
        data["headers"].ShouldNotBeNull();
        data["evidence"].ShouldNotBeNull();
    }

    [Fact]
    public async Task A_bounce_to_the_bare_prefix_takes_the_recipient_from_the_report()
    {
        const string Recipient = "reported@recipient.example";

        await running.Server.DeliverAsync($"bounces@{BounceAddress.Domain}", SampleMail.UserUnknown(Recipient));

        var published = await running.PublishedAsync("recipient", Recipient);
        published["recipient_source"].ShouldBeOneOf("original_recipient", "final_recipient");
    }

    [Fact]
    public async Task The_bounce_address_names_the_recipient_where_mail_was_forwarded()
    {
        var bounceAddress = BounceAddress.Of("mailed@recipient.example");

        await running.Server.DeliverAsync(bounceAddress, SampleMail.UserUnknown("forwarded@elsewhere.example"));

        var published = await running.PublishedAsync(bounceAddress);
        published["recipient"].ShouldBe("mailed@recipient.example");
        ((string?)JsonNode.Parse(published["data"])!["final_recipient"]).ShouldBe("forwarded@elsewhere.example");
    }

    [Fact]
    public async Task The_same_bounce_twice_is_one_event()
    {
        var bounceAddress = BounceAddress.Of("twice@recipient.example");
        var message = SampleMail.UserUnknown("twice@recipient.example");

        (await running.Server.DeliverAsync(bounceAddress, message)).Code.ShouldBe(250);
        (await running.Server.DeliverAsync(bounceAddress, message)).Code.ShouldBe(250);

        await running.Server.WaitUntilIdleAsync();
        (await running.Redis.ReadStreamAsync(Keys.Events)).Count(e => e["bounce_address"] == bounceAddress).ShouldBe(1);
    }

    [Fact]
    public async Task The_same_bounce_at_two_nodes_is_one_event()
    {
        var bounceAddress = BounceAddress.Of("nodes@recipient.example");
        var message = SampleMail.UserUnknown("nodes@recipient.example");
        await using var other = await BounceMxProcess.StartAsync(new ServerSetup { Redis = running.Redis.Address });

        (await running.Server.DeliverAsync(bounceAddress, message)).Code.ShouldBe(250);
        (await other.DeliverAsync(bounceAddress, message)).Code.ShouldBe(250);

        await running.Server.WaitUntilIdleAsync();
        await other.WaitUntilIdleAsync();
        (await running.Redis.ReadStreamAsync(Keys.Events)).Count(e => e["bounce_address"] == bounceAddress).ShouldBe(1);
    }

    [Fact]
    public async Task Every_recipient_of_one_transaction_has_its_event()
    {
        string[] recipients = ["first@recipient.example", "second@recipient.example"];
        using var client = await SmtpClient.ConnectAsync(running.Server.SmtpPort, TestContext.Current.CancellationToken);

        await client.DeliverAsync(
            recipients.Select(r => BounceAddress.Of(r)),
            SampleMail.MailboxFull("shared@recipient.example"),
            TestContext.Current.CancellationToken
        );

        // The report names neither, and nothing says whose fate it tells.
        foreach (var recipient in recipients)
            (await running.PublishedAsync("recipient", recipient))["reason"].ShouldBe("undefined");
    }

    [Theory]
    [InlineData(nameof(SampleMail.MailboxFull), "bounce", "mailbox_full", "soft")]
    [InlineData(nameof(SampleMail.Delivered), "delivered", "delivered", "none")]
    [InlineData(nameof(SampleMail.Complaint), "complaint", "feedback", "none")]
    [InlineData(nameof(SampleMail.Vacation), "auto_reply", "vacation", "none")]
    public async Task Each_kind_of_report_has_its_type(string sample, string type, string reason, string severity)
    {
        var published = await PublishSampleAsync(sample);

        (published["type"], published["reason"], published["severity"]).ShouldBe((type, reason, severity));
    }

    [Fact]
    public async Task A_delay_is_not_a_bounce() => (await PublishSampleAsync(nameof(SampleMail.Delayed)))["type"].ShouldBe("delay");

    private async Task<IReadOnlyDictionary<string, string>> PublishSampleAsync(string sample)
    {
        var recipient = $"{sample}@recipient.example";
        var bounceAddress = BounceAddress.Of(recipient);
        (await running.Server.DeliverAsync(bounceAddress, SampleMail.ByName[sample](recipient))).Code.ShouldBe(250);
        return await running.PublishedAsync(bounceAddress);
    }

    private static void ShouldBeUserUnknown(IReadOnlyDictionary<string, string> published, string recipient, string bounceAddress)
    {
        var expected = new Dictionary<string, string>
        {
            ["type"] = "bounce",
            ["severity"] = "hard",
            ["reason"] = "user_unknown",
            ["advice"] = "remove",
            ["recipient"] = recipient,
            ["recipient_source"] = "verp",
            ["action"] = "failed",
            ["status"] = "5.1.1",
            ["reply"] = "550",
            ["remote_mta"] = "mx.recipient.example",
            ["reporting_mta"] = "mx.sender.example",
            ["command"] = "RCPT",
            ["tags"] = string.Join('+', Tags),
            ["bounce_address"] = bounceAddress,
            ["message_id"] = $"campaign42.{recipient}",
            ["feedback_id"] = "42:news:sender",
            ["list_id"] = "news.sender.example",
        };
        published.Where(field => expected.ContainsKey(field.Key)).ShouldBe(expected, ignoreOrder: true);

        published["id"].Length.ShouldBe(26);
        published["diagnostic"].ShouldContain("User unknown in virtual mailbox table");
        published["trust"].ShouldBeOneOf("unproven", "likely");
        published["rule"].ShouldNotBeEmpty();
        foreach (var time in (string[])["occurred_at", "received_at"])
            DateTimeOffset.Parse(published[time]).Offset.ShouldBe(TimeSpan.Zero);
    }
}
