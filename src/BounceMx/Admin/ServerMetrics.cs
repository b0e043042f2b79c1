using System.Diagnostics.Metrics;

namespace BounceMx.Admin;

/// <summary>
/// What <c>/status</c> says, as gauges: the meter <c>BounceMx</c>. Where the database cannot be read, there is no value rather than a wrong one.
/// All gauges of one collection share one reading, as it is a second fresh.
/// </summary>
internal sealed class ServerMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "BounceMx";

    private readonly StatusReader _status;

    public ServerMetrics(StatusReader status, IMeterFactory meters)
    {
        _status = status;
        Meter meter = meters.Create(MeterName);
        meter.CreateObservableGauge(
            "bouncemx.server.ready",
            () => _status.Read().Ready ? 1 : 0,
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
            "bouncemx.sink.lag.duration",
            () => OfSinks(sink => sink.LagSeconds),
            "s",
            "How long the oldest event has been waiting that a sink has not taken yet"
        );
        meter.CreateObservableGauge(
            "bouncemx.sink.dead",
            () => OfSinks(sink => sink.Dead),
            "{event}",
            "Events that a sink refused for good"
        );
        meter.CreateObservableCounter(
            "bouncemx.sink.failures",
            () => OfSinks(sink => sink.Failures),
            "{try}",
            "Tries to publish that failed"
        );
        meter.CreateObservableGauge(
            "bouncemx.sink.ready",
            () => OfSinks(sink => sink.Fault is null ? 1 : 0),
            unit: null,
            "1 when the sink takes events, else 0"
        );
    }

    private IEnumerable<Measurement<long>> OfSpool(Func<SpoolStatus, long> figure) =>
        _status.Read().Spool is { } spool ? [new Measurement<long>(figure(spool))] : [];

    private IEnumerable<Measurement<T>> OfSinks<T>(Func<SinkStatus, T> figure)
        where T : struct =>
        _status.Read().Sinks.Select(sink => new Measurement<T>(figure(sink), KeyValuePair.Create("sink", (object?)sink.Name)));
}
