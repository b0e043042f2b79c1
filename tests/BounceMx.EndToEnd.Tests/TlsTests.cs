using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>TLS as it is configured: certificates in files, names, renewals.</summary>
public sealed class TlsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_certificate_STARTTLS_is_not_offered()
    {
        await using var server = await BounceMxProcess.StartAsync();
        using var client = await SmtpClient.ConnectAsync(server.SmtpPort, Cancellation);

        (await client.CommandAsync("EHLO mx.sender.example", Cancellation)).Text.ShouldNotContain("STARTTLS");
        (await client.CommandAsync("STARTTLS", Cancellation)).Code.ShouldBe(454);
    }

    [Fact]
    public async Task A_self_signed_certificate_bears_the_name_of_the_host()
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Arguments = ["--tls-self-signed"],
                Environment = new Dictionary<string, string> { ["Smtp__HostName"] = "mx.example.test" },
            }
        );
        using var client = await SmtpClient.ConnectAsync(server.SmtpPort, Cancellation);

        (await client.StartTlsAsync("mx.example.test", Cancellation)).Text.ShouldNotContain("STARTTLS");

        client.Certificate.ShouldNotBeNull().MatchesHostname("mx.example.test").ShouldBeTrue();
    }

    [Fact]
    public async Task The_event_says_whether_the_message_came_in_TLS()
    {
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Arguments = ["--tls-self-signed"] });
        var secured = BounceAddress.Of("secured@recipient.example");
        var clear = BounceAddress.Of("clear@recipient.example");
        using var client = await SmtpClient.ConnectAsync(server.SmtpPort, Cancellation);
        await client.StartTlsAsync("localhost", Cancellation);

        (await client.DeliverAsync(secured, SampleMail.UserUnknown("secured@recipient.example"), Cancellation)).Code.ShouldBe(250);
        (await server.DeliverAsync(clear, SampleMail.UserUnknown("clear@recipient.example"))).Code.ShouldBe(250);

        ((string?)(await server.JournalledAsync(secured))["envelope"]!["tls"]).ShouldNotBeNull().ShouldMatch("^TLSv1\\.[23] TLS_");
        (await server.JournalledAsync(clear))["envelope"]!.AsObject().ContainsKey("tls").ShouldBeFalse();
    }

    [Theory]
    [InlineData("mx1.example.test", "CN=mx1.example.test")]
    [InlineData("MX2.Example.Test", "CN=mx2.example.test")]
    [InlineData("unknown.example.test", "CN=mx1.example.test")]
    public async Task A_peer_gets_the_certificate_for_the_name_that_it_asks_for_or_the_first(string name, string subject)
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Environment = PemFiles.Setting(
                    PemFiles.Write(_folder, "mx1", "mx1.example.test"),
                    PemFiles.Write(_folder, "mx2", "mx2.example.test")
                ),
            }
        );

        using var client = await ConnectAsync(server, name);

        client.Certificate.ShouldNotBeNull().Subject.ShouldBe(subject);
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_without_a_restart_and_sessions_under_way_go_on()
    {
        var files = PemFiles.Write(_folder, "mx", "mx.example.test");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = PemFiles.Setting(files) });
        using var early = await ConnectAsync(server, "mx.example.test");
        var old = SerialOf(early);

        PemFiles.Write(_folder, "mx", "mx.example.test");

        await Eventually.TrueAsync(
            "the new certificate",
            async () =>
            {
                using var client = await ConnectAsync(server, "mx.example.test");
                return SerialOf(client) != old;
            },
            () => server.StandardError.Tail()
        );
        var reply = await early.DeliverAsync(
            BounceAddress.Of("early@recipient.example"),
            SampleMail.UserUnknown("early@recipient.example"),
            Cancellation
        );
        reply.Code.ShouldBe(250);
    }

    [Fact]
    public async Task A_renewed_certificate_that_is_none_is_told_and_changes_nothing()
    {
        var files = PemFiles.Write(_folder, "mx", "mx.example.test");
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = PemFiles.Setting(files) });

        File.WriteAllText(files.Key, "no key");

        (await server.LoggedAsync("stays in use")).ShouldContain(files.Key);
        using var client = await ConnectAsync(server, "mx.example.test");
        client.Certificate.ShouldNotBeNull().Subject.ShouldBe("CN=mx.example.test");
    }

    private static async Task<SmtpClient> ConnectAsync(BounceMxProcess server, string name)
    {
        var client = await SmtpClient.ConnectAsync(server.SmtpPort, Cancellation);
        await client.StartTlsAsync(name, Cancellation);
        return client;
    }

    private static string SerialOf(SmtpClient client) => client.Certificate.ShouldNotBeNull().SerialNumber;
}
