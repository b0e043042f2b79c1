using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// A certificate with its private key and its chain, ready for handshakes. Nothing disposes it: sessions that began with it may go on when it
/// has long been replaced, and the garbage collector alone knows when the last of them is over.
/// </summary>
internal sealed class TlsCertificate
{
    private static readonly IdnMapping Idn = new();

    private TlsCertificate(X509Certificate2 leaf, X509Certificate2Collection intermediates, string origin, byte[] digest)
    {
        Subject = leaf.Subject;
        NotAfter = new DateTimeOffset(leaf.NotAfter);
        Names = [.. NamesOf(leaf).Select(ToUnicode)];
        Origin = origin;
        Digest = digest;
        Options = new SslServerAuthenticationOptions
        {
            // Offline: neither missing intermediates nor OCSP answers are fetched from the network.
            ServerCertificateContext = SslStreamCertificateContext.Create(leaf, intermediates, offline: true),
            // RFC 8996: nothing below 1.2. Stated, since what the operating system allows may be more.
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            AllowRenegotiation = false,
        };
    }

    /// <summary>The subject's distinguished name, which may be empty.</summary>
    public string Subject { get; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>The domain names that it is for, internationalised ones as U-labels, which is how SslStream tells what the peer asks for.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>Where it comes from, for the log.</summary>
    public string Origin { get; }

    /// <summary>SHA-256 of the files that it was read from; empty when there are none.</summary>
    public byte[] Digest { get; }

    /// <summary>What a handshake with it takes. One for all handshakes, as OpenSSL's context, and with it the resumption of sessions, hangs on it.</summary>
    public SslServerAuthenticationOptions Options { get; }

    /// <summary>One that is in no file.</summary>
    public static TlsCertificate FromMemory(X509Certificate2 certificate) => new(certificate, [], "memory", []);

    /// <summary>Reads it from its files.</summary>
    /// <param name="files">The files.</param>
    /// <param name="known">What was read from them before.</param>
    /// <returns><paramref name="known"/>, when the files hold what they held then.</returns>
    /// <exception cref="TlsCertificateException">The files cannot be read, or hold no certificate with its key.</exception>
    public static TlsCertificate Load(TlsCertificateFiles files, TlsCertificate? known = null)
    {
        byte[] chain = ReadFile(files.CertificateFile, isKey: false);
        byte[] key = ReadFile(files.KeyFile, isKey: true);
        byte[] digest = [.. SHA256.HashData(chain), .. SHA256.HashData(key)];
        return known is not null && digest.AsSpan().SequenceEqual(known.Digest)
            ? known
            : Parse(files, Encoding.Latin1.GetString(chain), Encoding.Latin1.GetString(key), digest);
    }

    private static byte[] ReadFile(string path, bool isKey)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new TlsCertificateException($"{path} cannot be read: {e.Message}", e) { IsOfKey = isKey };
        }
    }

    private static TlsCertificate Parse(TlsCertificateFiles files, string chainPem, string keyPem, byte[] digest)
    {
        X509Certificate2Collection chain = ParseChain(files.CertificateFile, chainPem);
        if (keyPem.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal))
            throw KeyFault($"{files.KeyFile}: the private key is encrypted; only one without a passphrase can be used");
        if (!keyPem.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
            throw KeyFault($"{files.KeyFile} holds no private key in PEM");
        try
        {
            X509Certificate2 leaf = X509Certificate2.CreateFromPem(chainPem, keyPem);
            chain.RemoveAt(0);
            return new TlsCertificate(leaf, chain, files.CertificateFile, digest);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            string why = "is damaged, or does not fit the certificate in";
            throw KeyFault($"{files.KeyFile}: the private key {why} {files.CertificateFile}", e);
        }
    }

    private static TlsCertificateException KeyFault(string message, Exception? inner = null) => new(message, inner) { IsOfKey = true };

    private static X509Certificate2Collection ParseChain(string path, string pem)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(pem);
        }
        catch (CryptographicException e)
        {
            throw new TlsCertificateException($"{path}: a certificate is damaged: {e.Message}", e);
        }
        return chain.Count > 0 ? chain : throw new TlsCertificateException($"{path} holds no certificate in PEM");
    }

    // RFC 9525 section 2: the subject's common name is of no account any more, but where there is no other.
    private static string[] NamesOf(X509Certificate2 leaf)
    {
        string[] alternative =
        [
            .. leaf.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames()),
        ];
        return alternative.Length > 0 ? alternative : [leaf.GetNameInfo(X509NameType.SimpleName, forIssuer: false)];
    }

    private static string ToUnicode(string name)
    {
        try
        {
            return name.Contains("xn--", StringComparison.OrdinalIgnoreCase) ? Idn.GetUnicode(name) : name;
        }
        catch (ArgumentException)
        {
            return name;
        }
    }
}
