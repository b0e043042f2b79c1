using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Limits;

/// <summary>Rates by the minute, in memory that does not grow.</summary>
public sealed class PeerRatesTests
{
    private static readonly PeerKey Peer = new(1);

    private readonly ManualTime _time = new();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(300)]
    [InlineData(6000)]
    public void A_minute_s_worth_may_come_at_once_and_no_more(int rate)
    {
        PeerRates rates = Rates(rate);
        Count(rates, Peer, rate + 1).ShouldBe(rate);
    }

    [Fact]
    public void What_was_spent_comes_back_evenly()
    {
        PeerRates rates = Rates(60);
        Count(rates, Peer, 100).ShouldBe(60);
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Count(rates, Peer, 100).ShouldBe(0);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        Count(rates, Peer, 100).ShouldBe(1);
        _time.Advance(TimeSpan.FromSeconds(30));
        Count(rates, Peer, 100).ShouldBe(30);
    }

    [Fact]
    public void Silence_saves_up_no_more_than_a_minute_s_worth()
    {
        PeerRates rates = Rates(60);
        Count(rates, Peer, 100).ShouldBe(60);
        _time.Advance(TimeSpan.FromDays(400));
        Count(rates, Peer, 100).ShouldBe(60);
    }

    [Fact]
    public void What_exceeds_the_rate_costs_nothing()
    {
        PeerRates rates = Rates(60);
        Count(rates, Peer, 1_000_000).ShouldBe(60);
        _time.Advance(TimeSpan.FromSeconds(1));
        Count(rates, Peer, 100).ShouldBe(1);
    }

    [Fact]
    public void Each_kind_and_each_peer_is_counted_alone()
    {
        PeerRates rates = Rates(5);
        foreach (PeerRate kind in Enum.GetValues<PeerRate>())
        {
            Count(rates, Peer, 10, kind).ShouldBe(5);
            Count(rates, new PeerKey(2), 10, kind).ShouldBe(5);
        }
    }

    [Fact]
    public void A_zero_is_no_limit()
    {
        PeerRates rates = Rates(0);
        Count(rates, Peer, 100_000).ShouldBe(100_000);
        rates.IsSpent(Peer, PeerRate.Messages).ShouldBeFalse();
    }

    [Fact]
    public void Asking_costs_nothing()
    {
        PeerRates rates = Rates(2);
        for (int i = 0; i < 10; i++)
            rates.IsSpent(Peer, PeerRate.Messages).ShouldBeFalse();
        Count(rates, Peer, 10).ShouldBe(2);
        rates.IsSpent(Peer, PeerRate.Messages).ShouldBeTrue();
        rates.IsSpent(Peer, PeerRate.Errors).ShouldBeFalse();
    }

    [Fact]
    public void A_million_peers_take_no_more_memory_than_one()
    {
        PeerRates rates = Rates(60);
        rates.TryCount(Peer, PeerRate.Messages);
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool areAllNew = true;
        for (ulong i = 0; i < 1_000_000; i++)
            areAllNew &= rates.TryCount(new PeerKey(0x2001_0DB8_0000_0000 + i), PeerRate.Recipients);
        // Less than a thousandth of a peer's entry each: the runtime may allocate for itself.
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(32 * 1024);
        areAllNew.ShouldBeTrue();
    }

    [Fact]
    public void A_million_newcomers_push_out_nobody_who_is_at_the_limit()
    {
        PeerRates rates = Rates(60);
        Count(rates, Peer, 60).ShouldBe(60);
        for (ulong i = 0; i < 1_000_000; i++)
            rates.TryCount(new PeerKey(0x2001_0DB8_0000_0000 + i), PeerRate.Messages);
        rates.IsSpent(Peer, PeerRate.Messages).ShouldBeTrue();
    }

    [Fact]
    public void A_newcomer_inherits_nothing_from_whom_it_pushes_out()
    {
        PeerRates rates = Rates(3);
        for (ulong i = 0; i < 2 * PeerRates.Capacity; i++)
            Count(rates, new PeerKey(i << 16), 4).ShouldBe(3);
    }

    [Fact]
    public void Peers_of_one_network_spread_over_the_table()
    {
        PeerRates rates = Rates(3);
        for (ulong i = 0; i < PeerRates.Capacity / 4; i++)
            Count(rates, new PeerKey(0x2001_0DB8_0000_0000 + i), 3);
        int known = 0;
        for (ulong i = 0; i < PeerRates.Capacity / 4; i++)
            known += rates.IsSpent(new PeerKey(0x2001_0DB8_0000_0000 + i), PeerRate.Messages) ? 1 : 0;
        known.ShouldBeGreaterThan(PeerRates.Capacity / 4 * 9 / 10);
    }

    [Fact]
    public async Task Threads_together_get_no_more_than_the_rate()
    {
        PeerRates rates = Rates(10_000);
        int[] counts = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Count(rates, Peer, 5000))));
        counts.Sum().ShouldBe(10_000);
    }

    private PeerRates Rates(int rate) =>
        new(
            new SmtpLimitOptions
            {
                MessagesPerMinute = rate,
                RecipientsPerMinute = rate,
                ErrorsPerMinute = rate,
            },
            _time
        );

    private static int Count(PeerRates rates, PeerKey peer, int times, PeerRate kind = PeerRate.Messages) =>
        Enumerable.Range(0, times).Count(_ => rates.TryCount(peer, kind));
}
