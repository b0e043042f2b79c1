using System.Diagnostics;
using System.Net;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>A peer that has all the connections it may have, and goes on connecting.</summary>
[Collection(HostileCollection.Name)]
public sealed class ConnectFloodTests
{
    private const int Allowed = 20;

    // What the garbage collector leaves lying about at such a rate, which depends on the machine's caches.
    private const double MemoryLimit = 128 * Scale.MiB;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Scale.Of(3, 30));

    [Fact]
    public async Task Connections_over_the_limit_are_counted_and_cost_neither_memory_nor_the_places_of_others()
    {
        var environment = new Dictionary<string, string>
        {
            // Another network, so that this machine is a stranger.
            ["Smtp__Exempt__0"] = "192.0.2.0/24",
        };
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = environment });
        await server.DeliverAsync(BounceAddress.Of("before@recipient.example"), SampleMail.UserUnknown("before@recipient.example"));
        await server.WaitUntilIdleAsync();
        var held = await RawPeer.GreetAsync(server.SmtpPort, Allowed);
        (await RefusedAsync(server.SmtpPort)).ShouldBeTrue();
        var descriptors = server.Descriptors();
        var logged = server.StandardError.All.Count;

        var refused = 1;
        var clock = Stopwatch.StartNew();
        var memory = new MemoryWatch(server);
        await using (memory)
        {
            var flood = Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(FloodAsync)));
            // From 127.0.0.2, which is another peer of the same network.
            using var healthy = await RawPeer.GreetAsync(server.SmtpPort, IPAddress.Parse("127.0.0.2"));
            using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
            while (clock.Elapsed < Duration)
            {
                await healthy.DeliverAsync("healthy@recipient.example");
                await pause.WaitForNextTickAsync();
            }
            await flood;
        }

        (double first, double last) = (memory.MeanOfThird(0), memory.MeanOfThird(2));
        Scale.Report(
            $"{refused} connections refused, {refused / Duration.TotalSeconds:F0}/s; {memory.First / Scale.MiB:F1} MiB before, "
                + $"{first / Scale.MiB:F1} MiB in the first third, {last / Scale.MiB:F1} MiB in the last"
        );
        (await server.MetricAsync("bouncemx_smtp_rejected_connections_total")).ShouldBe(refused);
        server.StandardError.All.Count.ShouldBeLessThanOrEqualTo(logged + 2);
        await Eventually.TrueAsync("the descriptors of the refused to be closed", () => server.Descriptors() <= descriptors + 10);
        memory.Growth.ShouldBeLessThan((long)MemoryLimit);
        (last - first).ShouldBeLessThan(Scale.Of(96, 24) * Scale.MiB);
        Array.ForEach(held, peer => peer.Dispose());

        async Task FloodAsync()
        {
            while (clock.Elapsed < Duration)
            {
                (await RefusedAsync(server.SmtpPort)).ShouldBeTrue();
                Interlocked.Increment(ref refused);
            }
        }
    }

    private static async Task<bool> RefusedAsync(int port)
    {
        using var peer = await RawPeer.ConnectAsync(port);
        return await peer.ReadRepliesAsync(2) is [421];
    }
}
