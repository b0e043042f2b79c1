using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Win32.SafeHandles;

namespace BounceMx.Smtp.Bodies;

/// <summary>
/// Where the octets of a message are kept while it comes in: in a pooled array up to <see cref="MemorySize"/>, from there on in a
/// temporary file with the array before it, so a body takes 64 KiB of memory at most, however long it is and however it is cut.
/// It counts them against the limit for one message and the budget for all, and marks bare CR and LF; it does not know what ends a message.
/// A message that cannot be kept is let go of at once, takes any number of octets more, and has a <see cref="Refusal"/> at its end.
/// One message at a time, from one thread at a time.
/// </summary>
internal sealed class MessageBuffer(BodyStore store, long maxLength, ILogger logger, BodyShare? share = null) : IDisposable
{
    /// <summary>Octets up to which a message is in memory alone; one more, and it is in a file.</summary>
    public const int MemorySize = 64 * 1024;

    // Most bounces are 3 to 10 KiB.
    private const int FirstSize = 8 * 1024;

    // The end of the message; what came before is in the file.
    private byte[] _memory = [];
    private int _inMemory;

    private SafeFileHandle? _file;
    private long _inFile;

    private long _reserved;
    private LineEndCheck _lineEnds;
    private SmtpReply? _failure;

    /// <summary>Octets of the message so far, kept or not.</summary>
    public long Length { get; private set; }

    /// <summary>Whether a CR or LF stood alone (RFC 5321 section 2.3.8). Of use only at the end, when nothing was refused.</summary>
    public bool HasBareLineEnds => _lineEnds.HasBare;

    /// <summary>Why the message is not kept: too large for ever, or a want of room, or a fault of ours. <c>null</c> while it is.</summary>
    public SmtpReply? Refusal => Length > maxLength ? SmtpReplies.MessageTooLarge : _failure;

    /// <summary>Adds to the end. Never throws: what cannot be kept is a <see cref="Refusal"/>.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        if (octets.IsEmpty)
            return;
        Length += octets.Length;
        if (Refusal is null && !TryReserve(octets.Length))
            _failure = SmtpReplies.SystemFull;
        if (Refusal is null)
            Keep(octets);
        if (Refusal is not null)
            LetGo();
    }

    /// <summary>Ends the message.</summary>
    /// <param name="body">The message, until <see cref="Clear"/>.</param>
    /// <param name="refusal">Why there is none.</param>
    public bool TryComplete([NotNullWhen(true)] out MessageBody? body, [NotNullWhen(false)] out SmtpReply? refusal)
    {
        if (_file is not null && !TryWriteOut())
            LetGo();
        refusal = Refusal;
        body =
            refusal is not null ? null
            : _file is null ? new MessageBody(_memory.AsMemory(0, _inMemory))
            : new MessageBody(_file, _inFile);
        return body is not null;
    }

    /// <summary>Lets go of the message and makes ready for the next.</summary>
    public void Clear()
    {
        LetGo();
        Length = 0;
        _lineEnds = default;
        _failure = null;
    }

    /// <inheritdoc/>
    public void Dispose() => Clear();

    private bool TryReserve(int octets)
    {
        if (!store.Budget.TryReserve(octets, share))
            return false;
        _reserved += octets;
        return true;
    }

    private void Keep(ReadOnlySpan<byte> octets)
    {
        _lineEnds.Read(octets);
        while (!octets.IsEmpty && TryMakeRoom())
        {
            int count = Math.Min(octets.Length, _memory.Length - _inMemory);
            octets[..count].CopyTo(_memory.AsSpan(_inMemory));
            _inMemory += count;
            octets = octets[count..];
        }
    }

    private bool TryMakeRoom()
    {
        if (_inMemory < _memory.Length)
            return true;
        if (_memory.Length >= MemorySize)
            return TryWriteOut();
        byte[] larger = ArrayPool<byte>.Shared.Rent(_memory.Length == 0 ? FirstSize : MemorySize);
        _memory.CopyTo(larger, 0);
        ReturnMemory();
        _memory = larger;
        return true;
    }

    // Not asynchronous: on Unix that is the same blocking call on another thread of the same pool, and the write goes to the page cache.
    private bool TryWriteOut()
    {
        try
        {
            _file ??= store.OpenFile();
            RandomAccess.Write(_file, _memory.AsSpan(0, _inMemory), _inFile);
            _inFile += _inMemory;
            _inMemory = 0;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _failure = BodyStore.IsDiskFull(e) ? SmtpReplies.SystemFull : SmtpReplies.LocalError;
            BodyLog.NotKept(logger, e, $"{_failure.Code} {_failure.Status}");
            return false;
        }
    }

    private void LetGo()
    {
        ReturnMemory();
        _memory = [];
        _inMemory = 0;
        _file?.Dispose();
        _file = null;
        _inFile = 0;
        store.Budget.Release(_reserved, share);
        _reserved = 0;
    }

    private void ReturnMemory()
    {
        if (_memory.Length > 0)
            ArrayPool<byte>.Shared.Return(_memory);
    }
}
