using System.Reflection;
using BounceMx.Hosting;
using BounceMx.Smtp;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace BounceMx.Admin;

/// <summary>
/// Runs OpenTelemetry's meter provider as long as the server runs. Add it before the other hosted services: it then begins to listen before
/// anything is counted, and sends its last figures when all else has stopped.
/// Our meters and .NET's own (<c>System.Runtime</c>: memory, GC, thread pool) are collected. Kestrel's is not: it labels by address.
/// </summary>
internal sealed class Telemetry(MeterProvider provider) : IHostedService
{
    // A collector that does not answer must not hold up the end of the server.
    private const int LastExport = 2000; // milliseconds

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.Run(() => provider.Shutdown(LastExport), cancellationToken);
}

/// <summary>Composition of the telemetry.</summary>
internal static class TelemetryServiceCollectionExtensions
{
    // Series of one metric; what is beyond goes into one that says so. Room for every reason of refusal. OpenTelemetry's default is 2,000,
    // and takes the memory for all of them at once, for each metric and each reader.
    private const int MaxSeries = 200;

    /// <summary>Adds the reading of the status, and the export of metrics. Where there is neither a page nor a collector, nobody listens and counting costs next to nothing.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">Where to send metrics.</param>
    /// <param name="hasPage">Whether there is an admin listener, with its page for Prometheus.</param>
    public static IServiceCollection AddTelemetry(this IServiceCollection services, TelemetrySettings settings, bool hasPage)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<StatusReader>();
        bool isSent = OtlpExporter.IsWanted(settings, Environment.GetEnvironmentVariable(TelemetrySettings.EndpointVariable));
        if (!hasPage && !isSent)
            return services;
        services.AddMetrics();
        services.AddSingleton<ServerMetrics>();
        if (hasPage)
            services.AddSingleton<PrometheusExporter>();
        services.AddSingleton(provider => BuildProvider(provider, isSent ? settings : null));
        return services.AddHostedService<Telemetry>();
    }

    private static MeterProvider BuildProvider(IServiceProvider services, TelemetrySettings? sent)
    {
        services.GetRequiredService<ServerMetrics>();
        MeterProviderBuilder builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(Resource())
            .AddView("*", new MetricStreamConfiguration { CardinalityLimit = MaxSeries })
            .AddMeter(SmtpMetrics.MeterName, ServerMetrics.MeterName, "System.Runtime");
        if (services.GetService<PrometheusExporter>() is { } prometheus)
            builder.AddReader(new BaseExportingMetricReader(prometheus));
        if (sent is not null)
            builder.AddReader(OtlpExporter.CreateReader(sent, services.GetRequiredService<ILogger<OtlpExporter>>()));
        return builder.Build();
    }

    // The variables last: OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES overrule.
    private static ResourceBuilder Resource() =>
        ResourceBuilder
            .CreateEmpty()
            .AddService("bouncemx", serviceVersion: Assembly.GetExecutingAssembly().GetName().Version?.ToString(3))
            .AddTelemetrySdk()
            .AddEnvironmentVariableDetector();
}
