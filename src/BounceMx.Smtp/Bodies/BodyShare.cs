namespace BounceMx.Smtp.Bodies;

/// <summary>Octets of message bodies that are held for one network, over all its sessions. Thread-safe, without locks.</summary>
internal sealed class BodyShare
{
    private long _held;

    /// <summary>Counts octets in, or none of them when they would go over a limit.</summary>
    public bool TryReserve(int octets, long limit)
    {
        if (Interlocked.Add(ref _held, octets) <= limit)
            return true;
        Release(octets);
        return false;
    }

    /// <summary>Counts octets out that were counted in.</summary>
    public void Release(long octets) => Interlocked.Add(ref _held, -octets);
}
