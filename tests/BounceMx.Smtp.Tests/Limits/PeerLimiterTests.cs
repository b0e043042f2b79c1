using System.Net;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Limits;

/// <summary>Which connections are admitted, and when the server is under stress.</summary>
public sealed class PeerLimiterTests
{
    private static readonly SmtpLimitOptions Unlimited = new() { MaxConnectionsPerAddress = 0, MaxConnectionsPerNetwork = 0 };

    private readonly ManualTime _time = new();

    [Fact]
    public void Limits_connections_in_all()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnections = 3 });
        Admit(limiter, "192.0.2.1", "198.51.100.1", "2001:db8::1");
        Refuse(limiter, "203.0.113.1").ShouldBe(LimitRefusal.Connections);
        Refuse(limiter, "127.0.0.1").ShouldBe(LimitRefusal.Connections);
        limiter.LiveConnections.ShouldBe(3);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("2001:db8::1", "2001:db8::ffff:ffff:ffff:ffff")] // one /64
    [InlineData("::1:2", "::1:3")]
    public void Limits_connections_of_one_peer(string address, string same)
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerAddress = 2 });
        Admit(limiter, address, same);
        Refuse(limiter, address).ShouldBe(LimitRefusal.ConnectionsPerAddress);
        Refuse(limiter, same).ShouldBe(LimitRefusal.ConnectionsPerAddress);
    }

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.2")]
    [InlineData("2001:db8::1", "2001:db8:0:1::1")]
    [InlineData("192.0.2.1", "0:0:c000:201::")] // the same bits
    public void Other_peers_have_connections_of_their_own(string address, string other)
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerAddress = 1 });
        Admit(limiter, address, other);
    }

    [Theory]
    [InlineData("192.0.2.0", "192.0.2.1", "192.0.2.255")] // one /24
    [InlineData("192.0.2.0", "192.0.2.1", "::ffff:192.0.2.255")]
    [InlineData("2001:db8:1::1", "2001:db8:1:1::1", "2001:db8:1:ffff::1")] // one /48
    public void Limits_connections_of_one_network(string first, string second, string third)
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerNetwork = 2 });
        Admit(limiter, first, second);
        Refuse(limiter, third).ShouldBe(LimitRefusal.ConnectionsPerNetwork);
    }

    [Theory]
    [InlineData("192.0.2.255", "192.0.3.0")]
    [InlineData("2001:db8:1:ffff::1", "2001:db8:2::1")]
    public void Other_networks_have_connections_of_their_own(string address, string other)
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerNetwork = 1 });
        Admit(limiter, address, other);
    }

    [Fact]
    public void A_zero_is_no_limit()
    {
        PeerLimiter limiter = Limiter(Unlimited);
        Admit(limiter, [.. Enumerable.Repeat("192.0.2.1", 1000)]);
    }

    [Fact]
    public void The_defaults_are_those_of_the_documentation()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions());
        Admit(limiter, [.. Enumerable.Repeat("192.0.2.1", 20)]);
        Refuse(limiter, "192.0.2.1").ShouldBe(LimitRefusal.ConnectionsPerAddress);
        Admit(limiter, [.. Enumerable.Repeat("192.0.2.2", 20)]);
        Refuse(limiter, "192.0.2.3").ShouldBe(LimitRefusal.ConnectionsPerNetwork);
        Admit(limiter, [.. Enumerable.Range(0, 1960).Select(i => $"10.{i / 256}.{i % 256}.1")]);
        Refuse(limiter, "198.51.100.1").ShouldBe(LimitRefusal.Connections);
    }

    [Fact]
    public void A_refused_connection_counts_for_nothing()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerAddress = 1, MaxConnectionsPerNetwork = 2 });
        PeerLease lease = Admit(limiter, "192.0.2.1")[0];
        for (int i = 0; i < 10; i++)
            Refuse(limiter, "192.0.2.1");
        limiter.LiveConnections.ShouldBe(1);
        Admit(limiter, "192.0.2.2");
        lease.Dispose();
        Admit(limiter, "192.0.2.1");
    }

    [Fact]
    public void A_released_connection_makes_room_once()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MaxConnectionsPerAddress = 2 });
        PeerLease[] leases = Admit(limiter, "192.0.2.1", "192.0.2.1");
        leases[0].Dispose();
        leases[0].Dispose();
        limiter.LiveConnections.ShouldBe(1);
        Admit(limiter, "192.0.2.1");
        Refuse(limiter, "192.0.2.1").ShouldBe(LimitRefusal.ConnectionsPerAddress);
    }

    [Fact]
    public void Nothing_is_kept_of_connections_that_are_gone()
    {
        PeerLimiter limiter = Limiter(Unlimited);
        PeerLease[] leases = Admit(limiter, "192.0.2.1", "192.0.2.2", "2001:db8::1", "127.0.0.1");
        limiter.Entries.ShouldBe(5); // three peers in two networks
        foreach (PeerLease lease in leases)
            lease.Dispose();
        limiter.Entries.ShouldBe(0);
        limiter.LiveConnections.ShouldBe(0);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::1")]
    [InlineData("198.51.100.7")]
    public void An_exempt_peer_is_limited_by_the_connections_in_all_alone(string address)
    {
        PeerLimiter limiter = Limiter(
            new SmtpLimitOptions
            {
                MaxConnections = 50,
                MaxConnectionsPerAddress = 1,
                MaxConnectionsPerNetwork = 1,
                MessagesPerMinute = 1,
                RecipientsPerMinute = 1,
                ErrorsPerMinute = 1,
                Exempt = ["127.0.0.0/8", "::1/128", "198.51.100.0/24"],
            }
        );
        foreach (PeerLease lease in Admit(limiter, [.. Enumerable.Repeat(address, 50)]))
        {
            lease.TryCountMessage().ShouldBeTrue();
            lease.TryCountRecipient().ShouldBeTrue();
            lease.TryCountError().ShouldBeTrue();
        }
        Refuse(limiter, address).ShouldBe(LimitRefusal.Connections);
    }

    [Fact]
    public void Refuses_a_peer_whose_errors_are_spent_until_there_is_room_for_one_more()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { ErrorsPerMinute = 6 });
        PeerLease lease = Admit(limiter, "192.0.2.1")[0];
        for (int i = 0; i < 6; i++)
            lease.TryCountError().ShouldBeTrue();
        lease.TryCountError().ShouldBeFalse();
        Refuse(limiter, "192.0.2.1").ShouldBe(LimitRefusal.ErrorRate);
        Admit(limiter, "192.0.2.2");
        _time.Advance(TimeSpan.FromSeconds(9));
        Refuse(limiter, "192.0.2.1").ShouldBe(LimitRefusal.ErrorRate);
        _time.Advance(TimeSpan.FromSeconds(1));
        Admit(limiter, "192.0.2.1");
    }

    [Fact]
    public void Many_messages_and_recipients_keep_no_connection_out()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MessagesPerMinute = 1, RecipientsPerMinute = 1 });
        PeerLease lease = Admit(limiter, "192.0.2.1")[0];
        lease.TryCountMessage().ShouldBeTrue();
        lease.TryCountMessage().ShouldBeFalse();
        lease.TryCountRecipient().ShouldBeTrue();
        lease.TryCountRecipient().ShouldBeFalse();
        Admit(limiter, "192.0.2.1");
    }

    [Fact]
    public void Connections_of_one_peer_share_its_rates()
    {
        PeerLimiter limiter = Limiter(new SmtpLimitOptions { MessagesPerMinute = 2 });
        PeerLease[] leases = Admit(limiter, "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1");
        leases[0].TryCountMessage().ShouldBeTrue();
        leases[1].TryCountMessage().ShouldBeTrue();
        leases[0].TryCountMessage().ShouldBeFalse();
        leases[2].TryCountMessage().ShouldBeTrue();
    }

    [Fact]
    public void Stress_begins_at_four_fifths_and_ends_below_seven_tenths()
    {
        int onsets = 0;
        PeerLimiter limiter = Limiter(Unlimited with { MaxConnections = 10 });
        limiter.StressBegan = () => onsets++;
        var leases = new Stack<PeerLease>(Admit(limiter, [.. Enumerable.Repeat("192.0.2.1", 7)]));
        (limiter.IsUnderStress, onsets).ShouldBe((false, 0));
        leases.Push(Admit(limiter, "192.0.2.1")[0]);
        (limiter.IsUnderStress, onsets).ShouldBe((true, 1));
        leases.Push(Admit(limiter, "192.0.2.1")[0]);
        leases.Pop().Dispose();
        leases.Pop().Dispose();
        (limiter.LiveConnections, limiter.IsUnderStress).ShouldBe((7, true));
        leases.Push(Admit(limiter, "192.0.2.1")[0]);
        (limiter.IsUnderStress, onsets).ShouldBe((true, 1));
        leases.Pop().Dispose();
        leases.Pop().Dispose();
        (limiter.LiveConnections, limiter.IsUnderStress).ShouldBe((6, false));
        Admit(limiter, "192.0.2.1", "192.0.2.1");
        (limiter.IsUnderStress, onsets).ShouldBe((true, 2));
    }

    [Fact]
    public void Whoever_is_told_of_stress_may_close_connections()
    {
        PeerLimiter limiter = Limiter(Unlimited with { MaxConnections = 10 });
        PeerLease[] leases = Admit(limiter, [.. Enumerable.Repeat("192.0.2.1", 7)]);
        limiter.StressBegan = () =>
            Task.Run(() => Array.ForEach(leases, lease => lease.Dispose())).Wait(TimeSpan.FromSeconds(10)).ShouldBeTrue();
        Admit(limiter, "192.0.2.1");
        (limiter.LiveConnections, limiter.IsUnderStress).ShouldBe((1, false));
    }

    [Fact]
    public async Task Threads_that_come_and_go_leave_nothing_and_exceed_nothing()
    {
        var options = new SmtpLimitOptions
        {
            MaxConnections = 5,
            MaxConnectionsPerAddress = 2,
            MaxConnectionsPerNetwork = 3,
        };
        var limiter = new PeerLimiter(options, TimeProvider.System);
        int most = 0;
        int onsets = 0;
        limiter.StressBegan = () => Interlocked.Increment(ref onsets);
        await Task.WhenAll(Enumerable.Range(0, 16).Select(seed => Task.Run(() => ComeAndGo(seed))));
        most.ShouldBeInRange(4, 5);
        onsets.ShouldBePositive();
        limiter.LiveConnections.ShouldBe(0);
        limiter.Entries.ShouldBe(0);
        limiter.IsUnderStress.ShouldBeFalse();

        void ComeAndGo(int seed)
        {
            var random = new Random(seed);
            var mine = new Queue<PeerLease>();
            for (int i = 0; i < 5000; i++)
            {
                var address = IPAddress.Parse($"192.0.{random.Next(8)}.{random.Next(4)}");
                if (limiter.TryAdmit(address, out PeerLease? lease, out _))
                    mine.Enqueue(lease);
                most = Math.Max(most, limiter.LiveConnections);
                if (mine.Count > 4 || (lease is null && mine.Count > 0))
                    mine.Dequeue().Dispose();
            }
            foreach (PeerLease lease in mine)
                lease.Dispose();
        }
    }

    private PeerLimiter Limiter(SmtpLimitOptions options) => new(options, _time);

    private static PeerLease[] Admit(PeerLimiter limiter, params string[] addresses) =>
        [
            .. addresses.Select(address =>
            {
                limiter
                    .TryAdmit(IPAddress.Parse(address), out PeerLease? lease, out LimitRefusal refusal)
                    .ShouldBeTrue($"{address}: {refusal}");
                refusal.ShouldBe(LimitRefusal.None);
                return lease!;
            }),
        ];

    private static LimitRefusal Refuse(PeerLimiter limiter, string address)
    {
        limiter.TryAdmit(IPAddress.Parse(address), out PeerLease? lease, out LimitRefusal refusal).ShouldBeFalse(address);
        lease.ShouldBeNull();
        return refusal;
    }
}
