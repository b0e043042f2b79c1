using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>A thousand peers that waste the server's time, and ten that deliver meanwhile.</summary>
[Collection(HostileCollection.Name)]
public sealed class SlowPeerTests
{
    private const int Count = 1_000;

    // What all of them together may take: each the 64 KiB that are read ahead, and 32 KiB of replies; the rest is the garbage collector's.
    private static readonly double MemoryLimit = Scale.Of(320, 200) * Scale.MiB;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(Scale.Of(1, 8));
    private static readonly ReadOnlyMemory<byte> Octet = "x"u8.ToArray();

    // What may be said without end: neither a recipient nor one too many is an error.
    private static readonly ReadOnlyMemory<byte> Commands = Encoding.ASCII.GetBytes(
        string.Concat(Enumerable.Repeat("RCPT TO:<postmaster>\r\n", 5_000))
    );

    [Fact]
    public Task A_thousand_that_send_an_octet_a_second_delay_nobody() => DelayNobodyAsync("an octet a second", receiveBuffer: null, Octet);

    // A small buffer of their own, so that it is the server's that fills.
    [Fact]
    public Task A_thousand_that_read_no_replies_delay_nobody() => DelayNobodyAsync("reading no replies", receiveBuffer: 4096, Commands);

    /// <summary>Measures healthy peers in turn without and with the slow ones.</summary>
    private static async Task DelayNobodyAsync(string what, int? receiveBuffer, ReadOnlyMemory<byte> everySecond)
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup
            {
                Environment = new Dictionary<string, string>
                {
                    // Far from the limits.
                    ["Smtp__MaxConnections"] = "10000",
                    ["Smtp__MaxMessages"] = "1000000",
                    // The least that there is: it is replies that are to gather, not recipients.
                    ["Smtp__MaxRecipients"] = "100",
                    ["Smtp__JunkCommandLimit"] = "1000000",
                },
            }
        );
        await server.WarmUpAsync();
        var ratios = new List<double>();

        for (var round = 0; round < Scale.Of(1, 3); round++)
        {
            var quiet = new HealthyPeers($"quiet{round}");
            await quiet.RunAsync(server.SmtpPort, Round);
            var before = server.ResidentMemory();

            var slow = await RawPeer.GreetAsync(server.SmtpPort, Count, receiveBuffer);
            using var end = new CancellationTokenSource();
            await Task.WhenAll(slow.Select(peer => peer.AskAsync("MAIL FROM:<>\r\n", 1)));
            var dripping = DripAsync(slow, everySecond, end.Token);
            await BlockedAsync(server);
            var healthy = new HealthyPeers($"healthy{round}");
            await healthy.RunAsync(server.SmtpPort, Round);
            var growth = server.ResidentMemory() - before;
            var open = await server.MetricAsync("bouncemx_smtp_active_connections");
            await end.CancelAsync();
            await dripping;
            Array.ForEach(slow, peer => peer.Dispose());
            await Eventually.TrueAsync(
                "the slow ones to be gone",
                async () => await server.MetricAsync("bouncemx_smtp_active_connections") == 0
            );

            ratios.Add(healthy.P99 / quiet.P99);
            Scale.Report($"{Count} {what}: {healthy}, quiet {quiet}, ratio {ratios[^1]:F2}; {growth / Scale.MiB:F1} MiB more");
            open.ShouldBe(Count);
            healthy.Delivered.ShouldBeGreaterThan(0);
            growth.ShouldBeLessThan((long)MemoryLimit);
        }

        if (Scale.IsLong)
            ratios.Order().ElementAt(ratios.Count / 2).ShouldBeLessThanOrEqualTo(2);
    }

    // What a peer can have said is little, and over soon.
    private static Task BlockedAsync(BounceMxProcess server)
    {
        var seen = -1.0;
        return Eventually.TrueAsync(
            "the server to be at rest",
            async () =>
            {
                await Task.Delay(500);
                var before = seen;
                seen = await server.MetricAsync("bouncemx_smtp_commands_total", "RCPT");
                return seen == before;
            }
        );
    }

    // A hundredth of the peers at a time, so that each has its turn once a second.
    private static async Task DripAsync(RawPeer[] peers, ReadOnlyMemory<byte> octets, CancellationToken cancellationToken)
    {
        var groups = peers.Chunk(peers.Length / 100).ToArray();
        using var timer = new PeriodicTimer(Tick);
        for (var turn = 0; !cancellationToken.IsCancellationRequested; turn++)
        {
            await timer.WaitForNextTickAsync(CancellationToken.None);
            foreach (var peer in groups[turn % groups.Length])
                peer.SendOn(octets.Span);
        }
    }
}
