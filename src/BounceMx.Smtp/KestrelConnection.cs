using System.Net;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Proxy;
using Microsoft.AspNetCore.Connections;

namespace BounceMx.Smtp;

/// <summary>
/// One TCP connection as Kestrel hands it over: finds out who is at the other end, asks whether there is a place for it, gives it an
/// <see cref="IMailHandler"/> and runs the protocol core over it, and sees to it that the last reply leaves.
/// </summary>
internal sealed class KestrelConnection(SmtpListener listener, ConnectionContext connection)
{
    // How long the last reply may take to leave before the connection is torn down.
    private static readonly TimeSpan LingerTimeout = TimeSpan.FromSeconds(5);

    private readonly SmtpServer _server = listener.Server;

    // Null before the session begins.
    private volatile SmtpConnection? _session;

    /// <summary>The server is shutting down. May be called from any thread.</summary>
    public void Shutdown() => _session?.Shutdown();

    /// <summary>Deadlines have become shorter. May be called from any thread.</summary>
    public void Hurry() => _session?.Hurry();

    /// <summary>
    /// Ends it at once: a peer that takes no replies has a time limit of its own, which may be longer than what is left. May be called from any
    /// thread.
    /// </summary>
    public void Abort() => connection.Abort();

    /// <summary>Runs it to its end.</summary>
    public async Task RunAsync()
    {
        _server.Enter(this);
        try
        {
            ConnectionEnd end = await ServeAsync();
            SmtpLog.Ended(_server.Logger, connection.ConnectionId, end);
            // Who is refused has been sent one reply at most: it has left.
            if (end is not (ConnectionEnd.Stalled or ConnectionEnd.Refused))
                await LingerAsync();
        }
        finally
        {
            _server.Leave(this);
        }
    }

    private async Task<ConnectionEnd> ServeAsync()
    {
        IPAddress? address = await FindAddressAsync();
        if (address is null)
            return ConnectionEnd.Refused;
        SmtpLog.Connected(_server.Logger, connection.ConnectionId, address);
        if (_server.Bodies.Budget.IsOverHard)
            return await RefuseAsync(SmtpReplies.TooMuchInTransit);
        if (!_server.Limiter.TryAdmit(address, out PeerLease? lease, out LimitRefusal refusal))
            return await RefuseAsync(SmtpReplies.Refused(refusal));
        using (lease)
        {
            if (TryCreateHandler() is not { } handler)
                return await RefuseAsync(SmtpReplies.NoHandler);
            return await RunSessionAsync(new SmtpPeer(address, connection.ConnectionId, lease), handler);
        }
    }

    // Null when the connection should have begun with a PROXY header and did not.
    private async Task<IPAddress?> FindAddressAsync()
    {
        IPAddress address = connection.RemoteEndPoint is IPEndPoint endpoint ? endpoint.Address.Unmapped() : IPAddress.None;
        if (listener.Proxies?.Contains(address) != true)
            return address;
        ProxyHeader? header = await ProxyHeaderReader.ReadAsync(connection.Transport.Input, _server.Time, _server.Stopping);
        if (header is null)
        {
            if (!_server.Stopping.IsCancellationRequested)
                _server.Metrics.ProxyHeaderMissing();
            return null;
        }
        return header.Value.Source?.Address ?? address;
    }

    private IMailHandler? TryCreateHandler()
    {
        try
        {
            return _server.Handlers.Create();
        }
        catch (Exception exception)
        {
            SmtpLog.HandlerFailed(_server.Logger, exception, connection.ConnectionId, "Create");
            return null;
        }
    }

    private async Task<ConnectionEnd> RunSessionAsync(SmtpPeer peer, IMailHandler handler)
    {
        long began = _server.Time.GetTimestamp();
        _server.Metrics.ConnectionOpened();
        await using var session = new SmtpConnection(listener, connection.Transport, peer, handler);
        _session = session;
        if (_server.Stopping.IsCancellationRequested)
            session.Shutdown();
        // It throws nothing, so what was counted in is counted out.
        ConnectionEnd end = await session.RunAsync(_server.GivenUp);
        _session = null;
        _server.Metrics.ConnectionEnded(end, _server.Time.GetElapsedTime(began));
        if (end == ConnectionEnd.Stalled)
            connection.Abort();
        return end;
    }

    // In implicit TLS nothing can be said before the handshake, which costs what a refusal is to save.
    private async ValueTask<ConnectionEnd> RefuseAsync(SmtpReply reply)
    {
        _server.Metrics.ConnectionRefused(reply);
        if (listener.Options.Tls == TlsMode.Implicit)
            return ConnectionEnd.Refused;
        _server.Metrics.ReplySent(reply);
        try
        {
            await connection.Transport.Output.WriteAsync(reply.Wire, CancellationToken.None);
        }
        catch (Exception exception) when (SmtpConnection.IsHungUp(exception))
        {
            // It did not wait for its answer.
        }
        return ConnectionEnd.Refused;
    }

    // Kestrel waits without limit for a peer to take the last reply. We do not. Nothing tells that the reply has left: ConnectionClosed
    // fires too when the peer has shut its sending side and reads nothing. So the time runs in any case, beside Kestrel's own closing.
    private async Task LingerAsync()
    {
        // Weakly, as most connections are closed long before: nothing of them is to be kept for that time.
        _ = AbortLaterAsync(new WeakReference<ConnectionContext>(connection), _server.Time);
        await connection.Transport.Output.CompleteAsync();
        await connection.Transport.Input.CompleteAsync();
    }

    private static async Task AbortLaterAsync(WeakReference<ConnectionContext> connection, TimeProvider time)
    {
        await Task.Delay(LingerTimeout, time);
        if (connection.TryGetTarget(out ConnectionContext? open))
            open.Abort();
    }
}
