using System.Globalization;
using System.Text.Encodings.Web;

namespace BounceMx.Admin;

/// <summary>
/// The admin listener: <c>/health/live</c> (the process answers), <c>/health/ready</c> (503 and why, when no mail should be sent here or a sink
/// lags too far behind), <c>/status</c> (the same with figures), <c>/metrics</c> (for Prometheus) and a page for people at <c>/</c>. Read-only; no addresses.
/// </summary>
internal static class AdminEndpoints
{
    /// <summary>Adds the endpoints.</summary>
    /// <param name="app">Where to.</param>
    /// <param name="status">Says how the server is.</param>
    /// <param name="prometheus">Makes the page of metrics.</param>
    public static void MapAdmin(this WebApplication app, StatusReader status, PrometheusExporter prometheus)
    {
        app.UseRouting();
        app.MapGet("/health/live", context => context.Response.WriteAsync("alive\n"));
        app.MapGet("/health/ready", context => WriteAsync(context, status.Read(), failing: StatusCodes.Status503ServiceUnavailable));
        app.MapGet("/status", context => WriteAsync(context, status.Read(), failing: StatusCodes.Status200OK));
        app.MapGet("/", context => WritePageAsync(context, status.Read()));
        app.MapGet("/metrics", context => WriteMetricsAsync(context, prometheus));
    }

    private static Task WriteAsync(HttpContext context, ServerStatus status, int failing)
    {
        context.Response.StatusCode = status.Ready ? StatusCodes.Status200OK : failing;
        return context.Response.WriteAsJsonAsync(status, AdminJson.Default.ServerStatus);
    }

    private static async Task WriteMetricsAsync(HttpContext context, PrometheusExporter prometheus)
    {
        string page = await prometheus.ScrapeAsync(context.RequestAborted);
        context.Response.ContentType = PrometheusText.ContentType;
        await context.Response.WriteAsync(page, context.RequestAborted);
    }

    private static Task WritePageAsync(HttpContext context, ServerStatus status)
    {
        HtmlEncoder html = HtmlEncoder.Default;
        string sinks = string.Concat(
            status.Sinks.Select(sink =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"<tr><td>{html.Encode(sink.Name)}</td><td>{sink.Lag}</td><td>{sink.LagSeconds:0} s</td><td>{sink.Dead}</td><td>{html.Encode(sink.Fault ?? "takes events")}</td></tr>"
                )
            )
        );
        string faults = string.Concat(status.Faults.Select(fault => $"<li>{html.Encode(fault)}</li>"));
        string warnings = string.Concat(status.Warnings.Select(warning => $"<li>{html.Encode(warning)}</li>"));
        context.Response.ContentType = "text/html; charset=utf-8";
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(
            $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <meta http-equiv="refresh" content="5">
            <title>BounceMx</title>
            <style>
              body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 44rem; padding: 0 1rem; color-scheme: light dark }
              table { border-collapse: collapse; width: 100% }
              th, td { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #8884 }
              .bad { color: #c22 }
            </style>
            <h1>BounceMx</h1>
            <p>{{(status.Ready ? "Ready." : "<strong class=\"bad\">In trouble.</strong>")}}</p>
            <ul class="bad">{{faults}}</ul>
            <ul>{{warnings}}</ul>
            <h2>Spool</h2>
            <table><tr><th>messages stored</th><th>not analysed yet</th></tr>
            <tr><td>{{status.Spool?.Stored}}</td><td>{{status.Spool?.Unread}}</td></tr></table>
            <h2>Sinks</h2>
            <table><tr><th>sink</th><th>events waiting</th><th>the oldest for</th><th>refused</th><th>state</th></tr>{{sinks}}</table>
            <p><small>Events are in the journal and in the streams; figures as JSON at <a href="/status">/status</a>,
            for Prometheus at <a href="/metrics">/metrics</a>.</small></p>
            </html>
            """
        );
    }
}
