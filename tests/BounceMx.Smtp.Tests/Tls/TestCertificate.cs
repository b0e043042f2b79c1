using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BounceMx.Smtp.Tests.Tls;

/// <summary>A certificate made for a test, with what a file of it would hold.</summary>
internal sealed class TestCertificate
{
    private static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    private readonly X509Certificate2 _certificate;
    private readonly string _issuersPem;

    private TestCertificate(X509Certificate2 certificate, string issuersPem)
    {
        _certificate = certificate;
        _issuersPem = issuersPem;
    }

    public string Thumbprint => _certificate.Thumbprint;

    /// <summary>The certificate and all intermediates.</summary>
    public string ChainPem => _certificate.ExportCertificatePem() + "\n" + _issuersPem;

    public string KeyPem => _certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem() + "\n";

    public string EncryptedKeyPem =>
        _certificate
            .GetECDsaPrivateKey()!
            .ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes128Cbc, HashAlgorithmName.SHA256, 1));

    /// <summary>One that signs itself, for names, or with a common name alone where there are none.</summary>
    public static TestCertificate For(params string[] names) => Lasting(TimeSpan.FromDays(365), names);

    /// <summary>The same, valid from 1970 on for a time.</summary>
    public static TestCertificate Lasting(TimeSpan lifetime, params string[] names)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestCertificate(NewRequest(names[0], key, names).CreateSelfSigned(Epoch, Epoch + lifetime), "");
    }

    /// <summary>One whose common name is all it has.</summary>
    public static TestCertificate ForCommonName(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new TestCertificate(NewRequest(name, key).CreateSelfSigned(Epoch, Epoch.AddYears(1)), "");
    }

    /// <summary>One issued by an intermediate, whose root stands in no file.</summary>
    /// <param name="name">The name.</param>
    /// <param name="intermediate">The thumbprint of the intermediate.</param>
    /// <param name="issuerUrl">Where the certificate says that its issuer can be fetched; the file does without the issuer then.</param>
    public static TestCertificate Issued(string name, out string intermediate, string? issuerUrl = null)
    {
        using var rootKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 root = Authority("Root", rootKey).CreateSelfSigned(Epoch, Epoch.AddYears(3));
        using var middleKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 middle = Authority("Intermediate", middleKey).Create(root, Epoch, Epoch.AddYears(2), [1]);
        using X509Certificate2 middleWithKey = middle.CopyWithPrivateKey(middleKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = NewRequest(name, key, name);
        if (issuerUrl is not null)
            request.CertificateExtensions.Add(
                new X509AuthorityInformationAccessExtension(ocspUris: [issuerUrl], caIssuersUris: [issuerUrl])
            );
        using X509Certificate2 leaf = request.Create(middleWithKey, Epoch, Epoch.AddYears(1), [2]);
        intermediate = middle.Thumbprint;
        return new TestCertificate(leaf.CopyWithPrivateKey(key), issuerUrl is null ? middle.ExportCertificatePem() + "\n" : "");
    }

    private static CertificateRequest NewRequest(string commonName, ECDsa key, params string[] names)
    {
        var request = new CertificateRequest($"CN={commonName}", key, HashAlgorithmName.SHA256);
        var alternative = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
            alternative.AddDnsName(name);
        if (names.Length > 0)
            request.CertificateExtensions.Add(alternative.Build());
        return request;
    }

    private static CertificateRequest Authority(string name, ECDsa key)
    {
        CertificateRequest request = NewRequest(name, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, critical: true));
        return request;
    }
}
