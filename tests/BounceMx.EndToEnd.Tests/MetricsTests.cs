using System.Net;
using System.Text.RegularExpressions;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>A server that got one bounce, in a session of EHLO, MAIL, RCPT, DATA and QUIT.</summary>
public sealed class ServerAfterOneDelivery : IAsyncLifetime
{
    private BounceMxProcess? _server;

    internal BounceMxProcess Server => _server!;

    public async ValueTask InitializeAsync()
    {
        _server = await BounceMxProcess.StartAsync(new ServerSetup { Domains = [BounceAddress.Domain] });
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        using var client = await SmtpClient.ConnectAsync(_server.SmtpPort, cancellationToken);
        string message = SampleMail.UserUnknown("counted@recipient.example");
        (await client.DeliverAsync(BounceAddress.Of("counted@recipient.example"), message, cancellationToken)).Code.ShouldBe(250);
        (await client.CommandAsync("QUIT", cancellationToken)).Code.ShouldBe(221);
    }

    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? default;
}

/// <summary>What <c>/metrics</c> says of a server that was spoken to.</summary>
public sealed class MetricsTests(ServerAfterOneDelivery delivered) : IClassFixture<ServerAfterOneDelivery>
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData("bouncemx_smtp_connections_total", 1)]
    [InlineData("bouncemx_smtp_active_connections", 0)]
    [InlineData("""bouncemx_smtp_session_duration_seconds_count{end="closed"}""", 1)]
    [InlineData("""bouncemx_smtp_commands_total{verb="EHLO"}""", 1)]
    [InlineData("""bouncemx_smtp_commands_total{verb="MAIL"}""", 1)]
    [InlineData("""bouncemx_smtp_commands_total{verb="RCPT"}""", 1)]
    [InlineData("""bouncemx_smtp_commands_total{verb="DATA"}""", 1)]
    [InlineData("""bouncemx_smtp_commands_total{verb="QUIT"}""", 1)]
    [InlineData("""bouncemx_smtp_replies_total{code="220"}""", 1)]
    [InlineData("""bouncemx_smtp_replies_total{code="250"}""", 4)] // EHLO, MAIL, RCPT, the message
    [InlineData("""bouncemx_smtp_replies_total{code="354"}""", 1)]
    [InlineData("""bouncemx_smtp_replies_total{code="221"}""", 1)]
    [InlineData("""bouncemx_smtp_messages_total{outcome="accepted"}""", 1)]
    [InlineData("bouncemx_smtp_message_size_bytes_count", 1)]
    [InlineData("bouncemx_smtp_end_of_data_duration_seconds_count", 1)]
    [InlineData("bouncemx_smtp_bodies_in_flight_bytes", 0)]
    [InlineData("bouncemx_spool_messages", 1)]
    [InlineData("""bouncemx_sink_ready{sink="journal"}""", 1)]
    [InlineData("""bouncemx_sink_lag_duration_seconds{sink="journal"}""", 0)]
    [InlineData("""bouncemx_sink_dead{sink="journal"}""", 0)]
    [InlineData("""bouncemx_sink_failures_total{sink="journal"}""", 0)]
    [InlineData("""bouncemx_events_total{severity="hard",type="bounce"}""", 1)]
    [InlineData("""bouncemx_events_total{severity="none",type="complaint"}""", 0)]
    [InlineData("bouncemx_server_ready", 1)]
    public Task One_delivery_is_counted(string sample, double value) => ShowsAsync(delivered.Server, sample, count => count == value);

    [Theory]
    [InlineData("bouncemx_smtp_input_bytes_total")]
    [InlineData("bouncemx_smtp_message_size_bytes_sum")]
    [InlineData("dotnet_gc_heap_total_allocated_bytes_total")]
    [InlineData("dotnet_process_memory_working_set_bytes")]
    public Task One_delivery_leaves_its_mark(string sample) => ShowsAsync(delivered.Server, sample, count => count > 0);

    [Fact]
    public async Task A_refusal_is_counted_by_its_reason()
    {
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Domains = [BounceAddress.Domain] });

        await server.DeliverAsync("somebody@elsewhere.example", SampleMail.UserUnknown("somebody@elsewhere.example"));

        await ShowsAsync(server, """bouncemx_smtp_refusals_total{reason="no_relaying"}""", count => count == 1);
    }

    [Fact]
    public async Task No_label_holds_an_address_or_a_domain()
    {
        await using var server = await BounceMxProcess.StartAsync(new ServerSetup { Domains = [BounceAddress.Domain] });
        await server.DeliverAsync(BounceAddress.Of("counted@recipient.example"), SampleMail.UserUnknown("counted@recipient.example"));
        await server.DeliverAsync("somebody@elsewhere.example", SampleMail.UserUnknown("somebody@elsewhere.example"));
        await server.WaitUntilIdleAsync();

        (HttpStatusCode code, string page) = await server.GetAsync("/metrics");

        code.ShouldBe(HttpStatusCode.OK);
        page.ShouldNotContain("@");
        page.ShouldNotContain("127.0.0.1");
        page.ShouldNotContain("example");
    }

    [Fact]
    public async Task A_bad_URL_of_a_collector_is_named_with_its_key()
    {
        (int exitCode, ChildProcess process) = await BounceMxProcess.RunAsync(
            ["serve", "--smtp", $"127.0.0.1:{Loopback.FreePort()}", "--admin", $"127.0.0.1:{Loopback.FreePort()}"],
            new Dictionary<string, string> { ["Telemetry__OtlpEndpoint"] = "collector:4317" }
        );

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("Telemetry:OtlpEndpoint is \"collector:4317\"");
    }

    [Fact]
    public async Task A_bad_URL_in_OpenTelemetry_s_variable_is_named_with_it()
    {
        (int exitCode, ChildProcess process) = await BounceMxProcess.RunAsync(
            ["serve", "--smtp", $"127.0.0.1:{Loopback.FreePort()}", "--admin", $"127.0.0.1:{Loopback.FreePort()}"],
            new Dictionary<string, string> { ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "collector" }
        );

        exitCode.ShouldBe(2);
        process.StandardError.All.ShouldHaveSingleItem().ShouldContain("OTEL_EXPORTER_OTLP_ENDPOINT");
    }

    // The last figures of a session are counted after its last reply has gone out.
    private static async Task ShowsAsync(BounceMxProcess server, string sample, Predicate<double> expected)
    {
        string page = "";
        await Eventually.TrueAsync(
            $"{sample} on /metrics",
            async () =>
            {
                (HttpStatusCode code, page) = await server.GetAsync("/metrics");
                code.ShouldBe(HttpStatusCode.OK);
                Match line = Regex.Match(page, $"(?m)^{Regex.Escape(sample)} (?<value>\\S+)$", RegexOptions.ExplicitCapture, Limit);
                return line.Success && expected(double.Parse(line.Groups["value"].Value));
            },
            () => page
        );
    }
}
