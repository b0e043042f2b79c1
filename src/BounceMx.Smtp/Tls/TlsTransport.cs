using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// The server's side of a TLS session over a pair of pipes, itself a pair of pipes. It makes the handshake, decrypts one record ahead, encrypts at
/// each flush and says goodbye. The pipes below stay their owner's to complete. TLS 1.2 and 1.3 alone, no client certificate, no renegotiation.
/// Reading ahead goes into a pipe of its own: to cancel a pending read cancels nothing within TLS, so nothing can be lost by it.
/// A peer that cuts the connection between two records, without close_notify, is not told from one that closes: SMTP ends its messages itself.
/// Standards: RFC 3207 and 8314 (with whoever calls), RFC 5246, 8446 and 6066 section 3 (SslStream). Known gaps: ALPN, client certificates.
/// </summary>
internal sealed class TlsTransport : IDuplexPipe, IAsyncDisposable
{
    // A TLS record (RFC 8446 section 5.1).
    private const int ReadAhead = 16 * 1024;

    private readonly SslStream _tls;
    private readonly TlsWriter _output;
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _decrypting;
    private bool _isDisposed;

    // Inline: the thread that brings the ciphertext runs the session.
    private readonly Pipe _plain = new(
        new PipeOptions(
            readerScheduler: PipeScheduler.Inline,
            writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: ReadAhead,
            resumeWriterThreshold: ReadAhead / 2,
            useSynchronizationContext: false
        )
    );

    private TlsTransport(SslStream tls, PipeWriter raw)
    {
        _tls = tls;
        _output = new TlsWriter(tls, raw);
        Parameters = new TlsParameters(tls.SslProtocol == SslProtocols.Tls13 ? "TLSv1.3" : "TLSv1.2", $"{tls.NegotiatedCipherSuite}");
        _decrypting = DecryptAsync();
    }

    /// <inheritdoc/>
    public PipeReader Input => _plain.Reader;

    /// <inheritdoc/>
    public PipeWriter Output => _output;

    /// <summary>What the handshake has agreed on.</summary>
    public TlsParameters Parameters { get; }

    /// <summary>Makes the handshake. It throws nothing that comes from the peer.</summary>
    /// <param name="raw">
    /// Where ciphertext comes from and goes to. What the reader holds already is taken for ciphertext: whoever starts TLS in mid-session must
    /// have made sure that the peer has sent nothing (RFC 3207 section 6). Nobody else may read or write it until this returns or is disposed.
    /// </param>
    /// <param name="certificates">Where the certificate for the name that the peer asks for is found.</param>
    /// <param name="handshakeLimit">Cancelled when the handshake has taken too long.</param>
    public static async ValueTask<TlsHandshake> AcceptAsync(IDuplexPipe raw, TlsCertificates certificates, CancellationToken handshakeLimit)
    {
        var tls = new SslStream(new CiphertextStream(raw), leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsServerAsync(
                static (_, hello, certificates, _) => ValueTask.FromResult(((TlsCertificates)certificates!).Select(hello.ServerName)),
                certificates,
                handshakeLimit
            );
            return new TlsHandshake(new TlsTransport(tls, raw.Output), TlsFault.None, "");
        }
        catch (Exception exception)
        {
            await EndAsync(tls);
            TlsFault fault =
                handshakeLimit.IsCancellationRequested ? TlsFault.TimedOut
                : exception is AuthenticationException ? TlsFault.Failed
                : TlsFault.HungUp;
            return new TlsHandshake(null, fault, (exception.InnerException ?? exception).Message);
        }
    }

    /// <summary>
    /// Ends the session and leaves a close_notify in the pipe below, without waiting for the peer to take it. To be called when nobody reads or
    /// writes any more.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;
        await _closing.CancelAsync();
        await _decrypting;
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        await EndAsync(_tls);
        _closing.Dispose();
    }

    // Waits for ciphertext with an empty buffer, so that an idle session holds none.
    private async Task DecryptAsync()
    {
        IOException? fault = null;
        try
        {
            int count;
            FlushResult flush;
            do
            {
                _ = await _tls.ReadAsync(Memory<byte>.Empty, _closing.Token);
                count = await _tls.ReadAsync(_plain.Writer.GetMemory(), _closing.Token);
                _plain.Writer.Advance(count);
                flush = await _plain.Writer.FlushAsync(_closing.Token);
            } while (count > 0 && !flush.IsCompleted);
        }
        catch (Exception exception)
        {
            fault = exception as IOException ?? new IOException("The TLS session is broken.", exception);
        }
        await _plain.Writer.CompleteAsync(fault);
    }

    // A session that broke, in whatever way, has no last word.
    private static async ValueTask EndAsync(SslStream tls)
    {
        await SendLastRecordAsync(tls).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await tls.DisposeAsync();
    }

    // The goodbye, or the alert that a failed handshake has left.
    private static async Task SendLastRecordAsync(SslStream tls)
    {
        if (tls.IsAuthenticated)
            await tls.ShutdownAsync();
        await tls.FlushAsync(CancellationToken.None);
    }
}
