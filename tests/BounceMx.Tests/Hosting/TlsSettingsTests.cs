using BounceMx.Hosting;
using BounceMx.Smtp.Tls;

namespace BounceMx.Tests.Hosting;

public sealed class TlsSettingsTests : IDisposable
{
    private const string Host = "mx.bounces.test";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_certificate_there_is_no_TLS() => Load(new TlsSettings()).ShouldBeNull();

    [Fact]
    public void Makes_a_certificate_where_it_is_told_to() => Load(new TlsSettings { SelfSigned = true }).ShouldNotBeNull();

    [Fact]
    public void Refuses_a_certificate_beside_a_self_made_one() =>
        Fault(new TlsSettings { SelfSigned = true, CertificateFiles = ["a.pem"] }).ShouldContain("Tls:SelfSigned");

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    [InlineData(0, 1)]
    public void Refuses_keys_that_are_not_as_many_as_certificates(int certificates, int keys) =>
        Fault(
                new TlsSettings
                {
                    CertificateFiles = [.. Enumerable.Repeat("a.pem", certificates)],
                    KeyFiles = [.. Enumerable.Repeat("a.key", keys)],
                }
            )
            .ShouldStartWith($"Tls:KeyFiles has {keys} entries, Tls:CertificateFiles {certificates}; allowed: as many");

    [Fact]
    public void Names_the_file_that_cannot_be_read()
    {
        string missing = Path.Combine(_folder.Path, "missing.pem");
        Fault(new TlsSettings { CertificateFiles = [missing] })
            .ShouldStartWith($"Tls:CertificateFiles:0 cannot be used: {missing} cannot be read");
    }

    [Fact]
    public void Names_the_key_file_that_holds_no_key()
    {
        string certificate = _folder.Write("mx.pem", Pem);
        string key = _folder.Write("mx.key", "");
        Fault(new TlsSettings { CertificateFiles = [certificate], KeyFiles = [key] })
            .ShouldBe($"Tls:KeyFiles:0 cannot be used: {key} holds no private key in PEM");
    }

    [Fact]
    public void Looks_for_the_key_in_the_certificates_file_where_no_other_is_named()
    {
        string certificate = _folder.Write("mx.pem", Pem);
        Fault(new TlsSettings { CertificateFiles = [certificate] })
            .ShouldBe(
                $"Tls:CertificateFiles:0 cannot be used: {certificate} holds no private key in PEM; name the key's file in Tls:KeyFiles"
            );
    }

    [Fact]
    public void Names_every_file_that_cannot_be_used()
    {
        string certificate = _folder.Write("mx.pem", Pem);
        string missing = Path.Combine(_folder.Path, "missing.pem");
        new TlsSettings { CertificateFiles = [certificate, missing], KeyFiles = [missing, missing] }
            .Faults(Host, TimeProvider.System)
            .Select(fault => fault.Key)
            .ShouldBe(["Tls:KeyFiles:0", "Tls:CertificateFiles:1"]);
    }

    [Fact]
    public void Names_the_setting_where_no_certificate_can_be_made() =>
        new TlsSettings { SelfSigned = true }
            .Faults("a..b", TimeProvider.System)
            .ShouldHaveSingleItem()
            .ToString()
            .ShouldStartWith("Tls:SelfSigned cannot be used: \"a..b\"");

    [Fact]
    public void A_file_that_is_gone_since_it_was_checked_is_wrong_usage() =>
        Should.Throw<UsageException>(() => Load(new TlsSettings { CertificateFiles = [Path.Combine(_folder.Path, "gone.pem")] }));

    private static string Pem
    {
        get
        {
            using var key = System.Security.Cryptography.ECDsa.Create();
            var request = new System.Security.Cryptography.X509Certificates.CertificateRequest(
                $"CN={Host}",
                key,
                System.Security.Cryptography.HashAlgorithmName.SHA256
            );
            using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
            return certificate.ExportCertificatePem();
        }
    }

    private static TlsCertificates? Load(TlsSettings settings) => settings.Load(Host, TimeProvider.System);

    private static string Fault(TlsSettings settings) => settings.Faults(Host, TimeProvider.System).ShouldHaveSingleItem().ToString();
}
