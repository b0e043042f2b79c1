using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Certificates in PEM files, as certbot leaves them.</summary>
internal static class PemFiles
{
    /// <summary>Makes a certificate for a domain name, with a key of its own, and writes both, in place of what was there.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="name">What the files' names begin with.</param>
    /// <param name="domain">Whose it is.</param>
    public static (string Certificate, string Key) Write(TemporaryFolder folder, string name, string domain)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={domain}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(domain);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(60));
        return (
            folder.Write($"{name}.fullchain.pem", certificate.ExportCertificatePem()),
            folder.Write($"{name}.privkey.pem", key.ExportPkcs8PrivateKeyPem())
        );
    }

    /// <summary>The environment of a server that has these.</summary>
    public static Dictionary<string, string> Setting(params (string Certificate, string Key)[] files) =>
        files
            .SelectMany(
                (pair, i) =>
                    (KeyValuePair<string, string>[])
                        [new($"Tls__CertificateFiles__{i}", pair.Certificate), new($"Tls__KeyFiles__{i}", pair.Key)]
            )
            .ToDictionary();
}
