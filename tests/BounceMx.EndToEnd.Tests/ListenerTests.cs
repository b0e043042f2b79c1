using System.Text.Json.Nodes;
using BounceMx.EndToEnd.Tests.Harness;
using Microsoft.Data.Sqlite;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A server with a named listener beside its first.</summary>
public sealed class ServerWithListener : RunningServer
{
    internal int SmtpsPort { get; } = Loopback.FreePort();

    internal override ServerSetup Setup =>
        base.Setup with
        {
            Arguments = ["--tls-self-signed"],
            Environment = new Dictionary<string, string>
            {
                ["Smtp__Listeners__smtps__Listen"] = $"127.0.0.1:{SmtpsPort}",
                ["Smtp__Listeners__smtps__Tls"] = "implicit",
                ["Smtp__Listeners__smtps__MaxMessageSize"] = "4096",
            },
        };
}

/// <summary>Listeners as they are configured, and what the envelope keeps.</summary>
public sealed class ListenerTests(ServerWithListener running) : IClassFixture<ServerWithListener>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_named_listener_delivers_over_TLS()
    {
        var bounceAddress = BounceAddress.Of("smtps@recipient.example");
        using var client = await SmtpClient.ConnectOverTlsAsync(running.SmtpsPort, Cancellation);

        var reply = await client.DeliverAsync(bounceAddress, SampleMail.UserUnknown("smtps@recipient.example"), Cancellation);

        reply.Code.ShouldBe(250);
        ((string?)(await running.Server.JournalledAsync(bounceAddress))["envelope"]!["tls"]).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_named_listener_shows_its_own_size_and_the_first_its_own()
    {
        using var smtps = await SmtpClient.ConnectOverTlsAsync(running.SmtpsPort, Cancellation);
        using var smtp = await SmtpClient.ConnectAsync(running.Port, Cancellation);

        (await smtps.CommandAsync("EHLO mx.sender.example", Cancellation)).Text.Split('\n').ShouldContain("SIZE 4096");
        (await smtp.CommandAsync("EHLO mx.sender.example", Cancellation)).Text.Split('\n').ShouldContain("SIZE 10485760");
    }

    [Fact]
    public async Task A_named_listener_enforces_its_own_size()
    {
        using var client = await SmtpClient.ConnectOverTlsAsync(running.SmtpsPort, Cancellation);

        var reply = await client.DeliverAsync(
            BounceAddress.Of("large@recipient.example"),
            string.Concat(Enumerable.Repeat($"{new string('x', 70)}\n", 100)),
            Cancellation
        );

        reply.Code.ShouldBe(552);
    }

    [Fact]
    public async Task A_named_listener_is_announced()
    {
        await Eventually.TrueAsync(
            "a line about the listener",
            () => running.Server.StandardOutput.All.Contains($"SMTP over TLS listening on 127.0.0.1:{running.SmtpsPort}")
        );
    }

    [Fact]
    public async Task An_empty_list_is_empty_where_the_default_is_not()
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Environment = new Dictionary<string, string> { ["Smtp__Exempt"] = "", ["Smtp__MaxConnectionsPerAddress"] = "1" },
            }
        );
        using var first = await SmtpClient.ConnectAsync(server.SmtpPort, Cancellation);

        // The harness insists on a 220.
        var refused = await Record.ExceptionAsync(() => SmtpClient.ConnectAsync(server.SmtpPort, Cancellation));

        refused.ShouldNotBeNull().Message.ShouldContain("421");
    }

    [Fact]
    public async Task What_the_sender_asks_of_delivery_notifications_is_kept_with_the_message() // RFC 3461
    {
        var bounceAddress = BounceAddress.Of("dsn@recipient.example");
        using var client = await SmtpClient.ConnectAsync(running.Port, Cancellation);
        (await client.CommandAsync("MAIL FROM:<> RET=HDRS ENVID=QQ+2B314159", Cancellation)).Code.ShouldBe(250);
        var rcpt = $"RCPT TO:<{bounceAddress}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;Bob+2Bx@recipient.example";
        (await client.CommandAsync(rcpt, Cancellation)).Code.ShouldBe(250);
        (await client.CommandAsync("DATA", Cancellation)).Code.ShouldBe(354);
        (await client.CommandAsync("Subject: x\r\n\r\ntext\r\n.", Cancellation)).Code.ShouldBe(250);

        var envelope = ReadEnvelope(bounceAddress.Split('@')[0]);

        ((string?)envelope["envelope_id"]).ShouldBe("QQ+314159");
        ((int)envelope["ret"]!).ShouldBe(2);
        var recipient = envelope["rcpt_to"]!.AsArray().ShouldHaveSingleItem()!;
        ((int)recipient["notify"]!).ShouldBe(4 | 8);
        ((string?)recipient["original_recipient"]!["address_type"]).ShouldBe("rfc822");
        ((string?)recipient["original_recipient"]!["address"]).ShouldBe("Bob+x@recipient.example");
    }

    // Straight from the file: no event shows it.
    private JsonNode ReadEnvelope(string localPart)
    {
        var file = new SqliteConnectionStringBuilder
        {
            DataSource = Path.Combine(running.Server.DataFolder, "bouncemx.db"),
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        };
        using var connection = new SqliteConnection(file.ConnectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT envelope FROM message WHERE instr(envelope, $local_part) > 0";
        command.Parameters.AddWithValue("$local_part", localPart.Split('=')[0].Split('+')[^1]);
        return JsonNode.Parse((string)command.ExecuteScalar()!)!;
    }
}
