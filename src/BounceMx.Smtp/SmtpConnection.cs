using System.Buffers;
using System.IO.Pipelines;
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

    // Never disposed, which costs nothing without a timer: the server may say that it shuts down when the session is just over.
    private readonly CancellationTokenSource _stopping = new();

    // When the server began to shut down, as a timestamp; set before the token says that it has.
    private long _stoppedAt;

    // When the session began, in clear text or in TLS; as a timestamp.
    private long _began;

    // Since when the peer has the word; as a timestamp.
    private long _waitingSince;

    // The first octet of the message under way, as a timestamp; null when there is none, or none has come.
    private long? _messageBegan;

    // What the last step asked for, and what BDAT announced.
    private SmtpNext _next;
    private (long Size, bool IsLast) _chunk;

    public SmtpConnection(SmtpListener listener, IDuplexPipe transport, SmtpPeer peer, IMailHandler handler)
    {
        _listener = listener;
        _transport = new SmtpTransport(transport, Time, Metrics);
        _peer = peer;
        _session = new SmtpSession(listener, peer, handler);
        _message = new MessageBuffer(listener.Server.Bodies, Options.MaxMessageSize, listener.Server.Logger);
        _began = Time.GetTimestamp();
    }

    private SmtpServerOptions Options => _listener.Options;

    private TimeProvider Time => _listener.Server.Time;

    private SmtpMetrics Metrics => _listener.Server.Metrics;

    /// <summary>Says 421 as soon as no message is under way. May be called from any thread, more than once, and too late.</summary>
    public void Shutdown()
    {
        if (!_stopping.IsCancellationRequested)
            _stoppedAt = Time.GetTimestamp();
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
            try
            {
                ConnectionEnd? end = Options.Tls == TlsMode.Implicit ? await SecureAsync() : null;
                end ??= await GreetAsync();
                while (end is null)
                    end = await ReadCommandsAsync(cancellationToken) ?? await ContinueAsync(cancellationToken);
                return end.Value;
            }
            catch (Exception exception) when (exception is not (IOException or OperationCanceledException))
            {
                // A bug, of ours or of the handler, costs the session and no more.
                SmtpLog.SessionFailed(_listener.Server.Logger, exception, _peer.ConnectionId);
                return await CloseAsync(SmtpReplies.SessionFailed, ConnectionEnd.Failed);
            }
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return ConnectionEnd.HungUp;
        }
        finally
        {
            _session.End();
            _message.Clear();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _transport.DisposeAsync();
        _message.Dispose();
    }

    // RFC 5321 section 4.3.1: the server speaks first. Who cannot wait for that has something to smuggle, or is no SMTP client.
    private async ValueTask<ConnectionEnd?> GreetAsync()
    {
        await DelayAsync(Options.GreetingDelay);
        if (HasInput())
            return await CloseAsync(SmtpReplies.EarlyInput, ConnectionEnd.Closed);
        _transport.Write(_listener.Greeting);
        return null;
    }

    // Until something else than a command is to be read (null) or the session ends. What this keeps across its wait, every idle connection holds.
    private async ValueTask<ConnectionEnd?> ReadCommandsAsync(CancellationToken cancellationToken)
    {
        _next = SmtpNext.Command;
        while (!_stopping.IsCancellationRequested)
        {
            ReadResult input = await _transport.ReadAsync(CommandTimeLeft());
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
        while (!_stopping.IsCancellationRequested && _lines.TryRead(ref buffer, out SmtpCommand command))
        {
            Metrics.CommandReceived(command.Verb);
            SmtpStep step = await _session.ExecuteAsync(command, cancellationToken);
            if (step.IsDelayed)
                await DelayAsync(Options.ErrorDelay);
            ForgetEndedMessage();
            _waitingSince = Time.GetTimestamp();
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
            return await CloseAsync(early, ConnectionEnd.Closed);
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
        TlsHandshake handshake = await _transport.SecureAsync(certificates, Options.HandshakeTimeout, _stopping.Token);
        if (!handshake.Succeeded)
        {
            Metrics.TlsHandshakeFailed(handshake.Fault);
            TlsLog.HandshakeFailed(_listener.Server.Logger, _peer.ConnectionId, handshake.Fault, handshake.Detail);
            return ConnectionEnd.HandshakeFailed;
        }
        TlsParameters tls = handshake.Transport.Parameters;
        Metrics.TlsHandshakeCompleted(tls);
        TlsLog.Started(_listener.Server.Logger, _peer.ConnectionId, tls);
        _session.Secured(tls);
        _began = Time.GetTimestamp();
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
        long began = Time.GetTimestamp();
        _messageBegan ??= began;
        long received = 0;
        while (!reader.IsComplete)
        {
            ReadResult result = await _transport.ReadAsync(BodyTimeLeft(began, received));
            if (_transport.IsStalled)
                return ConnectionEnd.Stalled;
            ReadOnlySequence<byte> buffer = result.Buffer;
            reader.Read(ref buffer);
            received += result.Buffer.Length - buffer.Length;
            Metrics.OctetsReceived(result.Buffer.Length - buffer.Length);
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
        _stopping.IsCancellationRequested
            ? CloseAsync(SmtpReplies.ShuttingDown, ConnectionEnd.ShutDown)
            : CloseAsync(SmtpReplies.IdleTooLong, ConnectionEnd.TimedOut);

    private async ValueTask<ConnectionEnd?> AnswerAsync(SmtpStep step)
    {
        ForgetEndedMessage();
        _waitingSince = Time.GetTimestamp();
        if (step.Next == SmtpNext.Close)
            return await CloseAsync(step.Reply, ConnectionEnd.Closed);
        _transport.Write(step.Reply!);
        return _transport.IsFull && !await _transport.FlushAsync() ? ConnectionEnd.Stalled : null;
    }

    // Its octets are nobody's any more: delivered, refused, or given up by RSET between two chunks.
    private void ForgetEndedMessage()
    {
        if (_messageBegan is null || _session.IsReceiving)
            return;
        _message.Clear();
        _messageBegan = null;
    }

    // Until it has said who it is, a peer has one deadline for all its commands.
    private TimeSpan CommandTimeLeft() =>
        _session.IsGreeted
            ? _listener.Patience(Options.IdleTimeout) - Time.GetElapsedTime(_waitingSince)
            : _listener.Patience(Options.GreetingTimeout) - Time.GetElapsedTime(_began);

    private TimeSpan BodyTimeLeft(long began, long received)
    {
        TimeSpan byRate = _listener.Patience(Options.BodyRateGrace) + TimeSpan.FromSeconds((double)received / Options.MinBodyRate);
        TimeSpan left = byRate - Time.GetElapsedTime(began);
        TimeSpan inAll = Options.BodyTimeout - Time.GetElapsedTime(_messageBegan ?? began);
        TimeSpan idle = _listener.Patience(Options.IdleTimeout);
        TimeSpan drain = _stopping.IsCancellationRequested ? _listener.Server.DrainTimeout - Time.GetElapsedTime(_stoppedAt) : idle;
        return Min(Min(left, inAll), Min(idle, drain));
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    // Whether the peer has spoken where it should have waited.
    private bool HasInput()
    {
        if (!_transport.Input.TryRead(out ReadResult result))
            return false;
        _transport.Input.AdvanceTo(result.Buffer.Start);
        return !result.Buffer.IsEmpty;
    }

    private async ValueTask DelayAsync(TimeSpan delay)
    {
        await _transport.FlushAsync();
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<ConnectionEnd> CloseAsync(SmtpReply? reply, ConnectionEnd end)
    {
        if (reply is not null)
            _transport.Write(reply);
        return await _transport.FlushAsync() ? end : ConnectionEnd.Stalled;
    }
}
