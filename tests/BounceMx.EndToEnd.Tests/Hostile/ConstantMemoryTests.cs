using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>Input that is long where others are short.</summary>
[Collection(HostileCollection.Name)]
public sealed class ConstantMemoryTests
{
    private const int Million = 1_000_000;

    // A message of the largest size is read back from disk once, to be analysed: 10 MiB. The rest is what the garbage collector leaves lying
    // about, which depends on the machine's caches. What is held per line, chunk or octet would be a multiple of it.
    private const long MemoryLimit = (long)(80 * Scale.MiB);

    private static readonly string Begin = $"MAIL FROM:<>\r\nRCPT TO:<{BounceAddress.Of("long@recipient.example")}>\r\n";

    [Fact]
    public Task A_header_of_a_million_lines_takes_constant_memory() => TakesConstantMemoryAsync(DeliverAsync(Repeat("X: y\r\n", Million)));

    [Fact]
    public Task A_line_of_10_MB_takes_constant_memory() =>
        TakesConstantMemoryAsync(DeliverAsync([.. "Subject: long\r\n\r\n"u8, .. Repeat("a", 10 * Million), .. "\r\n"u8]));

    [Fact]
    public Task A_header_line_of_10_MB_takes_constant_memory() =>
        TakesConstantMemoryAsync(DeliverAsync([.. "Subject: "u8, .. Repeat("a", 10 * Million), .. "\r\n"u8]));

    [Fact]
    public Task A_million_chunks_of_an_octet_take_constant_memory() =>
        TakesConstantMemoryAsync(async peer =>
        {
            (await peer.AskAsync(Begin, 2)).ShouldBe([250, 250]);
            var clock = Stopwatch.StartNew();
            var sending = Task.Run(async () =>
            {
                var chunks = Repeat("BDAT 1\r\nx", 1_000);
                for (var sent = 0; sent < Million; sent += 1_000)
                    await peer.SendAsync(chunks);
            });
            (await peer.ReadLinesAsync(Million)).ShouldBe(Million);
            await sending;
            Scale.Report($"a million BDAT 1, pipelined: {clock.Elapsed.TotalSeconds:F2} s");
            (await peer.AskAsync("BDAT 0 LAST\r\n", 1)).ShouldBe([250]);
        });

    [Fact]
    public Task A_command_line_of_300_MiB_is_cut_off() =>
        TakesConstantMemoryAsync(async peer =>
        {
            var octets = Repeat("a", 64 * 1024);
            var sent = 0L;
            try
            {
                while (sent < 300 * Scale.MiB)
                {
                    await peer.SendAsync(octets);
                    sent += octets.Length;
                }
            }
            catch (SocketException)
            {
                // Cut off.
            }
            Scale.Report($"an endless command line is cut off after {sent / Scale.MiB:F1} MiB");
            sent.ShouldBeLessThan((long)(30 * Scale.MiB));
        });

    /// <summary>Does it once, and then, with the memory watched, again.</summary>
    private static async Task TakesConstantMemoryAsync(Func<RawPeer, Task> act)
    {
        var environment = new Dictionary<string, string> { ["Smtp__Chunking"] = "true" };
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Environment = environment });
        await server.WarmUpAsync();

        var memory = new MemoryWatch(server);
        await using (memory)
        {
            for (var round = 0; round < Scale.Of(1, 5); round++)
            {
                using (var peer = await RawPeer.GreetAsync(server.SmtpPort))
                    await act(peer);
                await server.WaitUntilIdleAsync();
            }
        }

        Scale.Report(
            $"{TestContext.Current.TestMethod?.MethodName}: {memory.Growth / Scale.MiB:F1} MiB over {memory.First / Scale.MiB:F0} MiB"
        );
        memory.Growth.ShouldBeLessThan(MemoryLimit);
        (
            await server.DeliverAsync(BounceAddress.Of("after@recipient.example"), SampleMail.UserUnknown("after@recipient.example"))
        ).Code.ShouldBe(250);
    }

    private static Func<RawPeer, Task> DeliverAsync(byte[] message) =>
        async peer =>
        {
            (await peer.AskAsync($"{Begin}DATA\r\n", 3)).ShouldBe([250, 250, 354]);
            await peer.SendAsync(message);
            (await peer.AskAsync(".\r\n", 1)).ShouldBe([250]);
        };

    private static byte[] Repeat(string text, int count) => Encoding.ASCII.GetBytes(new StringBuilder().Insert(0, text, count).ToString());
}
