using System.ComponentModel.DataAnnotations;
using BounceMx.Smtp.Tls;

namespace BounceMx.Hosting;

/// <summary>
/// Section <c>Tls</c>: the certificates for STARTTLS and implicit TLS. The files are looked at every ten seconds; what changes is taken without a
/// restart. The oldest protocol is TLS 1.2, and not to be configured.
/// </summary>
internal sealed class TlsSettings
{
    /// <summary>
    /// PEM files, each with a certificate and its intermediates (certbot's <c>fullchain.pem</c>). Which one a peer gets is decided by the name that it
    /// asks for; the first is for all others. Empty: no TLS.
    /// </summary>
    [Required(ErrorMessage = "a path")]
    public string[] CertificateFiles { get; set; } = [];

    /// <summary>PEM files with the private keys (certbot's <c>privkey.pem</c>), in the same order. Empty: each key stands in its certificate's file.</summary>
    [Required(ErrorMessage = "a path")]
    public string[] KeyFiles { get; set; } = [];

    /// <summary>Make a certificate at every start, known to nobody: for trying out.</summary>
    public bool SelfSigned { get; set; }

    /// <summary>What contradicts each other, and every file that cannot be used.</summary>
    /// <param name="hostName">What the server calls itself.</param>
    /// <param name="time">The clock that a self-signed certificate is valid by.</param>
    public IEnumerable<ConfigurationFault> Faults(string hostName, TimeProvider time)
    {
        if (SelfSigned && CertificateFiles.Length > 0)
            return [new("Tls:SelfSigned", "is true, but Tls:CertificateFiles names a certificate; allowed: one of the two")];
        if (KeyFiles.Length > 0 && KeyFiles.Length != CertificateFiles.Length)
        {
            string counts = $"has {KeyFiles.Length} entries, Tls:CertificateFiles {CertificateFiles.Length}";
            return
            [
                new(
                    "Tls:KeyFiles",
                    $"{counts}; allowed: as many, in the same order, or none where each key stands in its certificate's file"
                ),
            ];
        }
        return SelfSigned
            ? Faults(() => TlsCertificates.SelfSigned(hostName, time), _ => "Tls:SelfSigned")
            : Files().SelectMany((pair, i) => Faults(() => TlsCertificates.Load([pair]), e => $"Tls:{FileSetting(e)}:{i}"));
    }

    /// <summary>Loads or makes the certificates; to be called where there are no <see cref="Faults(string, TimeProvider)"/>.</summary>
    /// <param name="hostName">What the server calls itself.</param>
    /// <param name="time">The clock that a self-signed certificate is valid by.</param>
    /// <returns><c>null</c> when there is to be no TLS.</returns>
    /// <exception cref="UsageException">A file cannot be used any more.</exception>
    public TlsCertificates? Load(string hostName, TimeProvider time)
    {
        try
        {
            return SelfSigned ? TlsCertificates.SelfSigned(hostName, time)
                : CertificateFiles.Length > 0 ? TlsCertificates.Load(Files())
                : null;
        }
        catch (TlsCertificateException e)
        {
            throw new UsageException($"Tls: {e.Message}", e);
        }
    }

    private IEnumerable<ConfigurationFault> Faults(Func<TlsCertificates> load, Func<TlsCertificateException, string> key)
    {
        try
        {
            load();
            return [];
        }
        catch (TlsCertificateException e)
        {
            bool isKeyUnnamed = e.IsOfKey && KeyFiles.Length == 0;
            string advice = isKeyUnnamed ? "; name the key's file in Tls:KeyFiles" : "";
            return [new(key(e), $"cannot be used: {e.Message}{advice}")];
        }
    }

    private string FileSetting(TlsCertificateException e) => e.IsOfKey && KeyFiles.Length > 0 ? nameof(KeyFiles) : nameof(CertificateFiles);

    private TlsCertificateFiles[] Files() =>
        [.. CertificateFiles.Select((file, i) => new TlsCertificateFiles(file, KeyFiles.Length > 0 ? KeyFiles[i] : file))];
}
