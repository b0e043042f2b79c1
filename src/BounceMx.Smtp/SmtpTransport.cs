using System.Buffers;
using System.IO.Pipelines;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp;

/// <summary>
/// The octets of a connection: what comes in, what goes out, the one deadline that both stand under, and the step from clear text into TLS.
/// Replies gather until they are flushed, so that a group of commands (RFC 2920) costs one write.
/// Waiting is interrupted by <see cref="PipeReader.CancelPendingRead"/>, not by tokens: no registration a read, and nothing is lost.
/// </summary>
internal sealed class SmtpTransport : IAsyncDisposable
{
    // Replies held back at most: so many that a group of commands goes out at once, so few that they do not count as memory.
    private const long MaxUnflushed = 16 * 1024;

    // How long the peer may take to accept what we send (and, by it, the reply to a peer that was too slow).
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time;
    private readonly SmtpMetrics _metrics;
    private readonly IDuplexPipe _clearText;
    private readonly SessionDeadline _deadline;
    private volatile IDuplexPipe _pipe;

    // In a handshake, which has limits of its own, and at the end.
    private volatile bool _isDeaf;

    public SmtpTransport(IDuplexPipe clearText, TimeProvider time, SmtpMetrics metrics)
    {
        _metrics = metrics;
        _time = time;
        _clearText = _pipe = clearText;
        _deadline = new SessionDeadline(time, OnDeadline);
    }

    /// <summary>What the peer sends; the pipe changes with TLS.</summary>
    public PipeReader Input => _pipe.Input;

    /// <summary>Whether so much is written that it should go out.</summary>
    public bool IsFull => _pipe.Output.UnflushedBytes > MaxUnflushed;

    /// <summary>Whether what was waited for did not come in time.</summary>
    public bool IsOverdue => _deadline.HasPassed;

    /// <summary>Whether the peer takes nothing any more: nothing can be said to it.</summary>
    public bool IsStalled { get; private set; }

    /// <summary>
    /// Reads what has come, or else sends what was written and waits. After <paramref name="patience"/> the read ends as cancelled, and
    /// <see cref="IsOverdue"/> is set. The result counts for nothing when <see cref="IsStalled"/> is set.
    /// </summary>
    public ValueTask<ReadResult> ReadAsync(TimeSpan patience)
    {
        _deadline.Set(patience);
        if (Input.TryRead(out ReadResult result))
            return new ValueTask<ReadResult>(result);
        // Sending hardly ever waits. So an idle connection is one pending read of the pipe below, with no state of its own here.
        ValueTask<bool> sending = FlushAsync();
        if (!sending.IsCompletedSuccessfully)
            return ReadAfterAsync(sending, patience);
        return sending.Result ? Input.ReadAsync(CancellationToken.None) : default;
    }

    /// <summary>Puts a reply to what goes out next.</summary>
    public void Write(SmtpReply reply)
    {
        _metrics.ReplySent(reply);
        _pipe.Output.Write(reply.Wire.Span);
    }

    /// <summary>Sends what was written.</summary>
    /// <returns><c>false</c> when the peer takes nothing any more.</returns>
    public async ValueTask<bool> FlushAsync()
    {
        while (_pipe.Output.UnflushedBytes > 0)
        {
            ValueTask<FlushResult> flush = _pipe.Output.FlushAsync(CancellationToken.None);
            bool waits = !flush.IsCompleted;
            if (waits)
                _deadline.Set(FlushTimeout);
            FlushResult result = await flush;
            // An older deadline may have interrupted it, too: that one means nothing here.
            if (result.IsCompleted || (result.IsCanceled && waits && _deadline.HasPassed))
            {
                IsStalled = true;
                return false;
            }
        }
        return true;
    }

    /// <summary>Has a pending read, or the next one, end as cancelled. May be called from any thread, and at any time.</summary>
    public void Interrupt()
    {
        if (!_isDeaf)
            Input.CancelPendingRead();
    }

    /// <summary>Moves into TLS. The caller has seen to it that no input is waiting. Without success nothing more can be said.</summary>
    public async ValueTask<TlsHandshake> SecureAsync(TlsCertificates certificates, TimeSpan timeout, CancellationToken stopping)
    {
        _isDeaf = true;
        _deadline.Clear();
        using var tooLong = new CancellationTokenSource(timeout, _time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(tooLong.Token, stopping);
        TlsHandshake handshake = await TlsTransport.AcceptAsync(_clearText, certificates, limit.Token);
        if (handshake.Succeeded)
        {
            _pipe = handshake.Transport;
            _isDeaf = false;
        }
        return handshake;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _isDeaf = true;
        _deadline.Dispose();
        if (_pipe is TlsTransport tls)
            await tls.DisposeAsync();
    }

    private async ValueTask<ReadResult> ReadAfterAsync(ValueTask<bool> sending, TimeSpan patience)
    {
        if (!await sending)
            return default;
        // Sending has moved it.
        _deadline.Set(patience);
        return await Input.ReadAsync(CancellationToken.None);
    }

    private void OnDeadline()
    {
        // This first: to interrupt the read may run the session, up to its next flush.
        _pipe.Output.CancelPendingFlush();
        Interrupt();
    }
}
