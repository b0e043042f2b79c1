using System.Buffers;
using System.IO.Pipelines;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// The octets below TLS: a pair of pipes as the stream that SslStream wants. Writing gathers and never waits; only flushing sends, and
/// waits for the peer. So an alert, which SslStream writes synchronously, blocks no thread, and a record once made always reaches the pipe,
/// whatever is cancelled: a record lost in between would end the session.
/// It heeds tokens, not <see cref="PipeReader.CancelPendingRead"/>, which is meant for whoever reads above. It closes nothing.
/// </summary>
internal sealed class CiphertextStream(IDuplexPipe raw) : Stream
{
    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what there is; with an empty buffer it waits until there is something, and takes nothing.</summary>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            ReadResult result = await raw.Input.ReadAsync(cancellationToken);
            bool isOver = result.IsCompleted || !result.Buffer.IsEmpty;
            int count = (int)Math.Min(buffer.Length, result.Buffer.Length);
            ReadOnlySequence<byte> taken = result.Buffer.Slice(0, count);
            taken.CopyTo(buffer.Span);
            raw.Input.AdvanceTo(taken.End);
            if (isOver)
                return count;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(ReadOnlySpan<byte> buffer) => raw.Output.Write(buffer);

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        Write(buffer.Span);
        return ValueTask.CompletedTask;
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        Write(buffer, offset, count);
        return Task.CompletedTask;
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => raw.Output.FlushAsync(cancellationToken).AsTask();

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
