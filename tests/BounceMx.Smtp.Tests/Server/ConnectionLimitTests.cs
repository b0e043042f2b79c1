using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>Places: in all, for an address, for a network.</summary>
public sealed class ConnectionLimitTests
{
    private static readonly SmtpLimitOptions NobodyExempt = new() { Exempt = [] };

    [Fact]
    public async Task The_connection_over_the_limit_gets_421_and_is_closed()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { MaxConnections = 2 });
        using Peer first = await server.GreetAsync();
        using Peer second = await server.GreetAsync();

        using Peer third = await server.ConnectAsync();

        await third.ShouldEndWithAsync("421 4.3.2");
        (await first.SayAsync("NOOP")).ShouldBe("250 2.0.0");
    }

    [Fact]
    public async Task Who_leaves_frees_a_place()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { MaxConnections = 1 });
        using Peer first = await server.GreetAsync();
        await first.QuitAsync();

        using Peer second = await server.GreetAsync();

        (await second.SayAsync("NOOP")).ShouldBe("250 2.0.0");
    }

    [Fact]
    public async Task Who_is_refused_takes_no_place()
    {
        await using RunningServer server = await StartAsync(NobodyExempt with { MaxConnections = 1 });
        using Peer first = await server.GreetAsync();
        for (int i = 0; i < 3; i++)
        {
            using Peer refused = await server.ConnectAsync();
            await refused.ShouldEndWithAsync("421 4.3.2");
        }
        await first.QuitAsync();

        using Peer last = await server.GreetAsync();

        server.Server.Limiter.LiveConnections.ShouldBe(1);
    }

    [Fact]
    public async Task An_address_over_its_limit_gets_421_and_another_address_does_not()
    {
        await using RunningServer server = await StartProxiedAsync(NobodyExempt with { MaxConnectionsPerAddress = 1 });
        using Peer first = await (await server.ConnectAsync("192.0.2.1")).GreetAsync();

        using Peer same = await server.ConnectAsync("192.0.2.1");
        using Peer other = await server.ConnectAsync("192.0.2.2");

        await same.ShouldEndWithAsync("421 4.7.0");
        (await other.AnswerAsync()).ShouldBe("220");
    }

    [Fact]
    public async Task A_network_over_its_limit_gets_421_and_another_network_does_not()
    {
        await using RunningServer server = await StartProxiedAsync(NobodyExempt with { MaxConnectionsPerNetwork = 2 });
        using Peer first = await (await server.ConnectAsync("192.0.2.1")).GreetAsync();
        using Peer second = await (await server.ConnectAsync("192.0.2.2")).GreetAsync();

        using Peer third = await server.ConnectAsync("192.0.2.3");
        using Peer elsewhere = await server.ConnectAsync("198.51.100.3");

        await third.ShouldEndWithAsync("421 4.7.0");
        (await elsewhere.AnswerAsync()).ShouldBe("220");
    }

    [Fact]
    public async Task An_exempt_network_counts_in_all_only()
    {
        var limits = new SmtpLimitOptions
        {
            Exempt = ["192.0.2.0/24"],
            MaxConnections = 2,
            MaxConnectionsPerAddress = 1,
        };
        await using RunningServer server = await StartProxiedAsync(limits);
        using Peer first = await (await server.ConnectAsync("192.0.2.1")).GreetAsync();
        using Peer second = await (await server.ConnectAsync("192.0.2.1")).GreetAsync();

        using Peer third = await server.ConnectAsync("192.0.2.1");

        await third.ShouldEndWithAsync("421 4.3.2");
    }

    [Fact]
    public async Task Refusals_are_counted_by_reason_and_not_logged_one_by_one()
    {
        await using RunningServer server = await StartProxiedAsync(NobodyExempt with { MaxConnections = 2, MaxConnectionsPerAddress = 1 });
        using Peer first = await (await server.ConnectAsync("192.0.2.1")).GreetAsync();
        for (int i = 0; i < 5; i++)
        {
            using Peer refused = await server.ConnectAsync("192.0.2.1");
            await refused.ShouldEndWithAsync("421 4.7.0");
        }
        using Peer second = await (await server.ConnectAsync("198.51.100.2")).GreetAsync();
        for (int i = 0; i < 3; i++)
        {
            using Peer refused = await server.ConnectAsync("203.0.113.3");
            await refused.ShouldEndWithAsync("421 4.3.2");
        }

        server.Count("rejected_connections{reason=too_many_peer_connections}").ShouldBe(5);
        server.Count("rejected_connections{reason=too_many_connections}").ShouldBe(3);
        server.Count("connections").ShouldBe(2);
        server.Log.ShouldBeEmpty();
    }

    private static Task<RunningServer> StartAsync(SmtpLimitOptions limits) => RunningServer.StartAsync(new ServerSetup { Limits = limits });

    private static Task<RunningServer> StartProxiedAsync(SmtpLimitOptions limits) =>
        RunningServer.StartAsync(new ServerSetup { Limits = limits, Listeners = [ServerSetup.Proxied] });
}
