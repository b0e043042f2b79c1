using System.Net.Security;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// The certificates of the server, one of which each handshake gets: the one for the name that the peer asks for (SNI, RFC 6066 section 3), or the
/// first. A wildcard stands for one label (RFC 9525 section 6.3). Certificates may be replaced at any time; sessions under way keep theirs.
/// It does not look at files after it was loaded: <see cref="TlsCertificateWatch"/> does.
/// Known gaps: one certificate a name, so not RSA and ECDSA side by side; no OCSP stapling.
/// </summary>
public sealed class TlsCertificates
{
    private readonly TlsCertificate[] _all;

    // By name, "*.example.com" among them; replaced as a whole.
    private volatile Dictionary<string, TlsCertificate> _byName;

    private TlsCertificates(IReadOnlyList<TlsCertificateFiles> files, TlsCertificate[] all)
    {
        Files = files;
        _all = all;
        _byName = Index(all);
    }

    /// <summary>Where each of <see cref="All"/> was read from; empty when it was made in memory.</summary>
    internal IReadOnlyList<TlsCertificateFiles> Files { get; }

    /// <summary>All of them, in the order that they were given.</summary>
    internal IReadOnlyList<TlsCertificate> All => _all;

    /// <summary>Loads them.</summary>
    /// <param name="files">At least one; the first is for peers that ask for no name, or for one that none is for.</param>
    /// <exception cref="TlsCertificateException">One cannot be read.</exception>
    public static TlsCertificates Load(IReadOnlyList<TlsCertificateFiles> files)
    {
        ArgumentNullException.ThrowIfNull(files);
        if (files.Count == 0)
            throw new ArgumentException("One at least.", nameof(files));
        return new TlsCertificates(files, [.. files.Select(pair => TlsCertificate.Load(pair))]);
    }

    /// <summary>Makes one for trying out: see <see cref="SelfSignedCertificate"/>.</summary>
    /// <param name="hostName">What the server calls itself.</param>
    /// <param name="time">The clock that it is valid by.</param>
    /// <exception cref="TlsCertificateException">The name cannot stand in a certificate.</exception>
    public static TlsCertificates SelfSigned(string hostName, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        return new TlsCertificates([], [TlsCertificate.FromMemory(SelfSignedCertificate.Create(hostName, time.GetUtcNow()))]);
    }

    /// <summary>What a handshake goes on with.</summary>
    /// <param name="serverName">What the peer asks for, in any case; empty when it does not ask.</param>
    internal SslServerAuthenticationOptions Select(string serverName)
    {
        Dictionary<string, TlsCertificate> byName = _byName;
        bool isKnown = byName.TryGetValue(serverName, out TlsCertificate? certificate);
        int dot = serverName.IndexOf('.', StringComparison.Ordinal);
        if (!isKnown && dot > 0)
            byName.TryGetValue($"*{serverName[dot..]}", out certificate);
        return (certificate ?? _all[0]).Options;
    }

    /// <summary>Puts another in the place of one. For one caller at a time.</summary>
    internal void Replace(int index, TlsCertificate certificate)
    {
        _all[index] = certificate;
        _byName = Index(_all);
    }

    // The first that is for a name has it.
    private static Dictionary<string, TlsCertificate> Index(TlsCertificate[] all)
    {
        var byName = new Dictionary<string, TlsCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (TlsCertificate certificate in all)
        foreach (string name in certificate.Names)
            byName.TryAdd(name, certificate);
        return byName;
    }
}
