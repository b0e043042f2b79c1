using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Tls;

public sealed class TlsCertificatesTests : IDisposable
{
    private readonly CertificateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("mx.one.test", "one")]
    [InlineData("MX.One.TEST", "one")]
    [InlineData("alias.one.test", "one")]
    [InlineData("mx.two.test", "two")]
    [InlineData("other.two.test", "wild")]
    [InlineData("OTHER.two.test", "wild")]
    [InlineData("a.b.two.test", "one")]
    [InlineData("two.test", "one")]
    [InlineData("common.test", "common")]
    [InlineData("ignored.test", "one")]
    [InlineData("xn--bcher-kva.test", "idn")]
    [InlineData("unknown.test", "one")]
    public async Task Chooses_by_the_name_that_the_peer_asks_for(string serverName, string expected)
    {
        var all = new Dictionary<string, TestCertificate>(StringComparer.Ordinal)
        {
            ["one"] = TestCertificate.For("mx.one.test", "alias.one.test"),
            ["wild"] = TestCertificate.For("*.two.test"),
            ["two"] = TestCertificate.For("mx.two.test"),
            ["common"] = TestCertificate.ForCommonName("common.test"),
            ["idn"] = TestCertificate.For("xn--bcher-kva.test"),
        };
        TlsCertificates certificates = TlsCertificates.Load([.. all.Select(entry => _folder.Write(entry.Key, entry.Value))]);
        await using TlsPair pair = await TlsPair.ConnectAsync(certificates, serverName: serverName);
        all.Single(entry => entry.Value.Thumbprint == pair.Seen).Key.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData("192.0.2.1")]
    public async Task Gives_the_first_to_a_peer_that_asks_for_none(string serverName)
    {
        TestCertificate first = TestCertificate.For("mx.one.test");
        TlsCertificates certificates = TlsCertificates.Load([
            _folder.Write("one", first),
            _folder.Write("two", TestCertificate.For("mx.two.test")),
        ]);
        await using TlsPair pair = await TlsPair.ConnectAsync(certificates, SslProtocols.Tls12, serverName);
        pair.Seen.ShouldBe(first.Thumbprint);
    }

    [Theory]
    [InlineData(".")]
    [InlineData("*.two.test")]
    [InlineData(".two.test")]
    [InlineData("..")]
    [InlineData("mx.one.test.")]
    [InlineData("\0\n")]
    public void Any_name_at_all_finds_a_certificate(string serverName)
    {
        TlsCertificates certificates = TlsCertificates.Load([
            _folder.Write("one", TestCertificate.For("mx.one.test")),
            _folder.Write("wild", TestCertificate.For("*.two.test")),
        ]);
        certificates.Select(serverName).ServerCertificateContext.ShouldNotBeNull();
    }

    [Fact]
    public async Task Sends_the_intermediates_of_the_file()
    {
        TlsCertificates certificates = TlsCertificates.Load([
            _folder.Write("one", TestCertificate.Issued("mx.one.test", out string intermediate)),
        ]);
        await using TlsPair pair = await TlsPair.ConnectAsync(certificates, serverName: "mx.one.test");
        pair.Sent.ShouldContain(intermediate);
    }

    [Fact]
    public async Task Fetches_neither_a_missing_intermediate_nor_an_OCSP_answer()
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        TestCertificate alone = TestCertificate.Issued("mx.one.test", out _, $"http://{elsewhere.LocalEndpoint}/issuer");
        TlsCertificates certificates = TlsCertificates.Load([_folder.Write("one", alone)]);
        await using TlsPair pair = await TlsPair.ConnectAsync(certificates, serverName: "mx.one.test");
        pair.Seen.ShouldBe(alone.Thumbprint);
        elsewhere.Pending().ShouldBeFalse();
    }

    [Fact]
    public void Takes_certificate_and_key_from_one_file()
    {
        TestCertificate certificate = TestCertificate.For("mx.one.test");
        _folder.Write("both.pem", certificate.KeyPem + certificate.ChainPem);
        string path = _folder.PathOf("both.pem");
        TlsCertificates.Load([new TlsCertificateFiles(path, path)]).All[0].Subject.ShouldBe("CN=mx.one.test");
    }

    [Fact]
    public void Says_which_file_is_missing()
    {
        TlsCertificateFiles files = _folder.Write("one", TestCertificate.For("mx.one.test"));
        File.Delete(files.KeyFile);
        Fault(files).ShouldStartWith($"{files.KeyFile} cannot be read: Could not find file");
    }

    [Fact]
    public void Says_that_a_file_holds_no_certificate() =>
        Fault(Files(certificate => "no certificate", certificate => certificate.KeyPem))
            .ShouldEndWith("one.pem holds no certificate in PEM");

    [Fact]
    public void Says_that_a_certificate_is_damaged() =>
        Fault(Files(certificate => certificate.ChainPem.Replace("MII", "AII", StringComparison.Ordinal), certificate => certificate.KeyPem))
            .ShouldContain("one.pem: a certificate is damaged");

    [Fact]
    public void Says_that_a_file_holds_no_key() =>
        Fault(Files(certificate => certificate.ChainPem, certificate => certificate.ChainPem))
            .ShouldEndWith("one.key holds no private key in PEM");

    [Fact]
    public void Says_that_a_key_is_encrypted() =>
        Fault(Files(certificate => certificate.ChainPem, certificate => certificate.EncryptedKeyPem))
            .ShouldContain("one.key: the private key is encrypted");

    [Fact]
    public void Says_that_a_key_does_not_fit() =>
        Fault(Files(certificate => certificate.ChainPem, _ => TestCertificate.For("mx.one.test").KeyPem))
            .ShouldContain("one.key: the private key is damaged, or does not fit the certificate in");

    [Theory]
    [InlineData("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")]
    [InlineData("-----BEGIN PRIVATE KEY-----\n")]
    public void Says_that_a_key_is_damaged(string key) =>
        Fault(Files(certificate => certificate.ChainPem, _ => key)).ShouldContain("one.key: the private key is damaged");

    [Fact]
    public void A_self_made_one_is_for_the_servers_name_and_localhost()
    {
        var time = new Fakes.ManualTime();
        using X509Certificate2 certificate = SelfSignedCertificate.Create("mx.bounces.test", time.GetUtcNow());
        certificate.MatchesHostname("mx.bounces.test").ShouldBeTrue();
        certificate.MatchesHostname("localhost").ShouldBeTrue();
        new DateTimeOffset(certificate.NotAfter).ShouldBe(time.GetUtcNow().AddDays(30));
        certificate.GetECDsaPublicKey()!.KeySize.ShouldBe(256);
    }

    [Fact]
    public void A_self_made_one_for_what_is_no_name_is_refused() =>
        Should
            .Throw<TlsCertificateException>(() => TlsCertificates.SelfSigned("a..b", TimeProvider.System))
            .Message.ShouldContain("\"a..b\"");

    private TlsCertificateFiles Files(Func<TestCertificate, string> chain, Func<TestCertificate, string> key)
    {
        TestCertificate certificate = TestCertificate.For("mx.one.test");
        _folder.Write("one.pem", chain(certificate));
        _folder.Write("one.key", key(certificate));
        return new TlsCertificateFiles(_folder.PathOf("one.pem"), _folder.PathOf("one.key"));
    }

    private static string Fault(TlsCertificateFiles files) =>
        Should.Throw<TlsCertificateException>(() => TlsCertificates.Load([files])).Message;
}
