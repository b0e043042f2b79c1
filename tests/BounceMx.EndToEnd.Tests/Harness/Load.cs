using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Sockets;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// Some connections that deliver bounces one after the other, each about a recipient of its own, and keep the harness' own books:
/// which recipients' messages got a 250 to their end of data. The recipient is the key by which a message is found again as an event.
/// </summary>
/// <param name="name">Makes this load's recipients differ from every other's: letters and digits.</param>
internal sealed class Load(string name)
{
    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<Reply> _refusals = new();
    private int _number;

    /// <summary>Recipients, <c>local@domain</c>, whose message got its 250.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Every reply to the end of data, or to a command before it, that was not positive.</summary>
    public IReadOnlyCollection<Reply> Refusals => _refusals;

    /// <summary>Delivers until told to stop, or until the server is gone.</summary>
    /// <param name="smtpPort">The server's.</param>
    /// <param name="connections">How many at a time.</param>
    /// <param name="pause">Between two messages of one connection.</param>
    /// <param name="stop">Ends the load after the message under way.</param>
    public Task RunAsync(int smtpPort, int connections, TimeSpan pause, CancellationToken stop) =>
        Task.WhenAll(
            Enumerable.Range(0, connections).Select(_ => Task.Run(() => DeliverAsync(smtpPort, pause, stop), CancellationToken.None))
        );

    /// <summary>Waits until so many messages more have got their 250.</summary>
    public Task MoreAcknowledgedAsync(int count)
    {
        var goal = _acknowledged.Count + count;
        return Eventually.TrueAsync($"{count} more 250s", () => _acknowledged.Count >= goal);
    }

    /// <summary>Runs for a while and stops in good order.</summary>
    public async Task RunForAsync(int smtpPort, int connections, TimeSpan pause, TimeSpan duration)
    {
        using var stop = new CancellationTokenSource(duration);
        await RunAsync(smtpPort, connections, pause, stop.Token);
    }

    private async Task DeliverAsync(int smtpPort, TimeSpan pause, CancellationToken stop)
    {
        // A message under way is finished; this only ends a test whose server hangs.
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        try
        {
            using var client = await SmtpClient.ConnectAsync(smtpPort, patience.Token);
            while (!stop.IsCancellationRequested)
            {
                var recipient = $"{name}.{Interlocked.Increment(ref _number)}@recipient.example";
                var reply = await client.DeliverAsync(BounceAddress.Of(recipient), SampleMail.UserUnknown(recipient), patience.Token);
                if (reply.Code == 250)
                    _acknowledged.Enqueue(recipient);
                else
                    _refusals.Enqueue(reply);
                await Task.Delay(pause, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server is gone: what it had not answered with a 250 is the sender's to try again.
            Debug.WriteLine(e);
        }
    }
}
