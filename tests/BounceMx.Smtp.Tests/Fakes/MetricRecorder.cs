using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace BounceMx.Smtp.Tests.Fakes;

/// <summary>A meter factory and the one who listens to its meters: adds up what is counted, keeps what is timed.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, double> _sums = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<Instrument> _instruments = new();

    public MetricRecorder()
    {
        Factory = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            // Listeners hear every meter of the process, those of other tests, too.
            if (!ReferenceEquals(instrument.Meter.Scope, Factory))
                return;
            _instruments.Enqueue(instrument);
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
        _listener.Start();
    }

    public IMeterFactory Factory { get; }

    /// <summary>What exists.</summary>
    public IReadOnlyCollection<Instrument> Instruments => _instruments;

    /// <summary>Sums by <c>instrument{label=value}</c>, the name without <c>bouncemx.smtp.</c></summary>
    public IReadOnlyDictionary<string, double> Sums
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _sums;
        }
    }

    /// <summary>Those of <see cref="Sums"/> that are not 0.</summary>
    public IReadOnlyDictionary<string, double> Counted =>
        Sums.Where(sum => sum.Value != 0).ToDictionary(sum => sum.Key, sum => sum.Value, StringComparer.Ordinal);

    /// <summary>Listens no more; the meters remain.</summary>
    public void Pause() => _listener.Dispose();

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = "";
        foreach ((string key, object? label) in tags)
            labels += string.Create(CultureInfo.InvariantCulture, $"{{{key}={label}}}");
        string name = instrument.Name.Replace("bouncemx.smtp.", "", StringComparison.Ordinal);
        _sums.AddOrUpdate(name + labels, value, (_, sum) => instrument.IsObservable ? value : sum + value);
    }
}
