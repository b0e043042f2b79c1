using System.Xml.Linq;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>Real clients deliver real mail inside TLS; a real scanner finds nothing old.</summary>
public sealed class TlsTests(TlsServer running) : IClassFixture<TlsServer>
{
    [Fact]
    public Task Swaks_delivers_over_STARTTLS() =>
        ShouldArriveInsideTlsAsync((recipient, message) => MailPrograms.SwaksAsync(running.Port, recipient, message, "--tls"));

    [Fact]
    public Task Swaks_delivers_over_STARTTLS_with_pipelined_commands() =>
        ShouldArriveInsideTlsAsync(
            (recipient, message) => MailPrograms.SwaksAsync(running.Port, recipient, message, "--tls", "--pipeline")
        );

    [Fact]
    public Task Swaks_delivers_over_implicit_TLS() =>
        ShouldArriveInsideTlsAsync(
            (recipient, message) => MailPrograms.SwaksAsync(running.ImplicitTlsPort, recipient, message, "--tls-on-connect")
        );

    [Fact]
    public Task Smtplib_delivers_over_STARTTLS() =>
        ShouldArriveInsideTlsAsync((recipient, message) => MailPrograms.SmtplibAsync(running.Port, recipient, message, startTls: true));

    [Fact]
    public Task Nodemailer_delivers_over_STARTTLS() =>
        ShouldArriveInsideTlsAsync((recipient, message) => MailPrograms.NodemailerAsync(running.Port, recipient, message, startTls: true));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sslscan_finds_no_protocol_older_than_TLS_1_2(bool isImplicit)
    {
        Requires.Program("sslscan");
        string[] arguments = isImplicit ? [$"127.0.0.1:{running.ImplicitTlsPort}"] : ["--starttls-smtp", $"127.0.0.1:{running.Port}"];

        var (exitCode, sslscan) = await ChildProcess.RunAsync("sslscan", ["--no-cipher-details", "--xml=-", .. arguments]);

        exitCode.ShouldBe(0, $"{sslscan.StandardError}");
        var protocols = XDocument.Parse($"{sslscan.StandardOutput}").Descendants("protocol").ToArray();
        protocols
            .Where(protocol => (string?)protocol.Attribute("enabled") == "1")
            .Select(protocol => $"{(string?)protocol.Attribute("type")} {(string?)protocol.Attribute("version")}")
            .ShouldBe(["tls 1.2", "tls 1.3"], $"{sslscan.StandardOutput}");
        protocols.Length.ShouldBeGreaterThan(2, "it looked for older ones");
    }

    private async Task ShouldArriveInsideTlsAsync(Func<string, string, Task> deliverAsync)
    {
        var recipient = $"{Guid.NewGuid():N}@recipient.example";
        var bounceAddress = BounceAddress.Of(recipient);

        await deliverAsync(bounceAddress, SampleMail.UserUnknown(recipient));

        var journalled = await running.Server.JournalledAsync(bounceAddress);
        journalled.ShouldHave(("type", "bounce"), ("reason", "user_unknown"), ("recipient", recipient));
        ((string?)journalled["envelope"]!["tls"]).ShouldNotBeNull(journalled.ToJsonString()).ShouldStartWith("TLSv1.3 ");
    }
}
