using System.Buffers;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp;

/// <summary>Takes the octets that a BDAT announced, as they come (RFC 3030 section 2).</summary>
/// <param name="message">Where they go; <c>null</c> when they are thrown away.</param>
/// <param name="size">Octets that were announced.</param>
internal sealed class ChunkReader(MessageBuffer? message, long size) : IBodyReader
{
    private long _left = size;

    /// <inheritdoc/>
    public bool IsComplete => _left == 0;

    /// <inheritdoc/>
    public void Read(ref ReadOnlySequence<byte> buffer)
    {
        ReadOnlySequence<byte> chunk = buffer.Slice(0, Math.Min(_left, buffer.Length));
        if (message is not null)
        {
            foreach (ReadOnlyMemory<byte> memory in chunk)
                message.Append(memory.Span);
        }
        _left -= chunk.Length;
        buffer = buffer.Slice(chunk.End);
    }
}
