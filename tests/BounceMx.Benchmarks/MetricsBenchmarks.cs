using BenchmarkDotNet.Attributes;
using BounceMx.Admin;
using BounceMx.Smtp;
using BounceMx.Smtp.Commands;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace BounceMx.Benchmarks;

/// <summary>What a command costs in being counted, with OpenTelemetry listening and with nobody.</summary>
[MemoryDiagnoser]
public class MetricsBenchmarks
{
    private ServiceProvider _services = null!;
    private MeterProvider? _provider;
    private SmtpMetrics _metrics = null!;

    /// <summary>Whether OpenTelemetry listens.</summary>
    [Params(false, true)]
    public bool Observed { get; set; }

    /// <summary>Makes the meter.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _services = new ServiceCollection().AddMetrics().AddSingleton<SmtpMetrics>().BuildServiceProvider();
        _metrics = _services.GetRequiredService<SmtpMetrics>();
        if (Observed)
        {
            // Without a reader the provider does not listen.
            var reader = new BaseExportingMetricReader(new PrometheusExporter());
            _provider = Sdk.CreateMeterProviderBuilder().AddMeter(SmtpMetrics.MeterName).AddReader(reader).Build();
        }
    }

    /// <summary>Ends the listening.</summary>
    [GlobalCleanup]
    public void Cleanup()
    {
        _provider?.Dispose();
        _services.Dispose();
    }

    /// <summary>A command that is answered 250.</summary>
    [Benchmark]
    public void Accepted()
    {
        _metrics.CommandReceived(SmtpVerb.Rcpt);
        _metrics.ReplySent(SmtpReplies.RecipientOk);
    }

    /// <summary>A command that is refused: the reason is counted, too.</summary>
    [Benchmark]
    public void Refused()
    {
        _metrics.CommandReceived(SmtpVerb.Rcpt);
        _metrics.ReplySent(SmtpReplies.NoRelaying);
    }

    /// <summary>What comes once a message.</summary>
    [Benchmark]
    public void Message()
    {
        _metrics.OctetsReceived(4096);
        _metrics.MessageAnswered(SmtpReplies.Accepted, 4096, TimeSpan.FromMilliseconds(3));
    }
}
