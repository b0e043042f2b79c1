using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>Redis does as it is told, and its answer does not arrive: sent again, no event is there twice.</summary>
public sealed class UnknownOutcomeTests(ProxiedTrial shared) : IClassFixture<ProxiedTrial>
{
    private const int Connections = 4;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Duration = Campaign.Of(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));

    [Fact]
    public Task Replies_that_are_dropped_double_nothing() =>
        SufferAsync("Redis' replies dropped by a proxy, then the connection cut", _ => ReplyFate.Drop);

    [Fact]
    public Task Connections_cut_within_the_replies_double_nothing() =>
        SufferAsync("Redis' connections cut within its replies", _ => Random.Shared.Next(4) == 0 ? ReplyFate.Cut : ReplyFate.Pass);

    private async Task SufferAsync(string fault, RedisProxy.Judge judge)
    {
        var trial = await shared.ReadyAsync();
        using var tally = new Tally(fault);
        for (var round = 0; round < Campaign.Of(1, 20); round++)
        {
            var load = trial.NewLoad();
            var unheard = 0;
            // Connected, and the script is known: what is dropped are the answers for events.
            await load.RunUntilAcknowledgedAsync(1, trial.Server.SmtpPort, connections: 1);
            await trial.Server.WaitUntilIdleAsync();
            await trial.UnderAsync(
                load,
                Connections,
                Pace,
                async () =>
                {
                    await load.MoreAcknowledgedAsync(50);
                    trial.Proxy!.Use(replies =>
                    {
                        var fate = judge(replies);
                        if (fate != ReplyFate.Pass && replies.IndexOf(":1\r\n"u8) >= 0)
                            Interlocked.Increment(ref unheard);
                        return fate;
                    });
                    await Task.Delay(Duration);
                    trial.Proxy.Heal();
                    trial.Proxy.CutAll();
                }
            );
            unheard.ShouldBePositive("nothing that Redis did went unheard");
            load.Refusals.ShouldBeEmpty();
            await trial.CloseAsync(tally, load);
        }
    }
}
