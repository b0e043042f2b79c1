using System.Diagnostics.Metrics;

namespace BounceMx.Admin;

/// <summary>
/// What <c>/status</c> says, as gauges: the meter <c>BounceMx</c>. Where the database cannot be read, there is no value rather than a wrong one.
/// All gauges of one collection, and of collections within a second, share one reading.
/// </summary>
internal sealed class ServerMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "BounceMx";

    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly StatusReader _reader;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private ServerStatus? _status;
    private long _readAt;

    public ServerMetrics(StatusReader reader, IMeterFactory meters, TimeProvider time)
    {
        (_reader, _time) = (reader, time);
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "bouncemx.server.ready",
            () => Status.Ready ? 1 : 0,
            unit: null,
            "1 when /health/ready says so, else 0"
        );
        meter.CreateObservableGauge("bouncemx.spool.messages", () => OfSpool(spool => spool.Stored), "{message}", "Messages on disk");
        meter.CreateObservableGauge(
            "bouncemx.spool.unread",
            () => OfSpool(spool => spool.Unread),
            "{message}",
            "Messages not analysed yet"
        );
        meter.CreateObservableGauge(
            "bouncemx.sink.lag",
            () => OfSinks(sink => sink.Lag),
            "{event}",
            "Events that a sink has not taken yet"
        );
        meter.CreateObservableGauge(
            "bouncemx.sink.ready",
            () => OfSinks(sink => sink.Fault is null ? 1 : 0),
            unit: null,
            "1 when the sink takes events, else 0"
        );
    }

    private ServerStatus Status
    {
        get
        {
            lock (_gate)
            {
                if (_status is null || _time.GetElapsedTime(_readAt) >= Freshness)
                {
                    _status = _reader.Read();
                    _readAt = _time.GetTimestamp();
                }
                return _status;
            }
        }
    }

    private IEnumerable<Measurement<long>> OfSpool(Func<SpoolStatus, long> figure) =>
        Status.Spool is { } spool ? [new Measurement<long>(figure(spool))] : [];

    private IEnumerable<Measurement<long>> OfSinks(Func<SinkStatus, long> figure) =>
        Status.Sinks.Select(sink => new Measurement<long>(figure(sink), KeyValuePair.Create("sink", (object?)sink.Name)));
}
