using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>
/// Peers that name recipients as fast as they are answered, 19 of 20 of them such as nobody has: what a forged sender's domain gets. They count what
/// was refused, and which messages got their 250.
/// </summary>
/// <param name="name">Makes their recipients differ from all others: letters and digits.</param>
/// <param name="smtpPort">The server's.</param>
/// <param name="duration">How long they go on.</param>
internal sealed class Backscatter(string name, int smtpPort, TimeSpan duration)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private int _number;
    private long _refused;
    private int _cutOff;

    /// <summary>Recipients, <c>local@domain</c>, whose message got its 250.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Recipients refused.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Sessions that the server ended with a 421.</summary>
    public int CutOff => _cutOff;

    private bool IsOver => _clock.Elapsed > duration;

    public override string ToString() =>
        $"{Refused} recipients refused ({100.0 * Refused / (Refused + Acknowledged.Count):F1} %), {Refused / duration.TotalSeconds:F0}/s; "
        + $"{Acknowledged.Count} messages delivered; {CutOff} sessions cut off";

    /// <summary>Sessions without end, each delivering one message in 20 recipients. Needs limits that let them.</summary>
    public Task FloodAsync(int connections) =>
        AllAsync(
            connections,
            async () =>
            {
                using var peer = await RawPeer.GreetAsync(smtpPort);
                while (!IsOver)
                    await DeliverAsync(peer, refused: 19);
            }
        );

    /// <summary>Sessions that hang up before errors cost them time, every other one with a message: 10 recipients refused, or 9 and one accepted.</summary>
    public Task HitAndRunAsync(int connections) =>
        AllAsync(
            connections,
            async () =>
            {
                using (var peer = await RawPeer.GreetAsync(smtpPort))
                    await RefuseAsync(peer, 10);
                using (var peer = await RawPeer.GreetAsync(smtpPort))
                    await DeliverAsync(peer, refused: 9);
            }
        );

    /// <summary>Sessions that go on to the limit of errors, and come again.</summary>
    public Task InsistAsync(int connections) =>
        AllAsync(
            connections,
            async () =>
            {
                using var peer = await RawPeer.GreetAsync(smtpPort);
                await RefuseAsync(peer, 30);
            }
        );

    private Task AllAsync(int connections, Func<Task> session) =>
        Task.WhenAll(
            Enumerable
                .Range(0, connections)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        while (!IsOver)
                            await session();
                    })
                )
        );

    private async Task DeliverAsync(RawPeer peer, int refused)
    {
        var recipient = $"{name}.{Interlocked.Increment(ref _number)}@recipient.example";
        var commands = new StringBuilder("MAIL FROM:<>\r\n");
        AppendRefused(commands, refused);
        commands.Append($"RCPT TO:<{BounceAddress.Of(recipient)}>\r\nDATA\r\n");
        var codes = await peer.AskAsync(commands.ToString(), refused + 3);
        codes.ShouldBe([250, .. Enumerable.Repeat(550, refused), 250, 354]);
        Interlocked.Add(ref _refused, refused);
        var message = SampleMail.UserUnknown(recipient).ReplaceLineEndings("\r\n");
        (await peer.AskAsync($"{message}.\r\n", 1)).ShouldBe([250]);
        _acknowledged.Enqueue(recipient);
    }

    private async Task RefuseAsync(RawPeer peer, int count)
    {
        var commands = new StringBuilder("MAIL FROM:<>\r\n");
        AppendRefused(commands, count);
        var codes = await peer.AskAsync(commands.ToString(), count + 1);
        Interlocked.Add(ref _refused, codes.Count(code => code == 550));
        if (codes is [.., 421])
            Interlocked.Increment(ref _cutOff);
    }

    private void AppendRefused(StringBuilder commands, int count)
    {
        for (var i = 0; i < count; i++)
            commands.Append($"RCPT TO:<nobody.{Interlocked.Increment(ref _number)}@{BounceAddress.Domain}>\r\n");
    }
}
