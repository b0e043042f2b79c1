using System.Buffers;

namespace BounceMx.Smtp;

/// <summary>Octets that come in pieces, in pooled arrays until their number is known, so that the result is the only allocation.</summary>
internal sealed class PooledOctets
{
    // Most bounces are 3 to 10 KiB; what is longer goes on in segments of Kestrel's read buffer size.
    private const int FirstSegment = 8 * 1024;
    private const int LaterSegment = 64 * 1024;

    private readonly List<byte[]> _full = [];
    private byte[] _last = [];
    private int _lastLength;

    /// <summary>Adds to the end.</summary>
    public void Append(ReadOnlySpan<byte> octets)
    {
        while (!octets.IsEmpty)
        {
            if (_lastLength == _last.Length)
                Grow();
            int count = Math.Min(octets.Length, _last.Length - _lastLength);
            octets[..count].CopyTo(_last.AsSpan(_lastLength));
            _lastLength += count;
            octets = octets[count..];
        }
    }

    /// <summary>All octets in an array of exactly their number.</summary>
    public byte[] ToArray()
    {
        byte[] all = GC.AllocateUninitializedArray<byte>(_full.Sum(segment => segment.Length) + _lastLength);
        int at = 0;
        foreach (byte[] segment in _full)
        {
            segment.CopyTo(all, at);
            at += segment.Length;
        }
        _last.AsSpan(0, _lastLength).CopyTo(all.AsSpan(at));
        return all;
    }

    /// <summary>Forgets everything and gives the arrays back.</summary>
    public void Clear()
    {
        foreach (byte[] segment in _full)
            ArrayPool<byte>.Shared.Return(segment);
        _full.Clear();
        if (_last.Length > 0)
            ArrayPool<byte>.Shared.Return(_last);
        _last = [];
        _lastLength = 0;
    }

    private void Grow()
    {
        if (_last.Length > 0)
            _full.Add(_last);
        _last = ArrayPool<byte>.Shared.Rent(_full.Count == 0 ? FirstSegment : LaterSegment);
        _lastLength = 0;
    }
}
