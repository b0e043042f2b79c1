using System.Globalization;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>What a connection costs that has said EHLO and nothing since.</summary>
[Collection(HostileCollection.Name)]
public sealed class IdleTests
{
    [Fact]
    public async Task An_idle_connection_takes_8_KiB_at_most()
    {
        var count = Scale.Of(2_000, 10_000);
        var environment = new Dictionary<string, string>
        {
            // Far from the limit: nobody's time is to be shortened.
            ["Smtp__MaxConnections"] = (2 * count).ToString(CultureInfo.InvariantCulture),
        };
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = environment });
        await server.WarmUpAsync();
        var before = server.ResidentMemory();

        var peers = await RawPeer.GreetAsync(server.SmtpPort, count);

        var each = (double)(server.ResidentMemory() - before) / count;
        Scale.Report($"{count} idle connections: {each / Scale.KiB:F2} KiB each over {before / Scale.MiB:F0} MiB");
        (await server.MetricAsync("bouncemx_smtp_active_connections")).ShouldBe(count);
        each.ShouldBeLessThanOrEqualTo(Scale.Of(16, 8) * Scale.KiB);
        Array.ForEach(peers, peer => peer.Dispose());
    }
}
