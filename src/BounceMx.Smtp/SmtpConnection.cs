using System.Buffers;
using System.IO.Pipelines;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Commands;

namespace BounceMx.Smtp;

/// <summary>
/// The protocol core: runs one session over a pair of pipes. It reads lines and messages, writes replies, keeps the deadlines and ends the
/// session when it is told to. It knows neither sockets nor Kestrel, and leaves the meaning of commands to <see cref="SmtpSession"/>.
/// Replies gather in the output and go out when the input is exhausted, so that a group of commands (RFC 2920) costs one write.
/// Waiting is interrupted by <see cref="PipeReader.CancelPendingRead"/>, not by tokens: no registration a read, and nothing is lost.
/// Known gaps: STARTTLS and PROXY, which will put another transport in place of the first.
/// </summary>
internal sealed class SmtpConnection : IDisposable
{
    // Replies held back at most: so many that a group of commands goes out at once, so few that they do not count as memory.
    private const long MaxUnflushed = 16 * 1024;

    // How long the peer may take to accept what we send (and, by it, the reply to a peer that was too slow).
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(30);

    private readonly SmtpServerContext _server;
    private readonly PipeReader _input;
    private readonly PipeWriter _output;
    private readonly SmtpSession _session;
    private readonly CommandLineReader _lines = new();
    private readonly MessageBuffer _body;
    private readonly DataReader _data;
    private readonly SessionDeadline _deadline;
    private readonly CancellationTokenSource _stopping = new();

    public SmtpConnection(SmtpServerContext server, IDuplexPipe transport, SmtpPeer peer, IMailHandler handler)
    {
        _server = server;
        _input = transport.Input;
        _output = transport.Output;
        _session = new SmtpSession(server, peer, handler);
        _body = new MessageBuffer(server.Bodies, server.Options.MaxMessageSize, server.Logger);
        _data = new DataReader(_body);
        _deadline = new SessionDeadline(server.Time, Wake);
    }

    /// <summary>Says 421 as soon as no message is under way. May be called from any thread, and more than once.</summary>
    public void Shutdown()
    {
        _stopping.Cancel();
        _input.CancelPendingRead();
    }

