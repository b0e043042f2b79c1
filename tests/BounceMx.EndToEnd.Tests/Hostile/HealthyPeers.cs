using System.Collections.Concurrent;
using System.Diagnostics;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>Ten connections that deliver one bounce after the other for a while, and how long each delivery took them.</summary>
/// <param name="name">Makes their recipients differ from all others: letters and digits.</param>
internal sealed class HealthyPeers(string name)
{
    private const int Connections = 10;

    private readonly ConcurrentBag<TimeSpan> _times = [];
    private int _number;

    /// <summary>Messages that got their 250.</summary>
    public int Delivered => _times.Count;

    /// <summary>What 99 of 100 deliveries took at most.</summary>
    public TimeSpan P99 => _times.Order().ElementAt(_times.Count * 99 / 100);

    /// <summary>Delivers. Any reply but a 250 fails the test.</summary>
    public Task RunAsync(int smtpPort, TimeSpan duration) =>
        Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => DeliverAsync(smtpPort, duration))));

    public override string ToString() => $"{Delivered} deliveries, p99 {P99.TotalMilliseconds:F1} ms";

    private async Task DeliverAsync(int smtpPort, TimeSpan duration)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = await SmtpClient.ConnectAsync(smtpPort, cancellationToken);
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < duration; )
        {
            var recipient = $"{name}.{Interlocked.Increment(ref _number)}@recipient.example";
            var message = SampleMail.UserUnknown(recipient);
            var began = Stopwatch.GetTimestamp();
            (await client.DeliverAsync(BounceAddress.Of(recipient), message, cancellationToken)).Code.ShouldBe(250);
            _times.Add(Stopwatch.GetElapsedTime(began));
        }
    }
}
