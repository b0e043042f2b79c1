using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using BounceMx.Admin;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Hosting;
using BounceMx.Smtp;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry.Metrics;

namespace BounceMx.Tests.Admin;

/// <summary>What those who watch from outside get: by asking, and by being sent it.</summary>
public sealed class TelemetryTests
{
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task The_page_shows_what_the_SMTP_server_counted()
    {
        await using AdminServer server = await AdminServer.StartAsync();
        PlaySession(server.Smtp);

        PrometheusPage page = await server.ScrapeAsync();

        page.Samples["bouncemx_smtp_connections_total"].ShouldBe(1);
        page.Samples["bouncemx_smtp_active_connections"].ShouldBe(0);
        page.Samples["""bouncemx_smtp_messages_total{outcome="accepted"}"""].ShouldBe(1);
        page.Samples["""bouncemx_smtp_replies_total{code="250"}"""].ShouldBe(1);
        page.Samples["""bouncemx_smtp_session_duration_seconds_count{end="closed"}"""].ShouldBe(1);
        page.Samples["""bouncemx_smtp_message_size_bytes_bucket{le="4096"}"""].ShouldBe(1);
        page.Samples["""bouncemx_smtp_end_of_data_duration_seconds_bucket{le="0.0025"}"""].ShouldBe(0);
        page.Samples["""bouncemx_smtp_end_of_data_duration_seconds_bucket{le="0.005"}"""].ShouldBe(1);
    }

    [Fact]
    public async Task The_page_shows_the_spool()
    {
        await using AdminServer server = await AdminServer.StartAsync();
        await server.Spool.AppendAsync(Sample.Envelope(), Sample.Received, [1, 2, 3], TestContext.Current.CancellationToken);

        PrometheusPage page = await server.ScrapeAsync();

        page.Samples["bouncemx_spool_messages"].ShouldBe(1);
        page.Samples["bouncemx_spool_unread"].ShouldBe(1);
        page.Samples["bouncemx_server_ready"].ShouldBe(1);
    }

    [Theory]
    [InlineData("dotnet_process_memory_working_set_bytes", "gauge")]
    [InlineData("dotnet_process_cpu_time_seconds_total", "counter")]
    [InlineData("dotnet_gc_heap_total_allocated_bytes_total", "counter")]
    [InlineData("dotnet_thread_pool_work_item_count_total", "counter")]
    public async Task The_page_shows_the_runtime(string name, string type)
    {
        await using AdminServer server = await AdminServer.StartAsync();

        (await server.ScrapeAsync()).Types[name].ShouldBe(type);
    }

    [Fact]
    public async Task The_page_has_the_media_type_of_the_text_format()
    {
        await using AdminServer server = await AdminServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync("/metrics");

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/plain; version=0.0.4; charset=utf-8");
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    [InlineData("/status")]
    public async Task Health_is_told_beside_it(string path)
    {
        await using AdminServer server = await AdminServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_page_for_people_links_to_it()
    {
        await using AdminServer server = await AdminServer.StartAsync();

        using HttpResponseMessage response = await server.GetAsync("/");

        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("href=\"/metrics\"");
    }

    [Fact]
    public void Without_a_page_and_a_collector_nobody_listens()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddTelemetry(new TelemetrySettings(), hasPage: false)
            .BuildServiceProvider();

        services.GetService<MeterProvider>().ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    public async Task A_collector_is_sent_metrics_over_HTTP(string suffix)
    {
        await using Collector collector = await Collector.StartAsync();
        await using AdminServer server = await AdminServer.StartAsync(Sending(collector.Url + suffix, OtlpProtocol.Http));
        PlaySession(server.Smtp);

        Export export = await collector.TakenAsync("bouncemx.smtp.connections", "bouncemx.spool.unread", "dotnet.process.cpu.time");

        export.Path.ShouldBe("/v1/metrics");
        export.ContentType.ShouldBe("application/x-protobuf");
        export.Body.ShouldContain("service.name");
    }

    [Fact]
    public async Task A_collector_is_sent_metrics_over_gRPC()
    {
        await using Collector collector = await Collector.StartAsync(protocols: HttpProtocols.Http2);
        await using AdminServer server = await AdminServer.StartAsync(Sending(collector.Url, OtlpProtocol.Grpc));
        PlaySession(server.Smtp);

        Export export = await collector.TakenAsync("bouncemx.smtp.connections");

        export.Path.ShouldBe("/opentelemetry.proto.collector.metrics.v1.MetricsService/Export");
        server.Log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_figures_are_sent_when_the_server_stops()
    {
        await using Collector collector = await Collector.StartAsync();
        await using AdminServer server = await AdminServer.StartAsync(
            new TelemetrySettings
            {
                OtlpEndpoint = collector.Url,
                OtlpProtocol = OtlpProtocol.Http,
                ExportInterval = TimeSpan.FromHours(1),
            }
        );
        PlaySession(server.Smtp);

        await server.StopAsync();

        await collector.TakenAsync("bouncemx.smtp.connections");
    }

    [Fact]
    public async Task A_collector_that_is_away_is_logged_once_until_it_is_back()
    {
        int port = Loopback.FreePort();
        await using AdminServer server = await AdminServer.StartAsync(Sending($"http://127.0.0.1:{port}", OtlpProtocol.Http));
        await Eventually.TrueAsync("a warning", () => server.Log.Lines.Count > 0);
        // Two more rounds in vain, and the page goes on.
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < 2.5 * Often; )
            await server.ScrapeAsync();

        await using Collector collector = await Collector.StartAsync(port);
        await collector.TakenAsync("bouncemx.spool.unread");
        await Eventually.TrueAsync("a second line", () => server.Log.Lines.Count > 1);

        server.Log.Lines.ShouldBe([
            $"The collector at http://127.0.0.1:{port}/v1/metrics does not take our metrics; said once until it does",
            $"The collector at http://127.0.0.1:{port}/v1/metrics takes our metrics again",
        ]);
    }

    [Fact]
    public async Task A_collector_that_does_not_answer_does_not_hold_up_the_end()
    {
        using var deaf = new TcpListener(IPAddress.Loopback, 0);
        deaf.Start();
        await using AdminServer server = await AdminServer.StartAsync(Sending($"http://{deaf.LocalEndpoint}", OtlpProtocol.Http));
        using Socket _ = await deaf.AcceptSocketAsync(TestContext.Current.CancellationToken);

        var clock = Stopwatch.StartNew();
        await server.StopAsync();

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    [Theory]
    [InlineData("", null, false)]
    [InlineData("", "", false)]
    [InlineData("http://c.test", null, true)]
    [InlineData("", "https://c.test:4318", true)]
    [InlineData("http://c.test", "nonsense", true)]
    public void Metrics_are_sent_where_the_setting_or_the_variable_says_so(string setting, string? variable, bool expected) =>
        OtlpExporter.IsWanted(new TelemetrySettings { OtlpEndpoint = setting }, variable).ShouldBe(expected);

    private static TelemetrySettings Sending(string endpoint, OtlpProtocol protocol) =>
        new()
        {
            OtlpEndpoint = endpoint,
            OtlpProtocol = protocol,
            ExportInterval = Often,
        };

    private static void PlaySession(SmtpMetrics metrics)
    {
        metrics.ConnectionOpened();
        metrics.ReplySent(SmtpReplies.Accepted);
        metrics.MessageAnswered(SmtpReplies.Accepted, 4000, TimeSpan.FromMilliseconds(4));
        metrics.ConnectionEnded(ConnectionEnd.Closed, TimeSpan.FromSeconds(1));
    }
}
