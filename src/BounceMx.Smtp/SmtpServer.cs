using System.Collections.Concurrent;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tls;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp;

/// <summary>
/// What all listeners share: the handlers, what is limited over all of them, and the connections that are open. Kestrel holds raw connections
/// weakly: a session that waits would be collected, and reset, if nobody held on to it.
/// </summary>
public sealed class SmtpServer : IDisposable
{
    // Who is given up has had its time; this is for the last replies to leave.
    private static readonly TimeSpan GiveUpAfterDrain = TimeSpan.FromSeconds(5);

    private readonly SmtpLimitOptions _limits;
    private readonly ConcurrentDictionary<KestrelConnection, bool> _live = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _givenUp;

    /// <summary>A server without listeners; see <see cref="SmtpServiceCollectionExtensions"/>.</summary>
    /// <param name="handlers">Makes the mail handlers.</param>
    /// <param name="limits">What is enforced over all listeners.</param>
    /// <param name="bodies">Where messages are kept while they come in.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="time">The clock of all deadlines.</param>
    /// <param name="logger">Where connections report.</param>
    /// <param name="certificates">For TLS; <c>null</c> when there are none.</param>
    public SmtpServer(
        IMailHandlerFactory handlers,
        SmtpLimitOptions limits,
        BodyStore bodies,
        SmtpMetrics metrics,
        TimeProvider time,
        ILogger<SmtpServer> logger,
        TlsCertificates? certificates = null
    )
    {
        _limits = limits;
        _givenUp = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        _givenUp.Token.Register(AbortAll);
        Handlers = handlers;
        Bodies = bodies;
        Metrics = metrics;
        Time = time;
        Logger = logger;
        Certificates = certificates;
        Limiter = new PeerLimiter(limits, time) { StressBegan = HurryAll };
        metrics.ObserveBodies(() => bodies.Budget.InFlight);
    }

    /// <summary>How many connections are open now.</summary>
    public int LiveConnections => _live.Count;

    internal IMailHandlerFactory Handlers { get; }
    internal BodyStore Bodies { get; }
    internal SmtpMetrics Metrics { get; }
    internal TimeProvider Time { get; }
    internal ILogger Logger { get; }
    internal TlsCertificates? Certificates { get; }
    internal PeerLimiter Limiter { get; }

    /// <summary>Fires when the server shuts down.</summary>
    internal CancellationToken Stopping => _stopping.Token;

    /// <summary>Fires when the messages that were under way then have had their time.</summary>
    internal CancellationToken GivenUp => _givenUp.Token;

    /// <summary>
    /// Begins to shut down: sessions between commands get 421 4.3.2, messages under way are finished if
    /// <see cref="SmtpLimitOptions.DrainTimeout"/> lets them.
    /// </summary>
    public void Shutdown()
    {
        _givenUp.CancelAfter(_limits.DrainTimeout + GiveUpAfterDrain);
        _stopping.Cancel();
        foreach ((KestrelConnection connection, _) in _live)
            connection.Shutdown();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _givenUp.Dispose();
    }

    /// <summary>How long messages may go on after <see cref="Shutdown"/>.</summary>
    internal TimeSpan DrainTimeout => _limits.DrainTimeout;

    internal void Enter(KestrelConnection connection) => _live[connection] = true;

    internal void Leave(KestrelConnection connection) => _live.TryRemove(connection, out _);

    private void AbortAll()
    {
        foreach ((KestrelConnection connection, _) in _live)
            connection.Abort();
    }

    // Who is silent already has less time now, too.
    private void HurryAll()
    {
        foreach ((KestrelConnection connection, _) in _live)
            connection.Hurry();
    }
}
