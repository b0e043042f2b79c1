using System.Net;
using System.Net.Sockets;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>Several listeners of one server, and IPv6.</summary>
public sealed class ListenerTests
{
    [Fact]
    public async Task Each_listener_has_its_own_options()
    {
        await using RunningServer server = await RunningServer.StartAsync(TwoListeners(new SmtpLimitOptions()));
        using Peer first = await server.ConnectAsync(listener: 0);
        using Peer second = await server.ConnectAsync(listener: 1);

        (await first.ReadAsync()).Text.ShouldBe("mx.bounces.test ESMTP");
        (await second.ReadAsync()).Text.ShouldBe("other.bounces.test ESMTP");
        await first.SendAsync("EHLO client.test\r\n");
        await second.SendAsync("EHLO client.test\r\n");
        (await first.ReadAsync()).Text.Split('\n').ShouldContain("SIZE 10485760");
        (await second.ReadAsync()).Text.Split('\n').ShouldContain("SIZE 2048");
    }

    [Fact]
    public async Task The_limit_on_connections_is_that_of_all_listeners_together()
    {
        await using RunningServer server = await RunningServer.StartAsync(TwoListeners(new SmtpLimitOptions { MaxConnections = 1 }));
        using Peer first = await server.GreetAsync(listener: 0);

        using Peer second = await server.ConnectAsync(listener: 1);

        await second.ShouldEndWithAsync("421 4.3.2");
    }

    [Fact]
    public async Task At_shutdown_the_sessions_of_all_listeners_are_told()
    {
        await using RunningServer server = await RunningServer.StartAsync(TwoListeners(new SmtpLimitOptions()));
        using Peer first = await server.GreetAsync(listener: 0);
        using Peer second = await server.GreetAsync(listener: 1);

        Task stopping = server.StopAsync();

        await first.ShouldEndWithAsync("421 4.3.2");
        await second.ShouldEndWithAsync("421 4.3.2");
        await stopping;
    }

    [Fact]
    public async Task A_peer_over_IPv6_is_served_and_known_by_its_address()
    {
        var handler = new RecordingMailHandler();
        await using RunningServer server = await StartOverIPv6Async(new ServerSetup { Handlers = handler });
        using Peer peer = await server.GreetAsync();

        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");

        handler.Transactions.ShouldHaveSingleItem().RemoteAddress.ShouldBe(IPAddress.IPv6Loopback);
    }

    [Fact]
    public async Task A_peer_over_IPv6_is_limited_too()
    {
        var limits = new SmtpLimitOptions { Exempt = [], MaxConnectionsPerAddress = 1 };
        await using RunningServer server = await StartOverIPv6Async(new ServerSetup { Limits = limits });
        using Peer first = await server.GreetAsync();

        using Peer second = await server.ConnectAsync();

        await second.ShouldEndWithAsync("421 4.7.0");
    }

    private static ServerSetup TwoListeners(SmtpLimitOptions limits) =>
        new()
        {
            Limits = limits,
            Listeners = [ServerSetup.Options, ServerSetup.Options with { HostName = "other.bounces.test", MaxMessageSize = 2048 }],
        };

    private static Task<RunningServer> StartOverIPv6Async(ServerSetup setup)
    {
        try
        {
            using var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.IPv6Loopback, 0));
        }
        catch (SocketException e)
        {
            Assert.Skip($"This machine has no ::1: {e.Message}");
        }
        return RunningServer.StartAsync(setup with { Address = IPAddress.IPv6Loopback });
    }
}
