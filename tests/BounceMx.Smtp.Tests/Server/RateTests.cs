using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>How much a peer may do, in a minute and in a session, and how much all of them may have under way.</summary>
public sealed class RateTests
{
    private static readonly SmtpLimitOptions NobodyExempt = new() { Exempt = [] };

    [Fact]
    public async Task Messages_over_the_rate_end_the_session()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { MessagesPerMinute = 2 });
        using Peer peer = await server.GreetAsync();
        for (int i = 0; i < 2; i++)
        {
            (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
            (await peer.SayAsync("RSET")).ShouldBe("250 2.0.0");
        }

        await peer.SendAsync("MAIL FROM:<>\r\n");

        await peer.ShouldEndWithAsync("421 4.7.0");
        server.Count("refusals{reason=too_many_peer_messages}").ShouldBe(1);
    }

    [Fact]
    public async Task The_rate_is_that_of_all_sessions_of_a_peer_together()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { MessagesPerMinute = 1 });
        using Peer first = await server.GreetAsync();
        (await first.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");

        using Peer second = await server.GreetAsync();
        await second.SendAsync("MAIL FROM:<>\r\n");

        await second.ShouldEndWithAsync("421 4.7.0");
    }

    [Fact]
    public async Task Recipients_over_the_rate_end_the_session_be_they_accepted_or_not()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { RecipientsPerMinute = 2 });
        using Peer peer = await server.GreetAsync();
        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
        (await peer.SayAsync("RCPT TO:<a@bounces.test>")).ShouldBe("250 2.1.5");
        (await peer.SayAsync("RCPT TO:<a@elsewhere.test>")).ShouldBe("550 5.7.1");

        await peer.SendAsync("RCPT TO:<b@bounces.test>\r\n");

        await peer.ShouldEndWithAsync("421 4.7.0");
        server.Count("refusals{reason=too_many_peer_recipients}").ShouldBe(1);
    }

    [Fact]
    public async Task Errors_over_the_rate_end_the_session_and_refuse_the_next()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { ErrorsPerMinute = 2 });
        using Peer peer = await server.GreetAsync();
        (await peer.SayAsync("XYZZY")).ShouldBe("500 5.5.1");
        (await peer.SayAsync("XYZZY")).ShouldBe("500 5.5.1");
        await peer.SendAsync("XYZZY\r\n");
        await peer.ShouldEndWithAsync("421 4.7.0");

        using Peer next = await server.ConnectAsync();

        await next.ShouldEndWithAsync("421 4.7.0");
        server.Count("rejected_connections{reason=too_many_peer_errors}").ShouldBe(1);
    }

    [Fact]
    public async Task To_speak_out_of_turn_is_an_error_of_the_peer()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { ErrorsPerMinute = 1 });
        using Peer rude = await server.GreetAsync();
        (await rude.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
        (await rude.SayAsync("RCPT TO:<a@bounces.test>")).ShouldBe("250 2.1.5");
        await rude.SendAsync("DATA\r\nSubject: x\r\n");
        await rude.ShouldEndWithAsync("554 5.5.0");

        using Peer next = await server.ConnectAsync();

        await next.ShouldEndWithAsync("421 4.7.0");
    }

    [Fact]
    public async Task Refused_recipients_are_not_held_against_a_peer_that_pipelines()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { ErrorsPerMinute = 1 });
        using Peer peer = await server.GreetAsync();
        for (int i = 0; i < 3; i++)
        {
            await peer.SendAsync("MAIL FROM:<>\r\nRCPT TO:<a@elsewhere.test>\r\nDATA\r\nRSET\r\n");
            (await peer.AnswerAsync()).ShouldBe("250 2.1.0");
            (await peer.AnswerAsync()).ShouldBe("550 5.7.1");
            (await peer.AnswerAsync()).ShouldBe("554 5.5.1");
            (await peer.AnswerAsync()).ShouldBe("250 2.0.0");
        }

        using Peer next = await server.GreetAsync();

        (await next.SayAsync("NOOP")).ShouldBe("250 2.0.0");
    }

    [Fact]
    public async Task One_network_cannot_have_the_mail_of_another_put_off()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Limits = NobodyExempt,
                Listeners = [ServerSetup.Proxied],
                Bodies = new BodyLimits { BodiesPerNetwork = 1000 },
            }
        );
        using Peer first = await (await (await server.ConnectAsync("192.0.2.1")).GreetAsync()).BeginMessageAsync();
        await first.SendAsync(new string('x', 998) + "\r\n");
        await RunningServer.UntilAsync("the message to come in", () => server.Server.Bodies.Budget.InFlight == 1000);
        using Peer neighbour = await (await (await server.ConnectAsync("192.0.2.2")).GreetAsync()).BeginMessageAsync();
        using Peer stranger = await (await (await server.ConnectAsync("198.51.100.1")).GreetAsync()).BeginMessageAsync();

        (await neighbour.SayAsync("text\r\n.")).ShouldBe("452 4.3.1");
        (await stranger.SayAsync("text\r\n.")).ShouldBe("250 2.0.0");
        (await first.SayAsync(".")).ShouldBe("250 2.0.0");
    }

    [Fact]
    public async Task An_exempt_network_has_no_rates()
    {
        await using RunningServer server = await StartAsync(
            new SmtpLimitOptions
            {
                Exempt = ["127.0.0.1"],
                MessagesPerMinute = 1,
                RecipientsPerMinute = 1,
                ErrorsPerMinute = 1,
            }
        );
        using Peer peer = await server.GreetAsync();
        for (int i = 0; i < 3; i++)
        {
            (await peer.SayAsync("XYZZY")).ShouldBe("500 5.5.1");
            (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
            (await peer.SayAsync("RCPT TO:<a@bounces.test>")).ShouldBe("250 2.1.5");
            (await peer.SayAsync("RSET")).ShouldBe("250 2.0.0");
        }
    }

    [Fact]
    public async Task The_message_over_MAILMAX_ends_the_session()
    {
        await using RunningServer server = await RunningServer.StartAsync(
            new ServerSetup { Listeners = [ServerSetup.Options with { MaxMessages = 1 }] }
        );
        using Peer peer = await (await server.GreetAsync()).BeginMessageAsync();
        (await peer.SayAsync("text\r\n.")).ShouldBe("250 2.0.0");

        await peer.SendAsync("MAIL FROM:<>\r\n");

        await peer.ShouldEndWithAsync("421 4.7.0");
    }

    [Fact]
    public async Task Over_the_soft_limit_on_bodies_no_transaction_begins()
    {
        await using RunningServer server = await StartAsync(new BodyLimits { BodiesSoftLimit = 1000, BodiesHardLimit = 2000 });
        using Peer large = await HoldAsync(server, 1500);
        using Peer other = await server.GreetAsync();

        (await other.SayAsync("MAIL FROM:<>")).ShouldBe("452 4.3.1");

        (await large.SayAsync("\r\n.")).ShouldBe("250 2.0.0");
        (await other.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
    }

    [Fact]
    public async Task Over_the_hard_limit_on_bodies_no_session_begins()
    {
        await using RunningServer server = await StartAsync(new BodyLimits { BodiesSoftLimit = 1000, BodiesHardLimit = 2000 });
        using Peer early = await (await server.GreetAsync()).BeginMessageAsync();
        using Peer large = await HoldAsync(server, 1500);
        (await early.SayAsync($"{new string('x', 600)}\r\n.")).ShouldBe("452 4.3.1");

        using Peer late = await server.ConnectAsync();

        await late.ShouldEndWithAsync("421 4.3.1");
        server.Count("rejected_connections{reason=too_much_in_transit}").ShouldBe(1);
        (await large.SayAsync("\r\n.")).ShouldBe("250 2.0.0");
        using Peer later = await server.GreetAsync();
    }

    // A message under way that the server holds so much of.
    private static async Task<Peer> HoldAsync(RunningServer server, int octets)
    {
        Peer peer = await (await server.GreetAsync()).BeginMessageAsync();
        await peer.SendAsync(new string('x', octets));
        await RunningServer.UntilAsync("the octets to come in", () => server.Server.Bodies.Budget.InFlight >= octets);
        return peer;
    }

    private static Task<RunningServer> StartAsync(SmtpLimitOptions limits) => RunningServer.StartAsync(new ServerSetup { Limits = limits });

    private static Task<RunningServer> StartAsync(BodyLimits bodies) => RunningServer.StartAsync(new ServerSetup { Bodies = bodies });
}
