using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Runtime.InteropServices;
using BounceMx.Smtp.Bodies;

namespace BounceMx.Smtp.Limits;

/// <summary>
/// Decides which connections are taken, and knows how busy each peer is: connections in all, a peer and a network, and the rates of
/// <see cref="PeerRates"/>. Thread-safe. It keeps two entries at most for a live connection, and 2 MiB for the rates.
/// It answers nobody and logs nothing: it says why, and the caller answers and counts.
/// Known gaps: an attacker with many networks is stopped by the limit on connections in all, like everybody else; all that comes through one
/// NAT64 (RFC 6052) is one peer.
/// </summary>
internal sealed class PeerLimiter
{
    private readonly SmtpLimitOptions _options;
    private readonly NetworkSet _exempt;
    private readonly PeerRates _rates;
    private readonly Lock _lock = new();

    // Live connections that are not exempt, by peer and by network. Invariant: no entry is 0.
    private readonly Dictionary<PeerKey, int> _byPeer = new(PeerHash.Instance);
    private readonly Dictionary<PeerKey, Network> _byNetwork = new(PeerHash.Instance);

    private int _live;
    private bool _isUnderStress;

    /// <summary>Makes a limiter without connections.</summary>
    /// <param name="options">The limits.</param>
    /// <param name="time">The clock of the rates.</param>
    /// <exception cref="FormatException">An exempt network is none.</exception>
    public PeerLimiter(SmtpLimitOptions options, TimeProvider time)
    {
        _options = options;
        _exempt = NetworkSet.Parse(options.Exempt);
        _rates = new PeerRates(options, time);
    }

    /// <summary>Connections that are admitted and not released.</summary>
    public int LiveConnections => Volatile.Read(ref _live);

    /// <summary>
    /// Whether time is short for those who waste it: from four fifths of <see cref="SmtpLimitOptions.MaxConnections"/> until they fall below
    /// seven tenths, so that it does not change with every connection.
    /// </summary>
    public bool IsUnderStress => Volatile.Read(ref _isUnderStress);

    /// <summary>Called when stress begins, once each time, by whoever admits the connection, and under no lock. Must not throw.</summary>
    public Action? StressBegan { get; set; }

    /// <summary>Peers and networks that are kept count of.</summary>
    internal int Entries
    {
        get
        {
            lock (_lock)
                return _byPeer.Count + _byNetwork.Count;
        }
    }

    /// <summary>Takes a connection, or says why not.</summary>
    /// <param name="address">The client's address.</param>
    /// <param name="lease">What the connection holds until it ends.</param>
    /// <param name="refusal">Why it is not admitted.</param>
    public bool TryAdmit(IPAddress address, [NotNullWhen(true)] out PeerLease? lease, out LimitRefusal refusal)
    {
        PeerKey? peer = _exempt.Contains(address) ? null : PeerKey.Of(address);
        bool stressBegins = false;
        lease = null;
        lock (_lock)
        {
            refusal = Check(peer);
            if (refusal == LimitRefusal.None)
            {
                lease = new PeerLease(this, peer, Enter(peer)?.Bodies);
                stressBegins = StressBegins();
            }
        }
        if (stressBegins)
            StressBegan?.Invoke();
        return lease is not null;
    }

    /// <summary>Counts what a peer did.</summary>
    /// <returns><c>false</c> when it exceeds the rate.</returns>
    internal bool TryCount(PeerKey peer, PeerRate rate) => _rates.TryCount(peer, rate);

    /// <summary>Gives back what <see cref="TryAdmit"/> took.</summary>
    internal void Release(PeerKey? peer)
    {
        lock (_lock)
        {
            Debug.Assert(_live > 0, "More are released than were admitted.");
            _live--;
            if (_live * 10L < _options.MaxConnections * 7L)
                _isUnderStress = false;
            if (peer is { } key)
                Leave(key);
        }
    }

    private LimitRefusal Check(PeerKey? peer) =>
        _live >= _options.MaxConnections ? LimitRefusal.Connections
        : peer is not { } key ? LimitRefusal.None
        : IsReached(_options.MaxConnectionsPerAddress, _byPeer.GetValueOrDefault(key)) ? LimitRefusal.ConnectionsPerAddress
        : IsReached(_options.MaxConnectionsPerNetwork, _byNetwork.GetValueOrDefault(key.Network)?.Connections ?? 0)
            ? LimitRefusal.ConnectionsPerNetwork
        : _rates.IsSpent(key, PeerRate.Errors) ? LimitRefusal.ErrorRate
        : LimitRefusal.None;

    // The network that the connection counts for; null when it counts for none.
    private Network? Enter(PeerKey? peer)
    {
        _live++;
        if (peer is not { } key)
            return null;
        CollectionsMarshal.GetValueRefOrAddDefault(_byPeer, key, out _)++;
        Network network = CollectionsMarshal.GetValueRefOrAddDefault(_byNetwork, key.Network, out _) ??= new Network();
        network.Connections++;
        return network;
    }

    private void Leave(PeerKey key)
    {
        if (--CollectionsMarshal.GetValueRefOrNullRef(_byPeer, key) == 0)
            _byPeer.Remove(key);
        if (--_byNetwork[key.Network].Connections == 0)
            _byNetwork.Remove(key.Network);
    }

    private bool StressBegins()
    {
        if (_isUnderStress || _live * 5L < _options.MaxConnections * 4L)
            return false;
        _isUnderStress = true;
        return true;
    }

    private static bool IsReached(int limit, int count) => limit != 0 && count >= limit;

    // What is known of a network that has connections.
    private sealed class Network
    {
        public int Connections { get; set; }
        public BodyShare Bodies { get; } = new();
    }
}
