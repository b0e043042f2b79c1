using System.Net;
using BounceMx.Smtp.Tests.Fakes;
using BounceMx.Smtp.Tests.Proxy;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>Connections that come through a load balancer (PROXY protocol).</summary>
public sealed class ProxyTests
{
    private readonly RecordingMailHandler _handler = new();

    public static TheoryData<string, byte[]> Headers =>
        new()
        {
            { "192.0.2.1", ProxyHeaders.Version1("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25\r\n") },
            { "2001:db8::1", ProxyHeaders.Version1("PROXY TCP6 2001:db8::1 2001:db8::2 56324 25\r\n") },
            { "127.0.0.1", ProxyHeaders.Version1("PROXY UNKNOWN\r\n") },
            { "192.0.2.1", ProxyHeaders.Version2(ProxyHeaders.Proxied, ProxyHeaders.Tcp4, ProxyHeaders.Addresses4) },
            { "2001:db8::1", ProxyHeaders.Version2(ProxyHeaders.Proxied, ProxyHeaders.Tcp6, ProxyHeaders.Addresses6) },
            { "127.0.0.1", ProxyHeaders.Version2(ProxyHeaders.Local, ProxyHeaders.Unspecified, []) },
        };

    [Theory]
    [MemberData(nameof(Headers))]
    public async Task The_transaction_has_the_address_that_the_proxy_tells(string address, byte[] header)
    {
        await using RunningServer server = await StartAsync(ServerSetup.Proxied);
        using Peer peer = await server.ConnectAsync();
        await peer.SendAsync(header);
        await peer.GreetAsync();

        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");

        _handler.Transactions.ShouldHaveSingleItem().RemoteAddress.ShouldBe(IPAddress.Parse(address));
    }

    [Theory]
    [InlineData("EHLO client.test\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 198.51.100.1 56324 99999\r\n")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x31\x11\0\0")]
    public async Task A_proxy_that_begins_with_something_else_is_closed_without_a_word(string octets)
    {
        await using RunningServer server = await StartAsync(ServerSetup.Proxied);
        using Peer peer = await server.ConnectAsync();

        await peer.SendAsync(octets);

        await peer.ShouldBeClosedAsync();
        server.Count("rejected_connections{reason=no_proxy_header}").ShouldBe(1);
    }

    [Fact]
    public async Task A_proxy_that_says_nothing_is_closed_without_a_word()
    {
        await using RunningServer server = await StartAsync(ServerSetup.Proxied);
        using Peer peer = await server.ConnectAsync();

        await peer.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task From_anybody_else_it_is_an_unknown_command()
    {
        await using RunningServer server = await StartAsync(ServerSetup.Options with { ProxyNetworks = ["192.0.2.0/24"] });
        using Peer peer = await server.ConnectAsync();
        (await peer.AnswerAsync()).ShouldBe("220");

        (await peer.SayAsync("PROXY TCP4 192.0.2.1 198.51.100.1 56324 25")).ShouldBe("500 5.5.1");
    }

    [Fact]
    public async Task A_second_header_is_an_unknown_command()
    {
        await using RunningServer server = await StartAsync(ServerSetup.Proxied);
        using Peer peer = await server.ConnectAsync("192.0.2.1");
        await peer.GreetAsync();

        (await peer.SayAsync("PROXY TCP4 203.0.113.9 198.51.100.1 56324 25")).ShouldBe("500 5.5.1");
    }

    private Task<RunningServer> StartAsync(SmtpServerOptions options) =>
        RunningServer.StartAsync(new ServerSetup { Handlers = _handler, Listeners = [options] });
}