    /// <summary>Runs the session to its end. The pipes are the caller's to complete.</summary>
    /// <param name="cancellationToken">Handed to the handler: fires when its answers are no longer of use.</param>
    public async Task<ConnectionEnd> RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            ConnectionEnd? end = await GreetAsync();
            while (end is null)
                end = await ReadCommandsAsync(cancellationToken) ?? await ReadMessageAsync(cancellationToken);
            return end.Value;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException)
        {
            return ConnectionEnd.HungUp;
        }
        finally
        {
            _session.End();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _body.Dispose();
        _deadline.Dispose();
        _stopping.Dispose();
    }

    // RFC 5321 section 4.3.1: the server speaks first. Who cannot wait for that has something to smuggle, or is no SMTP client.
    private async ValueTask<ConnectionEnd?> GreetAsync()
    {
        await DelayAsync(_server.Options.GreetingDelay);
        if (_input.TryRead(out ReadResult early))
        {
            bool isEarly = !early.Buffer.IsEmpty;
            _input.AdvanceTo(early.Buffer.Start);
            if (isEarly)
                return await CloseAsync(SmtpReplies.EarlyInput, ConnectionEnd.Closed);
        }
        Write(_server.Greeting);
        return null;
    }

    // Until DATA is answered with 354 (null) or the session ends.
    private async ValueTask<ConnectionEnd?> ReadCommandsAsync(CancellationToken cancellationToken)
    {
        _deadline.Set(_server.Options.IdleTimeout);
        while (!_stopping.IsCancellationRequested)
        {
            if (!_input.TryRead(out ReadResult result))
            {
                if (!await FlushAsync())
                    return ConnectionEnd.Stalled;
                result = await _input.ReadAsync(CancellationToken.None);
            }
            ReadOnlySequence<byte> buffer = result.Buffer;
            while (!_stopping.IsCancellationRequested && _lines.TryRead(ref buffer, out SmtpCommand command))
            {
                SmtpStep step = await _session.ExecuteAsync(command, cancellationToken);
                _deadline.Set(_server.Options.IdleTimeout);
                if (step.IsDelayed)
                    await DelayAsync(_server.Options.ErrorDelay);
                if (step.Next == SmtpNext.Data)
                    return await StartMailInputAsync(step.Reply, buffer);
                if (step.Next == SmtpNext.Close)
                {
                    _input.AdvanceTo(buffer.Start);
                    return await CloseAsync(step.Reply, ConnectionEnd.Closed);
                }
                Write(step.Reply);
                if (_output.UnflushedBytes > MaxUnflushed && !await FlushAsync())
                    return ConnectionEnd.Stalled;
            }
            _input.AdvanceTo(buffer.Start, buffer.End);
            if (result.IsCompleted)
                return await CloseAsync(null, ConnectionEnd.HungUp);
            if (result.IsCanceled && _deadline.HasPassed)
                return await CloseAsync(SmtpReplies.IdleTooLong, ConnectionEnd.TimedOut);
        }
        return await CloseAsync(SmtpReplies.ShuttingDown, ConnectionEnd.ShutDown);
    }

    // RFC 2920 section 3.1: DATA ends a group of commands. What comes behind it before the 354 would be taken for a message by us
    // and for commands by somebody in between, or the other way round.
    private async ValueTask<ConnectionEnd?> StartMailInputAsync(SmtpReply reply, ReadOnlySequence<byte> behind)
    {
        bool isEarly = !behind.IsEmpty;
        _input.AdvanceTo(behind.Start);
        if (!isEarly && _input.TryRead(out ReadResult early))
        {
            isEarly = !early.Buffer.IsEmpty;
            _input.AdvanceTo(early.Buffer.Start);
        }
        if (isEarly)
            return await CloseAsync(SmtpReplies.InputBehindData, ConnectionEnd.Closed);
        Write(reply);
        return await FlushAsync() ? null : ConnectionEnd.Stalled;
    }

    // From the 354 to the reply to the final dot. A shutdown does not interrupt it.
    private async ValueTask<ConnectionEnd?> ReadMessageAsync(CancellationToken cancellationToken)
    {
        _data.Reset();
        long started = _server.Time.GetTimestamp();
        long received = 0;
        bool isComplete = false;
        while (!isComplete)
        {
            _deadline.Set(BodyTimeLeft(started, received));
            ReadResult result = await _input.ReadAsync(CancellationToken.None);
            ReadOnlySequence<byte> buffer = result.Buffer;
            isComplete = _data.Read(ref buffer);
            received += result.Buffer.Length - buffer.Length;
            _input.AdvanceTo(buffer.Start);
            if (isComplete)
                break;
            if (result.IsCompleted)
                return ConnectionEnd.HungUp;
            if (result.IsCanceled && _deadline.HasPassed)
                return await CloseAsync(SmtpReplies.IdleTooLong, ConnectionEnd.TimedOut);
        }
        SmtpStep step = await _session.EndOfDataAsync(_body, cancellationToken);
        _body.Clear();
        if (step.Next == SmtpNext.Close)
            return await CloseAsync(step.Reply, ConnectionEnd.Closed);
        Write(step.Reply);
        return null;
    }

    private TimeSpan BodyTimeLeft(long started, long received)
    {
        SmtpServerOptions options = _server.Options;
        TimeSpan byRate = options.BodyRateGrace + TimeSpan.FromSeconds((double)received / options.MinBodyRate);
        TimeSpan inAll = byRate < options.BodyTimeout ? byRate : options.BodyTimeout;
        TimeSpan left = inAll - _server.Time.GetElapsedTime(started);
        return left < options.IdleTimeout ? left : options.IdleTimeout;
    }

    private async ValueTask DelayAsync(TimeSpan delay)
    {
        await FlushAsync();
        if (delay > TimeSpan.Zero)
            await Task.Delay(delay, _server.Time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async ValueTask<ConnectionEnd> CloseAsync(SmtpReply? reply, ConnectionEnd end)
    {
        if (reply is not null)
            Write(reply);
        return await FlushAsync() ? end : ConnectionEnd.Stalled;
    }

    private void Write(SmtpReply reply) => _output.Write(reply.Wire.Span);

    // False when the peer takes nothing any more.
    private async ValueTask<bool> FlushAsync()
    {
        while (_output.UnflushedBytes > 0)
        {
            ValueTask<FlushResult> flush = _output.FlushAsync(CancellationToken.None);
            if (flush.IsCompletedSuccessfully)
                return !(await flush).IsCompleted;
            _deadline.Set(FlushTimeout);
            FlushResult result = await flush;
            if (result.IsCompleted || (result.IsCanceled && _deadline.HasPassed))
                return false;
            _deadline.Set(_server.Options.IdleTimeout);
        }
        return true;
    }

    private void Wake()
    {
        _input.CancelPendingRead();
        _output.CancelPendingFlush();
    }
}
