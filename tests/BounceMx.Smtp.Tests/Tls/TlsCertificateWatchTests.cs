using System.IO.Pipelines;
using BounceMx.Smtp.Tests.Fakes;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Tls;

public sealed class TlsCertificateWatchTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly CertificateFolder _folder = new();
    private readonly ManualTime _time = new();
    private readonly RecordingLogger<TlsCertificateWatch> _log = new();
    private readonly TestCertificate _old = TestCertificate.For("mx.bounces.test");
    private readonly TestCertificate _new = TestCertificate.For("mx.bounces.test");
    private TlsCertificateWatch? _watch;

    public void Dispose()
    {
        _watch?.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Says_at_start_what_is_in_use()
    {
        TlsCertificateFiles files = _folder.Write("mx", _old);
        await StartAsync(files);
        _log.Take()
            .ShouldBe([$"1100 Certificate in use: CN=mx.bounces.test from {files.CertificateFile}, valid until 1971-01-01 00:00:00Z"]);
    }

    [Fact]
    public async Task Takes_a_new_certificate_for_new_sessions_and_leaves_those_under_way_alone()
    {
        TlsCertificates certificates = await StartAsync(_folder.Write("mx", _old));
        await using TlsPair before = await TlsPair.ConnectAsync(certificates);
        _folder.Write("mx", _new);
        _time.Advance(Interval);

        (await SeenAsync(certificates)).ShouldBe(_new.Thumbprint);
        before.Seen.ShouldBe(_old.Thumbprint);
        await before.SendAsync("NOOP\r\n");
        before.Server.Input.TryRead(out ReadResult read).ShouldBeTrue();
        read.Buffer.Length.ShouldBe(6);
    }

    [Fact]
    public async Task A_handshake_under_way_ends_with_the_certificate_that_it_began_with()
    {
        TlsCertificates certificates = await StartAsync(_folder.Write("mx", _old));
        await using var pair = new TlsPair();
        Task client = pair.AuthenticateAsync(System.Security.Authentication.SslProtocols.Tls13, "mx.bounces.test");
        _folder.Write("mx", _new);
        ValueTask<TlsHandshake> accepting = TlsTransport.AcceptAsync(pair.ServerEnd, certificates, CancellationToken.None);
        _time.Advance(Interval);
        await client;
        TlsHandshake handshake = await accepting;
        handshake.Succeeded.ShouldBeTrue(handshake.Detail);
        await handshake.Transport.DisposeAsync();
    }

    [Fact]
    public async Task Goes_on_looking()
    {
        TlsCertificates certificates = await StartAsync(_folder.Write("mx", _old));
        _folder.Write("mx", _new);
        _time.Advance(Interval);
        _folder.Write("mx", _old);
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_old.Thumbprint);
    }

    [Fact]
    public async Task Files_that_do_not_change_are_not_told_again()
    {
        await StartAsync(_folder.Write("mx", _old));
        _log.Take();
        _folder.Write("mx", _old);
        _time.Advance(Interval * 3);
        _log.Take().ShouldBeEmpty();
    }

    [Fact]
    public async Task Follows_the_links_that_certbot_turns()
    {
        _folder.Write("archive/mx/fullchain1.pem", _old.ChainPem);
        _folder.Write("archive/mx/privkey1.pem", _old.KeyPem);
        _folder.Write("archive/mx/fullchain2.pem", _new.ChainPem);
        _folder.Write("archive/mx/privkey2.pem", _new.KeyPem);
        _folder.Link("live/mx/fullchain.pem", "../../archive/mx/fullchain1.pem");
        _folder.Link("live/mx/privkey.pem", "../../archive/mx/privkey1.pem");
        TlsCertificates certificates = await StartAsync(
            new TlsCertificateFiles(_folder.PathOf("live/mx/fullchain.pem"), _folder.PathOf("live/mx/privkey.pem"))
        );
        _folder.Link("live/mx/privkey.pem", "../../archive/mx/privkey2.pem");
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_old.Thumbprint);
        _folder.Link("live/mx/fullchain.pem", "../../archive/mx/fullchain2.pem");
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_new.Thumbprint);
    }

    [Fact]
    public async Task Keeps_the_old_one_while_half_of_the_new_is_missing_and_says_so_once()
    {
        TlsCertificateFiles files = _folder.Write("mx", _old);
        TlsCertificates certificates = await StartAsync(files);
        _log.Take();
        _folder.Write("mx.pem", _new.ChainPem);
        _time.Advance(Interval * 5);
        (await SeenAsync(certificates)).ShouldBe(_old.Thumbprint);
        _log.Take()
            .ShouldBe([
                $"1101 {files.KeyFile}: the private key is damaged, or does not fit the certificate in {files.CertificateFile}; "
                    + "the certificate loaded before, CN=mx.bounces.test, stays in use",
            ]);
    }

    [Fact]
    public async Task Takes_the_new_one_when_its_other_half_has_come()
    {
        TlsCertificates certificates = await StartAsync(_folder.Write("mx", _old));
        _folder.Write("mx.pem", _new.ChainPem);
        _time.Advance(Interval);
        _folder.Write("mx.key", _new.KeyPem);
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_new.Thumbprint);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_and_another_fault_is_told_again()
    {
        TlsCertificateFiles files = _folder.Write("mx", _old);
        await StartAsync(files);
        _log.Take();
        File.Delete(files.CertificateFile);
        _time.Advance(Interval * 2);
        _folder.Write("mx.pem", "");
        _time.Advance(Interval * 2);
        _log.Take()
            .Select(line => line[5..(line.IndexOf(';', StringComparison.Ordinal))])
            .ShouldBe([
                $"{files.CertificateFile} cannot be read: Could not find file '{files.CertificateFile}'.",
                $"{files.CertificateFile} holds no certificate in PEM",
            ]);
    }

    [Fact]
    public async Task A_fault_that_comes_back_after_it_was_mended_is_told_again()
    {
        TlsCertificateFiles files = _folder.Write("mx", _old);
        await StartAsync(files);
        File.Delete(files.KeyFile);
        _time.Advance(Interval);
        _folder.Write("mx", _old);
        _time.Advance(Interval);
        _log.Take();
        File.Delete(files.KeyFile);
        _time.Advance(Interval);
        _log.Take().ShouldHaveSingleItem().ShouldStartWith("1101 ");
    }

    [Fact]
    public async Task A_fault_of_one_does_not_keep_another_from_being_replaced()
    {
        TlsCertificateFiles broken = _folder.Write("broken", TestCertificate.For("broken.test"));
        TlsCertificates certificates = await StartAsync(broken, _folder.Write("mx", _old));
        File.Delete(broken.CertificateFile);
        _folder.Write("mx", _new);
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_new.Thumbprint);
    }

    [Fact]
    public async Task New_names_count_from_the_reload_on()
    {
        TlsCertificates certificates = await StartAsync(
            _folder.Write("default", TestCertificate.For("default.test")),
            _folder.Write("mx", TestCertificate.For("old.test"))
        );
        _folder.Write("mx", _new);
        _time.Advance(Interval);
        (await SeenAsync(certificates)).ShouldBe(_new.Thumbprint);
    }

    [Fact]
    public async Task Warns_once_14_days_before_it_is_over()
    {
        TestCertificate certificate = TestCertificate.Lasting(TimeSpan.FromDays(14) + TimeSpan.FromHours(1), "mx.bounces.test");
        TlsCertificateFiles files = _folder.Write("mx", certificate);
        await StartAsync(files);
        _log.Take();
        _time.Advance(TimeSpan.FromMinutes(59));
        _log.Take().ShouldBeEmpty();
        _time.Advance(TimeSpan.FromMinutes(10));
        _log.Take()
            .ShouldBe([
                $"1102 The certificate from {files.CertificateFile} expires soon: CN=mx.bounces.test, valid until 1970-01-15 01:00:00Z",
            ]);
    }

    [Fact]
    public async Task Says_once_that_it_is_over()
    {
        TlsCertificateFiles files = _folder.Write("mx", TestCertificate.Lasting(TimeSpan.FromHours(1), "mx.bounces.test"));
        await StartAsync(files);
        _log.Take();
        _time.Advance(TimeSpan.FromMinutes(70));
        _log.Take()
            .ShouldBe([
                $"1103 The certificate from {files.CertificateFile} has expired and stays in use: CN=mx.bounces.test, valid until 1970-01-01 01:00:00Z",
            ]);
    }

    [Fact]
    public async Task An_expired_certificate_stays_in_use()
    {
        TestCertificate certificate = TestCertificate.Lasting(TimeSpan.FromMinutes(1), "mx.bounces.test");
        TlsCertificates certificates = await StartAsync(_folder.Write("mx", certificate));
        _time.Advance(TimeSpan.FromHours(1));
        (await SeenAsync(certificates)).ShouldBe(certificate.Thumbprint);
    }

    [Fact]
    public async Task Looks_no_more_when_it_was_stopped()
    {
        await StartAsync(_folder.Write("mx", _old));
        await _watch!.StopAsync(CancellationToken.None);
        _time.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Watches_a_self_made_one_for_its_expiry_alone()
    {
        _watch = new TlsCertificateWatch(TlsCertificates.SelfSigned("mx.bounces.test", _time), _time, _log);
        await _watch.StartAsync(CancellationToken.None);
        _time.Advance(TimeSpan.FromDays(20));
        _log.Take().Select(line => line[..4]).ShouldBe(["1100", "1102"]);
    }

    private async Task<TlsCertificates> StartAsync(params TlsCertificateFiles[] files)
    {
        TlsCertificates certificates = TlsCertificates.Load(files);
        _watch = new TlsCertificateWatch(certificates, _time, _log);
        await _watch.StartAsync(CancellationToken.None);
        return certificates;
    }

    private static async Task<string> SeenAsync(TlsCertificates certificates)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(certificates);
        return pair.Seen;
    }
}
