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
    /// Adds what <see cref="SmtpConnectionHandler"/> needs but for the <see cref="IMailHandlerFactory"/>, which is the caller's to add,
    /// and limits how far Kestrel reads ahead on every socket. Listen with
    /// <c>kestrel.Listen(endpoint, listen => listen.UseConnectionHandler&lt;SmtpConnectionHandler&gt;())</c>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="options">What sessions enforce.</param>
    public static IServiceCollection AddSmtpServer(this IServiceCollection services, SmtpServerOptions options)
    {
        services.AddSingleton(options);
        services.TryAddSingleton(TimeProvider.System);
        services.AddMetrics();
        services.TryAddSingleton<SmtpMetrics>();
        services.TryAddSingleton<SmtpConnectionHandler>();
        services.Configure<SocketTransportOptions>(sockets => sockets.MaxReadBufferSize = ReadAhead);
        return services;
    }
}
