using System.Collections.Concurrent;
using System.Net;
using BounceMx.Smtp.Bodies;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp;

/// <summary>
/// The Kestrel side of the SMTP server: gives each connection an <see cref="IMailHandler"/> and runs the protocol core over it
/// (<c>kestrel.Listen(endpoint, listen => listen.UseConnectionHandler&lt;SmtpConnectionHandler&gt;())</c>). When Kestrel begins to stop,
/// sessions between commands get 421 4.3.2 and messages under way are finished, as long as Kestrel's shutdown timeout lets them.
/// Known gaps: STARTTLS, PROXY protocol, limits per peer.
/// </summary>
/// <param name="handlers">Makes the mail handlers.</param>
/// <param name="options">What sessions enforce.</param>
/// <param name="bodies">Where messages are kept while they come in.</param>
/// <param name="time">The clock of all deadlines.</param>
/// <param name="logger">Where connections report.</param>
public sealed class SmtpConnectionHandler(
    IMailHandlerFactory handlers,
    SmtpServerOptions options,
    BodyStore bodies,
    TimeProvider time,
    ILogger<SmtpConnectionHandler> logger
) : ConnectionHandler
{
    // How long the last reply may take to leave before the connection is torn down.
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(5);

    private readonly SmtpServerContext _server = new(options, bodies, time, logger);

    // Kestrel holds raw connections weakly: a session that waits would be collected, and reset, if nobody held on to it.
    private readonly ConcurrentDictionary<string, SmtpConnection> _live = new(StringComparer.Ordinal);

    /// <summary>How many sessions are open now.</summary>
    public int LiveConnections => _live.Count;

    /// <inheritdoc/>
    public override async Task OnConnectedAsync(ConnectionContext connection)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var peer = new SmtpPeer(AddressOf(connection), connection.ConnectionId);
        using var session = new SmtpConnection(_server, connection.Transport, peer, handlers.Create());
        _live[connection.ConnectionId] = session;
        SmtpLog.Connected(logger, peer.ConnectionId, peer.Address);
        try
        {
            ConnectionEnd end = await RunAsync(session, connection);
            SmtpLog.Ended(logger, peer.ConnectionId, end);
            if (end == ConnectionEnd.Stalled)
                connection.Abort();
            else
                await LingerAsync(connection);
        }
        finally
        {
            _live.TryRemove(connection.ConnectionId, out _);
        }
    }

    private static async Task<ConnectionEnd> RunAsync(SmtpConnection session, ConnectionContext connection)
    {
        CancellationToken stopping =
            connection.Features.Get<IConnectionLifetimeNotificationFeature>()?.ConnectionClosedRequested ?? CancellationToken.None;
        using var givenUp = new CancellationTokenSource();
        // ConnectionClosed also fires when the peer has merely shut its sending side: only in a shutdown does it mean Kestrel's patience is over.
        await using CancellationTokenRegistration closed = connection.ConnectionClosed.Register(() =>
        {
            if (stopping.IsCancellationRequested)
                givenUp.Cancel();
        });
        await using CancellationTokenRegistration stop = stopping.Register(session.Shutdown);
        return await session.RunAsync(givenUp.Token);
    }

    // Kestrel waits without limit for a peer to take the last reply. We do not. Nothing tells that the reply has left: ConnectionClosed
    // fires too when the peer has shut its sending side and reads nothing. So the time runs in any case, beside Kestrel's own closing.
    private async Task LingerAsync(ConnectionContext connection)
    {
        // Weakly, as most connections are closed long before: nothing of them is to be kept for that time.
        _ = AbortLaterAsync(new WeakReference<ConnectionContext>(connection));
        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
    }

    private async Task AbortLaterAsync(WeakReference<ConnectionContext> connection)
    {
        await Task.Delay(LingerTimeout, time);
        if (connection.TryGetTarget(out ConnectionContext? open))
            open.Abort();
    }

    private static IPAddress AddressOf(ConnectionContext connection) =>
        connection.RemoteEndPoint is not IPEndPoint { Address: var address } ? IPAddress.None
        : address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address;
}
