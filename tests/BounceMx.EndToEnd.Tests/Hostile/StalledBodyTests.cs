using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>What peers cost that stop in the middle of a message.</summary>
[Collection(HostileCollection.Name)]
public sealed class StalledBodyTests
{
    private const int Peers = 50;
    private static readonly string Recipient = BounceAddress.Of("stalled@recipient.example");

    [Theory]
    [InlineData(60_000)] // held in memory
    [InlineData(5_000_000)] // held on disk
    public async Task Fifty_peers_that_stall_take_10_MiB_at_most(int sent)
    {
        await using var server = await BounceMxProcess.StartAsync();
        await server.WarmUpAsync();
        var body = new byte[sent];
        body.AsSpan().Fill((byte)'a');
        // One that does not stall, just too long for memory: the code that it takes is compiled.
        (await server.DeliverAsync(Recipient, new string('a', 100_000))).Code.ShouldBe(250);
        await server.WaitUntilIdleAsync();
        var before = server.ResidentMemory();

        var peers = await RawPeer.GreetAsync(server.SmtpPort, Peers);
        // All at DATA before the first octet: with the first bodies under way, MAIL is put off.
        foreach (var peer in peers)
        {
            (await peer.AskAsync($"MAIL FROM:<>\r\nRCPT TO:<{Recipient}>\r\nDATA\r\n", 3)).ShouldBe([250, 250, 354]);
        }
        await Task.WhenAll(peers.Select(peer => peer.SendAsync(body)));
        await Eventually.TrueAsync(
            "the server to have read all that was sent",
            async () => await server.MetricAsync("bouncemx_smtp_bodies_in_flight_bytes") >= (long)Peers * sent
        );

        var cost = server.ResidentMemory() - before;
        Scale.Report($"{Peers} peers that stalled after {sent} octets: {cost / Scale.MiB:F1} MiB over {before / Scale.MiB:F0} MiB");
        cost.ShouldBeLessThanOrEqualTo((long)(Scale.Of(32, 10) * Scale.MiB));
        Array.ForEach(peers, peer => peer.Dispose());
    }
}
