using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace BounceMx.Smtp.Tls;

/// <summary>
/// Makes a certificate for trying out: ECDSA P-256, for the server's name and localhost, valid for 30 days, in memory alone. Sending MTAs take it,
/// as they take any certificate where no policy (DANE, MTA-STS) says otherwise.
/// </summary>
internal static class SelfSignedCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(30);

    /// <summary>Makes one.</summary>
    /// <param name="hostName">What the server calls itself.</param>
    /// <param name="now">The present; it is valid from an hour before, for peers whose clocks are behind.</param>
    /// <exception cref="TlsCertificateException">The name cannot stand in a certificate.</exception>
    public static X509Certificate2 Create(string hostName, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=BounceMx self-signed", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(hostName));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1", "serverAuth")], critical: false));
        return request.CreateSelfSigned(now.AddHours(-1), now + Lifetime);
    }

    private static X509Extension Names(string hostName)
    {
        try
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(hostName);
            names.AddDnsName("localhost");
            return names.Build();
        }
        catch (ArgumentException)
        {
            throw new TlsCertificateException($"\"{hostName}\" is no name that a certificate can bear");
        }
    }
}
