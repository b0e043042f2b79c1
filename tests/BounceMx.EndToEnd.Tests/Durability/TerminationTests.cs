using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>SIGTERM under load: who got a 354 and ended the message in time gets an answer; all others 421.</summary>
public sealed class TerminationTests
{
    [Fact]
    public async Task No_message_that_was_begun_is_left_without_an_answer()
    {
        using var tally = new Tally("SIGTERM");
        await using var trial = await Trial.StartAsync();
        for (var round = 0; round < Campaign.Of(1, 50); round++)
        {
            // Half of the connections are somewhere in a body when it comes.
            var (load, slow) = (trial.NewLoad(), trial.NewSlowLoad());
            var running = Task.WhenAll(
                load.RunAsync(trial.Server.SmtpPort, connections: 8, TimeSpan.Zero, CancellationToken.None),
                slow.RunAsync(trial.Server.SmtpPort, connections: 8, TimeSpan.Zero, CancellationToken.None)
            );
            await Task.WhenAll(load.MoreAcknowledgedAsync(100), slow.MoreAcknowledgedAsync(1));
            await Task.Delay(Random.Shared.Next(300));

            (await trial.Server.TerminateAsync()).ShouldBe(0, trial.Server.StandardError.Tail());
            await running;
            await trial.Server.StartAgainAsync();

            foreach (var each in (Load[])[load, slow])
            {
                each.Unanswered.ShouldBeEmpty("begun with a 354, ended in time, and not answered");
                each.Refusals.ShouldAllBe(reply => reply.Code == 421);
            }
            await trial.CloseAsync(tally, load, slow);
        }
    }
}
