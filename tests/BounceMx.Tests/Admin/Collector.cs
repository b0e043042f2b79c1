using System.Net;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace BounceMx.Tests.Admin;

/// <summary>What a collector was sent.</summary>
/// <param name="Path">The path of the request.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Body">Its octets, one character each.</param>
internal sealed record Export(string Path, string? ContentType, string Body);

/// <summary>An OpenTelemetry collector on a loopback port: takes everything, by protocol buffers over HTTP or by gRPC, and reads none of it.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly Channel<Export> _exports = Channel.CreateBounded<Export>(
        new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.DropOldest }
    );

    private readonly WebApplication _app;

    private Collector(int port, HttpProtocols protocols)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = protocols));
        _app = builder.Build();
        _app.Run(TakeAsync);
    }

    public string Url => _app.Urls.Single();

    public static async Task<Collector> StartAsync(int port = 0, HttpProtocols protocols = HttpProtocols.Http1)
    {
        var collector = new Collector(port, protocols);
        await collector._app.StartAsync(TestContext.Current.CancellationToken);
        return collector;
    }

    /// <summary>Waits for an export that mentions all of some names.</summary>
    public async Task<Export> TakenAsync(params string[] names)
    {
        while (true)
        {
            Export export = await _exports.Reader.ReadAsync(TestContext.Current.CancellationToken);
            if (names.All(name => export.Body.Contains(name, StringComparison.Ordinal)))
                return export;
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        bool isGrpc = context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) == true;
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        if (isGrpc)
        {
            context.Response.ContentType = "application/grpc";
            context.Response.DeclareTrailer("grpc-status");
            // An empty message: not compressed, no octets.
            await context.Response.Body.WriteAsync(new byte[5], context.RequestAborted);
            context.Response.AppendTrailer("grpc-status", "0");
        }
        _exports.Writer.TryWrite(new Export(context.Request.Path, context.Request.ContentType, Encoding.Latin1.GetString(body.ToArray())));
    }
}
