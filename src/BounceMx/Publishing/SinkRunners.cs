using BounceMx.Storage;

namespace BounceMx.Publishing;

/// <summary>All sinks' runners, started and stopped together.</summary>
internal sealed class SinkRunners(IEnumerable<ISink> sinks, EventStore store, TimeProvider time, ILogger<SinkRunner> logger)
    : IHostedService
{
    /// <summary>One a configured sink.</summary>
    public IReadOnlyList<SinkRunner> All { get; } = [.. sinks.Select(sink => new SinkRunner(sink, store, time, logger))];

    public Task StartAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(runner => runner.StartAsync(cancellationToken)));

    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(All.Select(runner => runner.StopAsync(cancellationToken)));
}
