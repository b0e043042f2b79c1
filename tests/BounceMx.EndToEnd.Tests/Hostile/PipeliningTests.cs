using System.Diagnostics;
using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>That commands in groups (RFC 2920) are answered in groups: a server that sends each reply by itself makes such peers wait.</summary>
[Collection(HostileCollection.Name)]
public sealed class PipeliningTests
{
    private const int Connections = 10;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(Scale.Of(1, 5));

    [Fact]
    public async Task Peers_that_pipeline_get_the_throughput_of_those_that_do_not()
    {
        var environment = new Dictionary<string, string> { ["Smtp__MaxMessages"] = "1000000" };
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = environment });
        await server.WarmUpAsync();
        var ratios = new List<double>();

        for (var round = 0; round < Scale.Of(1, 5); round++)
        {
            double oneByOne = await DeliverAsync(server, pipelines: false);
            double grouped = await DeliverAsync(server, pipelines: true);
            ratios.Add(grouped / oneByOne);
            Scale.Report($"{Connections} connections: {oneByOne:F0} messages/s one by one, {grouped:F0} in groups, ratio {ratios[^1]:F2}");
        }

        // Replies that wait for an acknowledgement (Nagle against delayed ACK) make it a twentieth.
        ratios.Order().ElementAt(ratios.Count / 2).ShouldBeGreaterThan(Scale.Of(0.5, 1.0));
    }

    // Messages a second.
    private static async Task<double> DeliverAsync(BounceMxProcess server, bool pipelines)
    {
        var recipient = "grouped@recipient.example";
        var body = Encoding.ASCII.GetBytes(SampleMail.UserUnknown(recipient).ReplaceLineEndings("\r\n") + ".\r\n");
        string[] commands = ["MAIL FROM:<>\r\n", $"RCPT TO:<{BounceAddress.Of(recipient)}>\r\n", "DATA\r\n"];
        string[] groups = pipelines ? [string.Concat(commands)] : commands;
        var delivered = 0;
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(RunAsync)));
        return delivered / clock.Elapsed.TotalSeconds;

        async Task RunAsync()
        {
            using var peer = await RawPeer.GreetAsync(server.SmtpPort);
            while (clock.Elapsed < Round)
            {
                foreach (var group in groups)
                    (await peer.AskAsync(group, commands.Length / groups.Length))[^1].ShouldBeLessThan(400);
                await peer.SendAsync(body);
                (await peer.ReadRepliesAsync(1)).ShouldBe([250]);
                Interlocked.Increment(ref delivered);
            }
        }
    }
}
