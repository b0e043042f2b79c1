using System.Net;
using BounceMx.Admin;
using BounceMx.Hosting;
using BounceMx.Publishing;
using BounceMx.Smtp;
using BounceMx.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BounceMx.Tests.Admin;

/// <summary>The admin listener over a database on disk, without SMTP, pipeline and sinks.</summary>
internal sealed class AdminServer : IAsyncDisposable
{
    private static readonly HttpClient Http = new();

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _app;

    private AdminServer(TelemetrySettings settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<ILogger<OtlpExporter>>(Log);
        builder.Services.AddTelemetry(settings, hasPage: true);
        builder.Services.AddSingleton(_ => Database.Open(_folder.Path));
        builder.Services.AddSingleton<Spool>();
        builder.Services.AddSingleton<EventStore>();
        builder.Services.AddSingleton<SinkOptions>();
        builder.Services.AddSingleton<SinkRunners>();
        builder.Services.AddSingleton<SmtpMetrics>();
        _app = builder.Build();
        _app.MapAdmin(_app.Services.GetRequiredService<StatusReader>(), _app.Services.GetRequiredService<PrometheusExporter>());
    }

    public RecordingLogger<OtlpExporter> Log { get; } = new();

    public SmtpMetrics Smtp => _app.Services.GetRequiredService<SmtpMetrics>();

    public Spool Spool => _app.Services.GetRequiredService<Spool>();

    public static async Task<AdminServer> StartAsync(TelemetrySettings? settings = null)
    {
        var server = new AdminServer(settings ?? new TelemetrySettings());
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Task<HttpResponseMessage> GetAsync(string path) =>
        Http.GetAsync(new Uri(new Uri(_app.Urls.Single()), path), TestContext.Current.CancellationToken);

    public async Task<PrometheusPage> ScrapeAsync()
    {
        using HttpResponseMessage response = await GetAsync("/metrics");
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return PrometheusPage.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _folder.Dispose();
    }
}
