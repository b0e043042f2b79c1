using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Commands;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp;

/// <summary>
/// The protocol core: runs one session over a pair of pipes. It reads lines and messages, writes replies, keeps the deadlines and ends the
/// session when it is told to. It knows neither sockets nor Kestrel, and leaves the meaning of commands to <see cref="SmtpSession"/>.
/// </summary>
internal sealed class SmtpConnection : IAsyncDisposable
{
    private readonly SmtpListener _listener;
    private readonly SmtpPeer _peer;
    private readonly SmtpTransport _transport;
    private readonly SmtpSession _session;
    private readonly CommandLineReader _lines = new();
    private readonly MessageBuffer _message;
    private readonly SessionClock _clock;

    // Never disposed, which costs nothing without a timer: the server may say that it shuts down when the session is just over.
    private readonly CancellationTokenSource _stopping = new();

    // What the last step asked for, and what BDAT announced.
    private SmtpNext _next;
    private (long Size, bool IsLast) _chunk;

    public SmtpConnection(SmtpListener listener, IDuplexPipe transport, SmtpPeer peer, IMailHandler handler)
    {
        _listener = listener;
        _transport = new SmtpTransport(transport, Time, Metrics);
        _peer = peer;
        _session = new SmtpSession(listener, peer, handler);
        _message = new MessageBuffer(listener.Server.Bodies, Options.MaxMessageSize, listener.Server.Logger, peer.Lease.Bodies);
        _clock = new SessionClock(listener);
    }

    private SmtpServerOptions Options => _listener.Options;

    private TimeProvider Time => _listener.Server.Time;

    private SmtpMetrics Metrics => _listener.Server.Metrics;

    // A shutdown waits for a message of which a part has come.
    private bool IsGoingOn => !_clock.IsStopping || _session.IsReceiving;

    /// <summary>Says 421 as soon as no message is under way. May be called from any thread, more than once, and too late.</summary>
    public void Shutdown()
    {
        _clock.Stop();
        _stopping.Cancel();
        _transport.Interrupt();
    }

    /// <summary>Looks at the deadlines again, as they have become shorter. May be called from any thread.</summary>
    public void Hurry() => _transport.Interrupt();

