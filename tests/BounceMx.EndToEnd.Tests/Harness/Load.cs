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
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly ConcurrentQueue<string> _acknowledged = new();
    private readonly ConcurrentQueue<Reply> _refusals = new();
    private readonly ConcurrentDictionary<string, bool> _unanswered = new();
    private int _number;

    /// <summary>The message about a recipient.</summary>
    public Func<string, string> Message { get; init; } = SampleMail.UserUnknown;

    /// <summary>The time from one message of a connection to its next, at least.</summary>
    public TimeSpan Period { get; init; }

    /// <summary>A pause in the middle of every body.</summary>
    public TimeSpan BodyPause { get; init; }

    /// <summary>Recipients, <c>local@domain</c>, whose message got its 250.</summary>
    public IReadOnlyCollection<string> Acknowledged => _acknowledged;

    /// <summary>Every reply to the end of data, or to a command before it, that was not positive.</summary>
    public IReadOnlyCollection<Reply> Refusals => _refusals;

    /// <summary>Recipients whose message was begun (354), and got no answer of any kind.</summary>
    public IReadOnlyCollection<string> Unanswered => [.. _unanswered.Keys];

    /// <summary>Recipients whose message got no 250, whatever the reason.</summary>
    public IReadOnlyCollection<string> Unacknowledged =>
        [.. Enumerable.Range(1, _number).Select(Recipient).Except(_acknowledged, StringComparer.Ordinal)];

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

    /// <summary>Runs until so many messages have got their 250, and stops in good order.</summary>
    public async Task RunUntilAcknowledgedAsync(int count, int smtpPort, int connections)
    {
        using var stop = new CancellationTokenSource();
        var running = RunAsync(smtpPort, connections, TimeSpan.Zero, stop.Token);
        await MoreAcknowledgedAsync(count);
        await stop.CancelAsync();
        await running;
    }

    /// <summary>Delivers, as an MTA would later, what got no 250; each message is the same to the octet.</summary>
    public async Task SendAgainAsync(int smtpPort)
    {
        using var client = await SmtpClient.ConnectAsync(smtpPort, CancellationToken.None);
        foreach (var recipient in Unacknowledged)
        {
            var refused = _refusals.Count;
            await DeliverAsync(client, recipient, CancellationToken.None);
            if (_refusals.Count > refused)
                throw new InvalidOperationException($"refused once more: {_refusals.Last()}");
        }
    }

    private async Task DeliverAsync(int smtpPort, TimeSpan pause, CancellationToken stop)
    {
        // A message under way is finished; this only ends a test whose server hangs.
        using var patience = new CancellationTokenSource();
        patience.CancelAfter(Patience);
        try
        {
            using var client = await SmtpClient.ConnectAsync(smtpPort, patience.Token);
            while (!stop.IsCancellationRequested)
            {
                var clock = Stopwatch.StartNew();
                patience.CancelAfter(Patience);
                await DeliverAsync(client, Recipient(Interlocked.Increment(ref _number)), patience.Token);
                var rest = Period - clock.Elapsed;
                await Task.Delay(rest > pause ? rest : pause, CancellationToken.None);
            }
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server is gone: what it had not answered with a 250 is the sender's to try again.
            Debug.WriteLine(e);
        }
    }

    private string Recipient(int number) => $"{name}.{number}@recipient.example";

    private async Task DeliverAsync(SmtpClient client, string recipient, CancellationToken patience)
    {
        var reply = await client.BeginAsync([BounceAddress.Of(recipient)], patience);
        if (reply.Code == 354)
        {
            _unanswered[recipient] = true;
            await SendAsync(client, SmtpClient.BodyOf(Message(recipient)), patience);
            reply = await client.ReadReplyAsync(patience);
            _unanswered.TryRemove(recipient, out _);
        }
        if (reply.Code == 250)
            _acknowledged.Enqueue(recipient);
        else
            _refusals.Enqueue(reply);
    }

    private async Task SendAsync(SmtpClient client, string body, CancellationToken patience)
    {
        if (BodyPause > TimeSpan.Zero)
        {
            await client.SendAsync(body[..(body.Length / 2)], patience);
            await Task.Delay(BodyPause, CancellationToken.None);
            body = body[(body.Length / 2)..];
        }
        await client.SendAsync(body, patience);
    }
}
