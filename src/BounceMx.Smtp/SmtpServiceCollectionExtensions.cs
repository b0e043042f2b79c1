using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BounceMx.Smtp;

/// <summary>Composition of the SMTP server.</summary>
public static class SmtpServiceCollectionExtensions
{
    // Octets of a connection that are read ahead. Kestrel's default of 1 MiB is memory that a thousand slow peers could hold.
    private const int ReadAhead = 64 * 1024;

    // Octets of replies that a connection's peer has not taken, kept by Kestrel and by the system each. Left to themselves, the first keeps
    // 64 KiB and the second grows to 4 MiB (Linux's tcp_wmem), for as long as peers that read nothing are suffered. Replies are short.
    private const int WriteAhead = 16 * 1024;

    /// <summary>
    /// Adds <see cref="SmtpServer"/>. What it is made of is the caller's to add: <see cref="IMailHandlerFactory"/>,
    /// <see cref="Limits.SmtpLimitOptions"/>, <see cref="Bodies.BodyStore"/> and, for TLS, <see cref="Tls.TlsCertificates"/>. Also limits how
    /// far Kestrel reads and writes ahead on every socket. Listen with <see cref="UseSmtp"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddSmtpServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<SmtpMetrics>();
        services.TryAddSingleton<SmtpServer>();
        services.AddHostedService<SmtpShutdown>();
        services.Configure<SocketTransportOptions>(sockets =>
        {
            sockets.MaxReadBufferSize = ReadAhead;
            sockets.MaxWriteBufferSize = WriteAhead;
            sockets.CreateBoundListenSocket = Bind;
        });
        return services;
    }

    /// <summary>Speaks SMTP on a listener: <c>kestrel.Listen(endpoint, listen => listen.UseSmtp(options))</c>.</summary>
    /// <param name="listen">The listener.</param>
    /// <param name="options">What is enforced on it.</param>
    public static void UseSmtp(this ListenOptions listen, SmtpServerOptions options)
    {
        ArgumentNullException.ThrowIfNull(listen);
        var server = listen.ApplicationServices.GetRequiredService<SmtpServer>();
        var listener = new SmtpListener(server, options);
        listen.Run(connection => new KestrelConnection(listener, connection).RunAsync());
    }

    // What is accepted inherits it.
    private static Socket Bind(EndPoint endpoint)
    {
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = WriteAhead;
        return socket;
    }
}
