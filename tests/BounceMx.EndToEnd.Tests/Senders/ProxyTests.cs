using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>A client behind a load balancer, as swaks plays one: the event names the client, not the balancer.</summary>
public sealed class ProxyTests(ProxyTests.ServerBehindProxy running) : IClassFixture<ProxyTests.ServerBehindProxy>
{
    [Theory]
    [InlineData(1, "TCP4", "192.0.2.7", "198.51.100.25")]
    [InlineData(1, "TCP6", "2001:db8::7", "2001:db8::25")]
    [InlineData(2, "AF_INET", "192.0.2.8", "198.51.100.25")]
    [InlineData(2, "AF_INET6", "2001:db8::8", "2001:db8::25")]
    public async Task Swaks_delivers_behind_a_PROXY_header(int version, string family, string source, string destination)
    {
        var recipient = $"{Guid.NewGuid():N}@recipient.example";
        var bounceAddress = BounceAddress.Of(recipient);
        string[] from = ["--proxy-source", source, "--proxy-source-port", "40025"];
        string[] to = ["--proxy-dest", destination, "--proxy-dest-port", "25"];

        await MailPrograms.SwaksAsync(
            running.Port,
            bounceAddress,
            SampleMail.UserUnknown(recipient),
            ["--proxy-version", $"{version}", "--proxy-family", family, .. from, .. to]
        );

        var journalled = await running.Server.JournalledAsync(bounceAddress);
        ((string?)journalled["envelope"]!["remote_ip"]).ShouldBe(source);
    }

    public sealed class ServerBehindProxy : RunningServer
    {
        internal override ServerSetup Setup =>
            base.Setup with
            {
                Environment = new Dictionary<string, string> { ["Smtp__ProxyNetworks__0"] = "127.0.0.0/8" },
            };
    }
}
