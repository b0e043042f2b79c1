using System.Diagnostics.Metrics;
using System.Text.Json;

namespace BounceMx.Storage;

/// <summary>
/// What the writer counts and times. Each fault is there from the start, as 0: Prometheus' <c>rate()</c> does not see the first count of a
/// series that begins with it. Called by the writer thread alone.
/// </summary>
internal sealed class StorageMetrics
{
    private static readonly KeyValuePair<string, object?>[] Tags =
    [
        .. Enum.GetNames<StorageFault>()
            .Select(name => KeyValuePair.Create("fault", (object?)JsonNamingPolicy.SnakeCaseLower.ConvertName(name))),
    ];

    // An fsync takes from a tenth of a millisecond (cache with a battery) to seconds (a disk in trouble).
    private static readonly InstrumentAdvice<double> CommitTimes = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Counter<long> _commits;
    private readonly Counter<long> _writes;
    private readonly Histogram<double> _duration;
    private readonly long[] _failures = new long[Tags.Length];

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter, and owns it.</param>
    public StorageMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Admin.ServerMetrics.MeterName);
        _commits = meter.CreateCounter<long>("bouncemx.storage.commits", "{commit}", "Transactions that reached the disk");
        _writes = meter.CreateCounter<long>(
            "bouncemx.storage.writes",
            "{write}",
            "Changes in them: messages, events of a message, cursors"
        );
        _duration = meter.CreateHistogram(
            "bouncemx.storage.commit.duration",
            "s",
            "From the begin of a transaction to the end of its fsync",
            tags: null,
            CommitTimes
        );
        meter.CreateObservableCounter(
            "bouncemx.storage.failures",
            () => _failures.Select((_, i) => new Measurement<long>(Interlocked.Read(ref _failures[i]), Tags[i])),
            "{commit}",
            "Transactions that did not reach the disk, by what kept them from it"
        );
    }

    /// <summary>A transaction is on disk.</summary>
    public void Committed(int writes, TimeSpan duration)
    {
        _commits.Add(1);
        _writes.Add(writes);
        _duration.Record(duration.TotalSeconds);
    }

    /// <summary>A transaction is not on disk.</summary>
    public void Failed(StorageFault fault) => Interlocked.Increment(ref _failures[(int)fault]);
}
