using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;
using BounceMx.Smtp.Tls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>What a server under test is made of; what a test does not say is the default.</summary>
internal sealed record ServerSetup
{
    public IReadOnlyList<SmtpServerOptions> Listeners { get; init; } = [Options];

    public IPAddress Address { get; init; } = IPAddress.Loopback;

    public SmtpLimitOptions Limits { get; init; } = new();

    public BodyLimits Bodies { get; init; } = new();

    public IMailHandlerFactory Handlers { get; init; } = new RecordingMailHandler();

    public TlsCertificates? Certificates { get; init; }

    /// <summary>Octets that the kernel holds for a peer that takes none; <c>null</c>: megabytes.</summary>
    public int? SendBuffer { get; init; }

    /// <summary>What the tests change a little of.</summary>
    public static SmtpServerOptions Options { get; } = new() { HostName = "mx.bounces.test" };

    /// <summary>The same behind a proxy on this machine, so that a peer can have any address.</summary>
    public static SmtpServerOptions Proxied { get; } = Options with { ProxyNetworks = ["127.0.0.0/8"] };

    /// <summary>One certificate for all tests: making a key is slow.</summary>
    public static TlsCertificates SelfSigned { get; } = TlsCertificates.SelfSigned("mx.bounces.test", TimeProvider.System);
}

/// <summary>A whole server, from Kestrel's sockets to the limits, with ears on its log and its metrics.</summary>
internal sealed class RunningServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly TemporaryBodies _bodies;
    private readonly MetricRecorder _metrics = new();
    private readonly RecordingLogs _logs = new();

    private RunningServer(ServerSetup setup)
    {
        _bodies = new TemporaryBodies(setup.Bodies);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(_logs);
        builder.Services.AddSingleton(setup.Handlers).AddSingleton(setup.Limits).AddSingleton(_bodies.Store);
        builder.Services.AddSingleton(new SmtpMetrics(_metrics.Factory));
        if (setup.Certificates is not null)
            builder.Services.AddSingleton(setup.Certificates);
        builder.Services.AddSmtpServer();
        if (setup.SendBuffer is { } size)
            builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = at => Bind(at, size));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            foreach (SmtpServerOptions options in setup.Listeners)
                kestrel.Listen(setup.Address, port: 0, listen => listen.UseSmtp(options));
        });
        _app = builder.Build();
    }

    public SmtpServer Server => _app.Services.GetRequiredService<SmtpServer>();

    /// <summary>Sums by <c>instrument{label=value}</c>; what was never counted is 0.</summary>
    public double Count(string metric) => _metrics.Sums.GetValueOrDefault(metric);

    /// <summary>What an operator reads without asking for more.</summary>
    public IEnumerable<LogEntry> Log => _logs.Entries.Where(entry => entry.Level >= LogLevel.Information && entry.IsOurs);

    public static async Task<RunningServer> StartAsync(ServerSetup? setup = null)
    {
        var server = new RunningServer(setup ?? new ServerSetup());
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Connects, and says nothing.</summary>
    /// <param name="listener">Which of the listeners, in their order.</param>
    /// <param name="receiveBuffer">Octets that the kernel takes for a peer that reads none; <c>null</c>: megabytes.</param>
    public async Task<Peer> ConnectAsync(int listener = 0, int? receiveBuffer = null)
    {
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ElementAt(listener);
        var at = IPEndPoint.Parse(new Uri(address).Authority);
        var socket = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size)
            socket.ReceiveBufferSize = size;
        await socket.ConnectAsync(at);
        return new Peer(socket);
    }

    /// <summary>Connects through the proxy that <see cref="ServerSetup.Proxied"/> expects.</summary>
    /// <param name="address">Whom the proxy speaks for.</param>
    public async Task<Peer> ConnectAsync(string address)
    {
        Peer peer = await ConnectAsync();
        await peer.SendAsync($"PROXY TCP4 {address} 198.51.100.1 1000 25\r\n");
        return peer;
    }

    /// <summary>Connects, reads the greeting and says EHLO.</summary>
    public async Task<Peer> GreetAsync(int listener = 0) => await (await ConnectAsync(listener)).GreetAsync();

    public Task StopAsync() => _app.StopAsync();

    /// <summary>Waits for what the server does behind the back of its peers.</summary>
    public static async Task UntilAsync(string what, Func<bool> probe)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (!probe())
        {
            if (limit.IsCancellationRequested)
                throw new TimeoutException($"Waited in vain for {what}.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _metrics.Dispose();
        _bodies.Dispose();
    }

    private static Socket Bind(EndPoint at, int sendBuffer)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(at);
        // The sockets that are accepted inherit it.
        socket.SendBufferSize = sendBuffer;
        return socket;
    }
}

internal sealed record LogEntry(LogLevel Level, string Category, string Text, Exception? Exception)
{
    public bool IsOurs => Category.StartsWith("BounceMx", StringComparison.Ordinal);
}

/// <summary>Keeps what all parts of the server log.</summary>
internal sealed class RecordingLogs : ILoggerProvider
{
    private readonly ConcurrentQueue<LogEntry> _entries = new();

    public IReadOnlyCollection<LogEntry> Entries => _entries;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose() { }

    private sealed class Logger(RecordingLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel level,
            EventId id,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => logs._entries.Enqueue(new LogEntry(level, category, formatter(state, exception), exception));
    }
}
