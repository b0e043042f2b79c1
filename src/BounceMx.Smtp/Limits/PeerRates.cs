using System.Runtime.CompilerServices;

namespace BounceMx.Smtp.Limits;

/// <summary>What is counted by the minute.</summary>
internal enum PeerRate
{
    Messages,
    Recipients,
    Errors,
}

/// <summary>
/// What peers did in the last minute, in a table that never grows: 65,536 entries of 32 octets, 2 MiB whatever happens.
/// An entry holds a point in time for each rate: when the peer will have worked off what it did (the generic cell rate algorithm of
/// ITU-T I.371, which is a token bucket without the refilling). An entry whose times have passed says no more than none would.
/// A peer has its place in one set of eight; where all are taken, the one that has least to work off is forgotten. So newcomers push out
/// one another, and not those that are at their limit, and start with nothing held against them.
/// Known gap: with far more than 65,536 active peers a minute some are forgotten early, and so get more than their rate.
/// </summary>
internal sealed class PeerRates
{
    /// <summary>Entries of the table.</summary>
    public const int Capacity = 64 * 1024;

    private const int Ways = 8;
    private const int Sets = Capacity / Ways;
    private const int Stripes = 256;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly TimeProvider _time;
    private readonly Entry[] _entries = new Entry[Capacity];

    // Each guards every 256th set.
    private readonly Lock[] _locks = [.. Enumerable.Range(0, Stripes).Select(_ => new Lock())];

    // In ticks of the clock. Invariant: no entry lies further ahead than the window.
    private readonly long _window;

    // What one of a kind adds, by PeerRate; 0 where there is no limit.
    private readonly long[] _costs;

    public PeerRates(SmtpLimitOptions options, TimeProvider time)
    {
        _time = time;
        _window = (long)(Window.TotalSeconds * time.TimestampFrequency);
        int[] rates = [options.MessagesPerMinute, options.RecipientsPerMinute, options.ErrorsPerMinute];
        _costs = [.. rates.Select(rate => rate == 0 ? 0 : Math.Max(1, _window / rate))];
    }

    /// <summary>Counts one, unless that would exceed the rate.</summary>
    /// <returns><c>false</c> when it would.</returns>
    public bool TryCount(PeerKey peer, PeerRate rate)
    {
        long cost = _costs[(int)rate];
        if (cost == 0)
            return true;
        int set = SetOf(peer);
        long now = _time.GetTimestamp();
        lock (_locks[set % Stripes])
        {
            ref Entry entry = ref EntryOf(peer, set);
            ref long doneAt = ref entry.DoneAt[(int)rate];
            long next = Math.Max(doneAt, now) + cost;
            if (next - now > _window)
                return false;
            doneAt = next;
            return true;
        }
    }

    /// <summary>Whether one more would exceed the rate.</summary>
    public bool IsSpent(PeerKey peer, PeerRate rate)
    {
        long cost = _costs[(int)rate];
        if (cost == 0)
            return false;
        int set = SetOf(peer);
        long now = _time.GetTimestamp();
        lock (_locks[set % Stripes])
        {
            foreach (ref readonly Entry entry in Entries(set))
            {
                if (entry.Peer == peer)
                    return entry.DoneAt[(int)rate] + cost - now > _window;
            }
            return false;
        }
    }

    private static int SetOf(PeerKey peer) => PeerHash.Instance.GetHashCode(peer) & (Sets - 1);

    private Span<Entry> Entries(int set) => _entries.AsSpan(set * Ways, Ways);

    private ref Entry EntryOf(PeerKey peer, int set)
    {
        Span<Entry> entries = Entries(set);
        int leastBusy = 0;
        for (int i = 0; i < Ways; i++)
        {
            if (entries[i].Peer == peer)
                return ref entries[i];
            if (entries[i].AllDoneAt < entries[leastBusy].AllDoneAt)
                leastBusy = i;
        }
        entries[leastBusy] = new Entry { Peer = peer };
        return ref entries[leastBusy];
    }

    private struct Entry
    {
        public PeerKey Peer;
        public Times DoneAt;

        public readonly long AllDoneAt => Math.Max(DoneAt[0], Math.Max(DoneAt[1], DoneAt[2]));
    }

    // By PeerRate.
    [InlineArray(3)]
    private struct Times
    {
        private long _first;
    }
}
