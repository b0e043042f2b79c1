using BounceMx.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace BounceMx.Admin;

/// <summary>
/// Sends metrics to a collector: OpenTelemetry's own exporter, on a thread of its own, which says in our log when the collector stops taking
/// them and when it takes them again. What it could not send is not kept: the figures are cumulative, the next ones tell the same.
/// </summary>
internal sealed class OtlpExporter(OtlpExporterOptions options, ILogger<OtlpExporter> logger) : OtlpMetricExporter(options)
{
    private const int DefaultInterval = 60_000;

    private readonly Uri _endpoint = options.Endpoint;
    private bool _isFailing;

    /// <summary>Whether metrics are to be sent.</summary>
    /// <param name="settings">Says so, or leaves it to the variable.</param>
    /// <param name="variable">The value of <see cref="TelemetrySettings.EndpointVariable"/>.</param>
    public static bool IsWanted(TelemetrySettings settings, string? variable) =>
        settings.OtlpEndpoint.Length > 0 || !string.IsNullOrEmpty(variable);

    /// <summary>The exporter with the reader that calls it once an interval.</summary>
    public static PeriodicExportingMetricReader CreateReader(TelemetrySettings settings, ILogger<OtlpExporter> logger)
    {
        double interval =
            settings.ExportInterval?.TotalMilliseconds
            ?? new PeriodicExportingMetricReaderOptions().ExportIntervalMilliseconds
            ?? DefaultInterval;
        return new PeriodicExportingMetricReader(new OtlpExporter(Options(settings), logger), (int)interval);
    }

    // New options hold what OpenTelemetry's variables say.
    private static OtlpExporterOptions Options(TelemetrySettings settings)
    {
        var options = new OtlpExporterOptions();
        if (settings.OtlpProtocol is { } protocol)
            options.Protocol = protocol == OtlpProtocol.Http ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        if (settings.OtlpEndpoint.Length > 0)
        {
            // The path is appended to the variable's URL, but not to one that is set by code.
            string path = options.Protocol == OtlpExportProtocol.HttpProtobuf ? "/v1/metrics" : "";
            options.Endpoint = new Uri(settings.OtlpEndpoint.TrimEnd('/') + path);
        }
        return options;
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> metrics)
    {
        ExportResult result = base.Export(metrics);
        bool fails = result != ExportResult.Success;
        if (fails && !_isFailing)
            TelemetryLog.NotTaken(logger, _endpoint);
        if (!fails && _isFailing)
            TelemetryLog.TakenAgain(logger, _endpoint);
        _isFailing = fails;
        return result;
    }
}
