using System.Diagnostics;
using System.Net.Sockets;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>Those who take their time, over real sockets and by the real clock.</summary>
public sealed class DeadlineTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task When_four_fifths_of_the_places_are_taken_those_who_have_long_been_silent_have_to_go()
    {
        // Sixteen of twenty are stress, and it lasts down to fourteen: until both of the silent have gone.
        var stressTimeout = 3 * Second;
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Limits = new SmtpLimitOptions { MaxConnections = 20 },
                Listeners = [ServerSetup.Options with { StressTimeout = stressTimeout }],
            }
        );
        using Peer first = await server.GreetAsync();
        using Peer second = await server.GreetAsync();
        Peer[] busy = await Task.WhenAll(Enumerable.Range(0, 13).Select(_ => server.GreetAsync()));
        // The subject itself: without stress, silence of this length is suffered.
        await Task.Delay(stressTimeout + Second);
        (await Task.WhenAll(busy.Select(peer => peer.SayAsync("NOOP")))).ShouldAllBe(answer => answer == "250 2.0.0");

        using Peer sixteenth = await server.ConnectAsync();

        await first.ShouldEndWithAsync("421 4.4.2");
        await second.ShouldEndWithAsync("421 4.4.2");
        foreach (Peer peer in busy)
            peer.Dispose();
    }

    [Fact]
    public async Task When_four_fifths_of_the_places_are_taken_silence_is_suffered_for_a_shorter_time()
    {
        // The only place is more than four fifths of all.
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Limits = new SmtpLimitOptions { MaxConnections = 1 },
                Listeners = [ServerSetup.Options with { StressTimeout = Second }],
            }
        );
        using Peer peer = await server.GreetAsync();

        await peer.ShouldEndWithAsync("421 4.4.2");
    }

    [Fact]
    public async Task A_peer_that_shuts_its_sending_side_and_reads_nothing_is_cut_off()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup { Listeners = [ServerSetup.Options with { JunkCommandLimit = 1_000_000 }], SendBuffer = 4096 }
        );
        using Peer peer = await server.ConnectAsync(receiveBuffer: 4096);
        await peer.GreetAsync();

        // Less than Kestrel holds back, so that the session ends; more than the kernels take, so that its replies do not leave.
        await peer.SendAsync(string.Concat(Enumerable.Repeat("HELP\r\n", 150)));
        peer.Socket.Shutdown(SocketShutdown.Send);
        await RunningServer.UntilAsync("the end of the session", () => server.Server.LiveConnections == 0);
        var clock = Stopwatch.StartNew();
        await RunningServer.UntilAsync("the end of the connection", () => peer.Socket.Poll(0, SelectMode.SelectError));

        clock.Elapsed.ShouldBeInRange(3 * Second, 15 * Second);
    }

    [Fact]
    public async Task A_peer_that_takes_no_replies_does_not_hold_up_the_shutdown()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Limits = new SmtpLimitOptions { DrainTimeout = TimeSpan.Zero },
                Listeners = [ServerSetup.Options with { JunkCommandLimit = 1_000_000 }],
                SendBuffer = 4096,
            }
        );
        using Peer peer = await server.ConnectAsync(receiveBuffer: 4096);
        await peer.GreetAsync();
        await peer.SendAsync(string.Concat(Enumerable.Repeat("HELP\r\n", 5000)));
        await IsStuckAsync(server);

        var clock = Stopwatch.StartNew();
        await server.StopAsync();

        clock.Elapsed.ShouldBeLessThan(15 * Second);
        server.Count("active_connections").ShouldBe(0);
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_is_not_waited_for()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup { Listeners = [ServerSetup.Options with { HandshakeTimeout = Second }], Certificates = ServerSetup.SelfSigned }
        );
        using Peer peer = await server.GreetAsync();
        (await peer.SayAsync("STARTTLS")).ShouldBe("220 2.0.0");

        await peer.ShouldBeClosedAsync();

        server.Count("tls.failures{reason=timed_out}").ShouldBe(1);
    }

    [Fact]
    public async Task A_handshake_that_does_not_come_is_not_waited_for_on_a_listener_of_its_own()
    {
        SmtpServerOptions options = ServerSetup.Options with { Tls = TlsMode.Implicit, HandshakeTimeout = Second };
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup { Listeners = [options], Certificates = ServerSetup.SelfSigned }
        );
        using Peer peer = await server.ConnectAsync();

        await peer.ShouldBeClosedAsync();

        server.Count("tls.failures{reason=timed_out}").ShouldBe(1);
    }

    // No further command is answered, for want of room for the answers.
    private static Task IsStuckAsync(RunningServer server)
    {
        double before = 0;
        int times = 0;
        return RunningServer.UntilAsync(
            "the session to be stuck",
            () =>
            {
                double answered = server.Count("replies{code=214}");
                times = answered > 0 && answered == before ? times + 1 : 0;
                before = answered;
                return times == 50;
            }
        );
    }
}
