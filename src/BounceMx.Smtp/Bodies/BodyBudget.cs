namespace BounceMx.Smtp.Bodies;

/// <summary>
/// Octets of message bodies that the server holds, in memory or in temporary files, over all sessions: from the first octet of a body until
/// its reply is decided. Thread-safe, without locks.
/// </summary>
internal sealed class BodyBudget(BodyLimits limits)
{
    private readonly long _soft = limits.BodiesSoftLimit;
    private readonly long _hard = limits.BodiesHardLimit;
    private readonly long _perNetwork = limits.BodiesPerNetwork == 0 ? long.MaxValue : limits.BodiesPerNetwork;
    private long _inFlight;

    // Set when a body did not fit, until there is room again. As long as bodies are let go of when they do not fit, the octets in flight
    // never stay at the hard limit: the state must be remembered.
    private volatile bool _wasExhausted;

    /// <summary>Octets held now.</summary>
    public long InFlight => Interlocked.Read(ref _inFlight);

    /// <summary>Whether no transaction should begin.</summary>
    public bool IsOverSoft => InFlight > _soft;

    /// <summary>Whether no session should begin: a body did not fit under the hard limit, and the soft one is still exceeded.</summary>
    public bool IsOverHard => _wasExhausted && IsOverSoft;

    /// <summary>Counts octets in, or none of them when they would go over the hard limit, or over the network's.</summary>
    /// <param name="octets">How many.</param>
    /// <param name="share">What the network holds; <c>null</c> for one that has no limit.</param>
    public bool TryReserve(int octets, BodyShare? share = null)
    {
        if (share?.TryReserve(octets, _perNetwork) == false)
            return false;
        if (TryReserveOfAll(octets))
            return true;
        share?.Release(octets);
        return false;
    }

    /// <summary>Counts octets out that were counted in.</summary>
    public void Release(long octets, BodyShare? share = null)
    {
        share?.Release(octets);
        if (octets > 0 && Interlocked.Add(ref _inFlight, -octets) <= _soft)
            _wasExhausted = false;
    }

    private bool TryReserveOfAll(int octets)
    {
        long before = InFlight;
        while (before + octets <= _hard)
        {
            long seen = Interlocked.CompareExchange(ref _inFlight, before + octets, before);
            if (seen == before)
                return true;
            before = seen;
        }
        _wasExhausted = true;
        return false;
    }
}