    /// <summary>Runs the session to its end. The pipes are the caller's to complete. It throws nothing.</summary>
    /// <param name="cancellationToken">Handed to the handler: fires when its answers are no longer of use.</param>
    public async Task<ConnectionEnd> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            ConnectionEnd? end = Options.Tls == TlsMode.Implicit ? await SecureAsync() : null;
            end ??= await GreetAsync();
            while (end is null)
                end = await ReadCommandsAsync(cancellationToken) ?? await ContinueAsync(cancellationToken);
            return end.Value;
        }
        catch (Exception exception) when (IsHungUp(exception))
        {
            return ConnectionEnd.HungUp;
        }
        catch (Exception exception)
        {
            // A bug, of ours or of the handler, costs the session and no more.
            SmtpLog.SessionFailed(_listener.Server.Logger, exception, _peer.ConnectionId);
            return await CloseFailedAsync();
        }
        finally
        {
            _session.End();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _message.Dispose();
    }

    /// <summary>Whether an exception of the connection means that there is no connection any more, which is nobody's bug.</summary>
    public static bool IsHungUp(Exception exception) => exception is IOException or SocketException or OperationCanceledException;

    // RFC 5321 section 4.3.1: the server speaks first. Who cannot wait for that has something to smuggle, or is no SMTP client.
    private async ValueTask<ConnectionEnd?> GreetAsync()
    {
        if (!await DelayAsync(Options.GreetingDelay))
            return ConnectionEnd.Stalled;
        if (HasInput())
            return await CloseRudeAsync(SmtpReplies.EarlyInput);
        _transport.Write(_listener.Greeting);
        return null;
    }

    // Until something else than a command is to be read (null) or the session ends. What this keeps across its wait, every idle connection holds.
    private async ValueTask<ConnectionEnd?> ReadCommandsAsync(CancellationToken cancellationToken)
    {
        _next = SmtpNext.Command;
        while (IsGoingOn)
        {
            ReadResult input = await _transport.ReadAsync(_clock.CommandTimeLeft(_session.IsGreeted));
            ConnectionEnd? end = await ExecuteAsync(input, cancellationToken);
            if (end is not null || _next != SmtpNext.Command)
                return end;
        }
        return await CloseAsync(SmtpReplies.ShuttingDown, ConnectionEnd.ShutDown);
    }

    // The commands that have come, up to one that is followed by something else.
    private async ValueTask<ConnectionEnd?> ExecuteAsync(ReadResult input, CancellationToken cancellationToken)
    {
        if (_transport.IsStalled)
            return ConnectionEnd.Stalled;
        ReadOnlySequence<byte> buffer = input.Buffer;
        while (IsGoingOn && _lines.TryRead(ref buffer, out SmtpCommand command))
        {
            Metrics.CommandReceived(command.Verb);
            SmtpStep step = await _session.ExecuteAsync(command, cancellationToken);
            if (step.IsDelayed && !await DelayAsync(Options.ErrorDelay))
                return ConnectionEnd.Stalled;
            ForgetEndedMessage();
            _clock.Answered();
            _next = step.Next;
            if (_next != SmtpNext.Command)
            {
                _chunk = (command.ChunkSize, command.IsLast);
                Metrics.OctetsReceived(input.Buffer.Length - buffer.Length);
                _transport.Input.AdvanceTo(buffer.Start);
                return await LeaveCommandsAsync(step.Reply);
            }
            _transport.Write(step.Reply!);
            if (_transport.IsFull && !await _transport.FlushAsync())
                return ConnectionEnd.Stalled;
        }
        Metrics.OctetsReceived(input.Buffer.Length - buffer.Length);
        _transport.Input.AdvanceTo(buffer.Start, buffer.End);
        if (input.IsCompleted)
            return await CloseAsync(null, ConnectionEnd.HungUp);
        return input.IsCanceled && _transport.IsOverdue ? await GiveUpAsync() : null;
    }

    // RFC 2920 section 3.1, RFC 3207 section 4: DATA and STARTTLS end a group of commands. What comes behind them before the answer would be
    // taken for one thing by us and for another by somebody in between.
    private async ValueTask<ConnectionEnd?> LeaveCommandsAsync(SmtpReply? reply)
    {
        if (_next == SmtpNext.Chunk)
            return null;
        if (_next == SmtpNext.Close)
            return await CloseAsync(reply, ConnectionEnd.Closed);
        if (HasInput())
        {
            SmtpReply early = _next == SmtpNext.Data ? SmtpReplies.InputBehindData : SmtpReplies.InputBehindStartTls;
            return await CloseRudeAsync(early);
        }
        _transport.Write(reply!);
        return await _transport.FlushAsync() ? null : ConnectionEnd.Stalled;
    }

    private async ValueTask<ConnectionEnd?> ContinueAsync(CancellationToken cancellationToken) =>
        _next switch
        {
            SmtpNext.Data => await ReadMessageAsync(cancellationToken),
            SmtpNext.Chunk => await ReadChunkAsync(cancellationToken),
            SmtpNext.StartTls => await SecureAsync(),
            _ => null,
        };

    private async ValueTask<ConnectionEnd?> SecureAsync()
    {
        if (_listener.Server.Certificates is not { } certificates)
            return ConnectionEnd.HandshakeFailed;
        TlsHandshake handshake = await _transport.SecureAsync(certificates, _listener.Patience(Options.HandshakeTimeout), _stopping.Token);
        if (!handshake.Succeeded)
        {
            if (_clock.IsStopping)
                return ConnectionEnd.ShutDown;
            // Who hangs up may be an old MTA that finds nothing in common; who sends no TLS is not.
            if (handshake.Fault == TlsFault.Failed)
                _peer.Lease.TryCountError();
            Metrics.TlsHandshakeFailed(handshake.Fault);
            TlsLog.HandshakeFailed(_listener.Server.Logger, _peer.ConnectionId, handshake.Fault, handshake.Detail);
            return ConnectionEnd.HandshakeFailed;
        }
        TlsParameters tls = handshake.Transport.Parameters;
        Metrics.TlsHandshakeCompleted(tls);
        TlsLog.Started(_listener.Server.Logger, _peer.ConnectionId, tls);
        _session.Secured(tls);
        ForgetEndedMessage();
        _clock.Restart();
        return null;
    }

    // From the 354 to the reply to the final dot.
    private async ValueTask<ConnectionEnd?> ReadMessageAsync(CancellationToken cancellationToken) =>
        await ReadBodyAsync(new DataReader(_message)) ?? await AnswerAsync(await _session.EndOfDataAsync(_message, cancellationToken));

    private async ValueTask<ConnectionEnd?> ReadChunkAsync(CancellationToken cancellationToken)
    {
        SmtpReply? refusal = _session.RefuseChunk();
        var chunk = new ChunkReader(refusal is null ? _message : null, _chunk.Size);
        return await ReadBodyAsync(chunk)
            ?? await AnswerAsync(await _session.EndOfChunkAsync(refusal, _chunk.IsLast, _message, cancellationToken));
    }

    // A shutdown does not end it at once: it is given the time that there is.
    private async ValueTask<ConnectionEnd?> ReadBodyAsync(IBodyReader reader)
    {
        if (!_clock.TryBeginBody())
            return await GiveUpAsync();
        while (!reader.IsComplete)
        {
            ReadResult result = await _transport.ReadAsync(_clock.BodyTimeLeft());
            if (_transport.IsStalled)
                return ConnectionEnd.Stalled;
            ReadOnlySequence<byte> buffer = result.Buffer;
            reader.Read(ref buffer);
            long received = result.Buffer.Length - buffer.Length;
            Metrics.OctetsReceived(received);
            _clock.Received(received);
            _transport.Input.AdvanceTo(buffer.Start);
            if (reader.IsComplete)
                break;
            if (result.IsCompleted)
                return ConnectionEnd.HungUp;
            if (result.IsCanceled && _transport.IsOverdue)
                return await GiveUpAsync();
        }
        return null;
    }

    private ValueTask<ConnectionEnd> GiveUpAsync() =>
        _clock.IsStopping
            ? CloseAsync(SmtpReplies.ShuttingDown, ConnectionEnd.ShutDown)
            : CloseAsync(SmtpReplies.IdleTooLong, ConnectionEnd.TimedOut);

    private async ValueTask<ConnectionEnd?> AnswerAsync(SmtpStep step)
    {
        ForgetEndedMessage();
        _clock.Answered();
        if (step.Next == SmtpNext.Close)
            return await CloseAsync(step.Reply, ConnectionEnd.Closed);
        _transport.Write(step.Reply!);
        return _transport.IsFull && !await _transport.FlushAsync() ? ConnectionEnd.Stalled : null;
    }

    // Its octets are nobody's any more: delivered, refused, or given up by RSET between two chunks.
    private void ForgetEndedMessage()
    {
        if (!_clock.IsInMessage || _session.IsReceiving)
            return;
        _message.Clear();
        _clock.EndMessage();
    }

    // Whether the peer has spoken where it should have waited.
    private bool HasInput()
    {
        if (!_transport.Input.TryRead(out ReadResult result))
            return false;
        _transport.Input.AdvanceTo(result.Buffer.Start);
        return !result.Buffer.IsEmpty;
    }

    // False when the peer takes nothing any more.
    private async ValueTask<bool> DelayAsync(TimeSpan delay)
    {
        if (!await _transport.FlushAsync())
            return false;
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return true;
    }

    private async ValueTask<ConnectionEnd> CloseFailedAsync()
    {
        try
        {
            return await CloseAsync(SmtpReplies.SessionFailed, ConnectionEnd.Failed);
        }
        catch (Exception)
        {
            // What failed was told; nothing can be said to the peer.
            return ConnectionEnd.Failed;
        }
    }

    private ValueTask<ConnectionEnd> CloseRudeAsync(SmtpReply reply)
    {
        _peer.Lease.TryCountError();
        return CloseAsync(reply, ConnectionEnd.Closed);
    }

    private async ValueTask<ConnectionEnd> CloseAsync(SmtpReply? reply, ConnectionEnd end)
    {
        if (reply is not null)
            _transport.Write(reply);
        return await _transport.FlushAsync() ? end : ConnectionEnd.Stalled;
    }
}
