using System.Diagnostics.Metrics;

namespace BounceMx.Storage;

/// <summary>What is kept and what went, as <see cref="Retention"/> last saw it. Before its first look there is no size rather than a wrong one.</summary>
internal sealed class RetentionMetrics
{
    private static readonly KeyValuePair<string, object?> DatabasePart = new("part", "database");
    private static readonly KeyValuePair<string, object?> JournalPart = new("part", "journal");

    private readonly Counter<long> _removed;
    private volatile Measurement<long>[] _sizes = [];

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">Makes the meter, and owns it.</param>
    public RetentionMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(Admin.ServerMetrics.MeterName);
        meter.CreateObservableGauge("bouncemx.storage.size", () => _sizes, "By", "Octets in use, which Storage:RetainOctets bounds");
        _removed = meter.CreateCounter<long>("bouncemx.storage.removed", "{message}", "Messages removed with their events");
        // Prometheus' rate() does not see the first count of a series that begins with it.
        _removed.Add(0);
    }

    /// <summary>Says what is in use, in octets.</summary>
    public void SetSize(long database, long journal) => _sizes = [new(database, DatabasePart), new(journal, JournalPart)];

    /// <summary>Counts messages that went.</summary>
    public void CountRemoved(int messages) => _removed.Add(messages);
}
