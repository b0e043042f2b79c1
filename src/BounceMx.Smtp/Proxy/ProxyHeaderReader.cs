using System.Buffers;
using System.IO.Pipelines;

namespace BounceMx.Smtp.Proxy;

/// <summary>Takes the header of <see cref="ProxyHeaderParser"/> off a connection, before anything is said on it.</summary>
internal static class ProxyHeaderReader
{
    /// <summary>How long the whole header may take. Postfix's smtpd_upstream_proxy_timeout.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <summary>Reads it, and nothing that follows: what has arrived behind it is there for the next read.</summary>
    /// <param name="input">The connection. It is the caller's to complete.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Gives up early, which looks like the timeout.</param>
    /// <returns><c>null</c> when it is malformed, missing or late, or the peer hung up: nothing can be said to such a peer.</returns>
    public static async Task<ProxyHeader?> ReadAsync(PipeReader input, TimeProvider time, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(Timeout, time);
        using var givenUp = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
        try
        {
            while (true)
            {
                ReadResult result = await input.ReadAsync(givenUp.Token);
                ReadOnlySequence<byte> buffer = result.Buffer;
                OperationStatus status = ProxyHeaderParser.Parse(ref buffer, out ProxyHeader header);
                if (status == OperationStatus.NeedMoreData && !result.IsCompleted)
                {
                    input.AdvanceTo(buffer.Start, buffer.End);
                    continue;
                }
                input.AdvanceTo(buffer.Start);
                return status == OperationStatus.Done ? header : null;
            }
        }
        catch (Exception exception) when (SmtpConnection.IsHungUp(exception))
        {
            return null;
        }
    }
}
