using System.Buffers;

namespace BounceMx.Smtp;

/// <summary>Takes the octets of a message off the input, and knows where they end.</summary>
internal interface IBodyReader
{
    /// <summary>Whether all have come: what follows is a command.</summary>
    bool IsComplete { get; }

    /// <summary>Reads on.</summary>
    /// <param name="buffer">What has arrived; moved behind what was taken: all of it, or up to the end.</param>
    void Read(ref ReadOnlySequence<byte> buffer);
}
