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

    /// <summary>
    /// Adds <see cref="SmtpServer"/>. What it is made of is the caller's to add: <see cref="IMailHandlerFactory"/>,
    /// <see cref="Limits.SmtpLimitOptions"/>, <see cref="Bodies.BodyStore"/> and, for TLS, <see cref="Tls.TlsCertificates"/>. Also limits how
    /// far Kestrel reads ahead on every socket. Listen with <see cref="UseSmtp"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddSmtpServer(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<SmtpMetrics>();
        services.TryAddSingleton<SmtpServer>();
        services.AddHostedService<SmtpShutdown>();
        services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = ReadAhead);
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
}
