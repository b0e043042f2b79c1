using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>How sessions end: by shutdown, by a fault of ours, by the peer; and that nothing of them is left.</summary>
public sealed class EndTests
{
    [Fact]
    public async Task A_factory_that_throws_gives_421_and_is_logged()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerSetup { Handlers = new BrokenFactory() });
        using Peer peer = await server.ConnectAsync();

        await peer.ShouldEndWithAsync("421 4.3.0");

        LogEntry entry = server.Log.ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Exception.ShouldBeOfType<NotSupportedException>();
        server.Server.Limiter.LiveConnections.ShouldBe(0);
    }

    [Fact]
    public async Task A_bug_in_mid_session_gives_421_and_is_logged()
    {
        // A handler must return a reply; the session falls over it where no fault of a handler is expected any more.
        var handler = new RecordingMailHandler { OnMail = _ => null! };
        await using RunningServer server = await RunningServer.StartAsync(new ServerSetup { Handlers = handler });
        using Peer peer = await server.GreetAsync();
        await peer.SendAsync("MAIL FROM:<>\r\n");

        await peer.ShouldEndWithAsync("421 4.3.0");

        LogEntry entry = server.Log.ShouldHaveSingleItem();
        entry.Level.ShouldBe(LogLevel.Error);
        entry.Exception.ShouldBeOfType<NullReferenceException>();
    }

    [Fact]
    public async Task At_shutdown_a_stalled_message_is_given_up_when_its_time_is_over()
    {
        var handler = new RecordingMailHandler();
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Handlers = handler,
                Limits = new SmtpLimitOptions { DrainTimeout = TimeSpan.FromSeconds(1) },
            }
        );
        using Peer peer = await (await server.GreetAsync()).BeginMessageAsync();
        await peer.SendAsync("the first half");

        Task stopping = server.StopAsync();

        await peer.ShouldEndWithAsync("421 4.3.2");
        await stopping;
        handler.Messages.ShouldBeEmpty();
    }

    [Fact]
    public async Task At_shutdown_who_has_not_yet_said_who_he_is_is_closed()
    {
        await using RunningServer server = await RunningServer.StartAsync(new ServerSetup { Listeners = [ServerSetup.Proxied] });
        using Peer peer = await server.ConnectAsync();
        await RunningServer.UntilAsync("the connection", () => server.Server.LiveConnections == 1);

        Task stopping = server.StopAsync();

        await peer.ShouldBeClosedAsync();
        await stopping;
    }

    [Fact]
    public void A_shutdown_that_comes_just_after_the_end_of_a_session_is_no_fault()
    {
        using var client = new MemoryClient();
        client.Send("QUIT\r\n").ShouldStartWith("221 ");
        client.IsClosed.ShouldBeTrue();

        client.Shutdown().ShouldBe("");
    }

    [Fact]
    public async Task At_shutdown_sessions_that_end_at_that_moment_keep_no_other_waiting()
    {
        // Half of them leave while the server tells them all to.
        await using RunningServer server = await RunningServer.StartAsync();
        Peer[] peers = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => server.GreetAsync()));
        Task[] quits = [.. peers.Where((_, i) => i % 2 == 0).Select(peer => peer.SendAsync("QUIT\r\n"))];

        Task stopping = server.StopAsync();

        await Task.WhenAll(quits);
        foreach (Peer peer in peers.Where((_, i) => i % 2 == 1))
            await peer.ShouldEndWithAsync("421 4.3.2");
        await stopping;
        server.Log.ShouldBeEmpty();
        foreach (Peer peer in peers)
            peer.Dispose();
    }

    [Fact]
    public async Task However_connections_end_nothing_of_them_is_left()
    {
        var handler = new RecordingMailHandler();
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Handlers = handler,
                Limits = new SmtpLimitOptions { Exempt = [], MaxConnectionsPerAddress = 10 },
                Listeners = [ServerSetup.Options, ServerSetup.Options with { Tls = TlsMode.Implicit }, ServerSetup.Proxied],
                Certificates = ServerSetup.SelfSigned,
            }
        );

        using (Peer quits = await server.GreetAsync())
            await quits.QuitAsync();
        using (Peer hangsUp = await server.GreetAsync())
            await hangsUp.SendAsync("NOOP");
        using (Peer hangsUpInMessage = await (await server.GreetAsync()).BeginMessageAsync())
            await hangsUpInMessage.SendAsync(new string('x', 100_000));
        using (Peer resets = await server.GreetAsync())
            resets.Socket.LingerState = new System.Net.Sockets.LingerOption(enable: true, seconds: 0);
        using (Peer failsToShakeHands = await server.ConnectAsync(listener: 1))
            await failsToShakeHands.SendAsync("EHLO client.test\r\n");
        using (Peer isNoProxy = await server.ConnectAsync(listener: 2))
            await isNoProxy.SendAsync("EHLO client.test\r\n");
        using (Peer secured = await server.ConnectAsync(listener: 1))
        {
            await secured.SecureAsync();
            await secured.GreetAsync();
            await secured.SendAsync("MAIL FROM:<>\r\n");
        }
        handler.OnMail = _ => null!;
        using (Peer meetsABug = await server.GreetAsync())
            await meetsABug.SayAsync("MAIL FROM:<>");

        await RunningServer.UntilAsync("the last connection to end", () => server.Server.LiveConnections == 0);
        server.Server.Limiter.LiveConnections.ShouldBe(0);
        server.Server.Limiter.Entries.ShouldBe(0);
        server.Server.Bodies.Budget.InFlight.ShouldBe(0);
        server.Count("active_connections").ShouldBe(0);
        server.Count("connections").ShouldBe(7);
    }

    private sealed class BrokenFactory : IMailHandlerFactory
    {
        public IMailHandler Create() => throw new NotSupportedException("broken");
    }
}
