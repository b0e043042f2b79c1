using System.Net;
using System.Net.Sockets;
using System.Text;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;
using BounceMx.Smtp.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>Servers on loopback ports, one for each set of options; each connection gets the handler that it brings.</summary>
public sealed class TestServer : IAsyncDisposable
{
    private readonly Dictionary<SmtpServerOptions, (WebApplication App, HandlerOfTheDay Handlers)> _running = [];

    internal static SmtpServerOptions Options { get; } = new() { HostName = "mx.bounces.test" };

    /// <summary>Connects to a server with these options, which is started when there is none yet.</summary>
    /// <param name="options">What the server enforces.</param>
    /// <param name="handler">What the connection's mail comes to.</param>
    /// <param name="early">What is sent before the greeting.</param>
    internal async Task<NetworkStream> ConnectAsync(SmtpServerOptions options, RecordingMailHandler handler, string early = "")
    {
        if (!_running.TryGetValue(options, out (WebApplication App, HandlerOfTheDay Handlers) server))
            server = _running[options] = await StartAsync(options);
        server.Handlers.Next = handler;
        string address = server.App.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        var stream = new NetworkStream(socket, ownsSocket: true);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(early));
        return stream;
    }

    public async ValueTask DisposeAsync()
    {
        foreach ((WebApplication app, _) in _running.Values)
            await app.DisposeAsync();
    }

    private static async Task<(WebApplication App, HandlerOfTheDay Handlers)> StartAsync(SmtpServerOptions options)
    {
        var handlers = new HandlerOfTheDay();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMailHandlerFactory>(handlers);
        builder.Services.AddSingleton(new SmtpLimitOptions());
        builder.Services.AddSingleton(TemporaryBodies.Shared);
        builder.Services.AddSingleton(TlsCertificates.SelfSigned(options.HostName, TimeProvider.System));
        builder.Services.AddSmtpServer();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.UseSmtp(options)));
        WebApplication app = builder.Build();
        await app.StartAsync();
        return (app, handlers);
    }

    private sealed class HandlerOfTheDay : IMailHandlerFactory
    {
        public IMailHandler? Next { get; set; }

        public IMailHandler Create() => Next!;
    }
}
