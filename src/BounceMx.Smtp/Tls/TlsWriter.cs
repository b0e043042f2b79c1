using System.IO.Pipelines;
using System.Net.Security;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// Encrypts what is flushed. It waits as the pipe below does, and a cancelled flush means what it means there: what was flushed is on its
/// way, only the waiting ends. (<see cref="PipeWriter.Create(Stream, StreamPipeWriterOptions?)"/> would drop a record, and break the session.)
/// </summary>
internal sealed class TlsWriter(SslStream tls, PipeWriter raw) : PipeWriter
{
    // Gathers between flushes; holds no memory when it is empty, and never makes its writer wait.
    private readonly Pipe _plain = new(new PipeOptions(pauseWriterThreshold: 0, useSynchronizationContext: false));

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _plain.Writer.UnflushedBytes;

    public override Memory<byte> GetMemory(int sizeHint = 0) => _plain.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _plain.Writer.GetSpan(sizeHint);

    public override void Advance(int bytes) => _plain.Writer.Advance(bytes);

    public override async ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        await _plain.Writer.FlushAsync(CancellationToken.None);
        if (_plain.Reader.TryRead(out ReadResult plain))
        {
            await EncryptAsync(plain);
            _plain.Reader.AdvanceTo(plain.Buffer.End);
        }
        return await raw.FlushAsync(cancellationToken);
    }

    public override void CancelPendingFlush() => raw.CancelPendingFlush();

    /// <summary>Lets go of what was not flushed; the pipe below stays open.</summary>
    public override void Complete(Exception? exception = null)
    {
        _plain.Writer.Complete();
        _plain.Reader.Complete();
    }

    // Done at once: CiphertextStream only gathers.
    private async ValueTask EncryptAsync(ReadResult plain)
    {
        try
        {
            foreach (ReadOnlyMemory<byte> segment in plain.Buffer)
                await tls.WriteAsync(segment, CancellationToken.None);
        }
        catch (Exception exception) when (exception is not IOException)
        {
            throw new IOException("The TLS session is broken.", exception);
        }
    }
}
