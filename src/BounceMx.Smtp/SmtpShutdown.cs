using Microsoft.Extensions.Hosting;

namespace BounceMx.Smtp;

/// <summary>
/// Tells <see cref="SmtpServer"/> that the host stops: once, however many listeners there are, and before any service is stopped, so that Kestrel
/// still listens and has not asked connections to end.
/// </summary>
internal sealed class SmtpShutdown(SmtpServer server) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken)
    {
        server.Shutdown();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
