using Microsoft.Win32.SafeHandles;

namespace BounceMx.Smtp.Bodies;

/// <summary>
/// A message that has come in whole, as sent, dot-stuffing removed: up to 64 KiB in memory, beyond that in a temporary file.
/// It belongs to the server and is valid only during the call that it was given to. Reading is thread-safe.
/// </summary>
public sealed class MessageBody
{
    private readonly SafeFileHandle? _file;
    private readonly ReadOnlyMemory<byte> _octets;

    /// <summary>A message in memory.</summary>
    /// <param name="octets">The message.</param>
    public MessageBody(ReadOnlyMemory<byte> octets)
    {
        _octets = octets;
        Length = octets.Length;
    }

    internal MessageBody(SafeFileHandle file, long length)
    {
        _file = file;
        Length = length;
    }

    /// <summary>Octets of the message.</summary>
    public long Length { get; }

    /// <summary>The message when it is in memory; <c>null</c> when it is in a file.</summary>
    public ReadOnlyMemory<byte>? Octets => _file is null ? _octets : default(ReadOnlyMemory<byte>?);

    /// <summary>Reads a part, wherever the message is.</summary>
    /// <param name="offset">Where to begin: 0 to <see cref="Length"/>.</param>
    /// <param name="destination">Filled as far as the message goes.</param>
    /// <returns>Octets read: fewer than asked for only at the end.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public int Read(long offset, Span<byte> destination)
    {
        int count = (int)Math.Min(destination.Length, Length - offset);
        if (_file is null)
            _octets.Span.Slice((int)offset, count).CopyTo(destination);
        for (int at = 0; _file is not null && at < count; )
        {
            int read = RandomAccess.Read(_file, destination[at..count], offset + at);
            at += read > 0 ? read : throw new EndOfStreamException("The temporary file ends before the message does.");
        }
        return count;
    }

    /// <summary>A copy in memory. Not for messages of any size: that is what the file is for.</summary>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public byte[] ToArray()
    {
        byte[] all = GC.AllocateUninitializedArray<byte>(checked((int)Length));
        Read(0, all);
        return all;
    }
}
