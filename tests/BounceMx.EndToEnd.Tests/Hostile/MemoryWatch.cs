using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>Samples a server's resident memory until it is disposed.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly BounceMxProcess _server;
    private readonly PeriodicTimer _timer = new(Interval);
    private readonly List<long> _samples = [];
    private readonly Task _sampling;

    public MemoryWatch(BounceMxProcess server)
    {
        _server = server;
        _samples.Add(server.ResidentMemory());
        _sampling = SampleAsync();
    }

    /// <summary>Octets that it took at the beginning.</summary>
    public long First => _samples[0];

    /// <summary>Octets by which it was above the beginning at its highest.</summary>
    public long Growth => _samples.Max() - First;

    /// <summary>Octets that it took in one third of the time, on average.</summary>
    /// <param name="third">0 to 2.</param>
    public double MeanOfThird(int third) => _samples.Chunk((_samples.Count / 3) + 1).ElementAt(third).Average();

    /// <summary>Ends the sampling; the figures stand from then on.</summary>
    public async ValueTask DisposeAsync()
    {
        _timer.Dispose();
        await _sampling;
    }

    private async Task SampleAsync()
    {
        while (await _timer.WaitForNextTickAsync())
            _samples.Add(_server.ResidentMemory());
    }
}
