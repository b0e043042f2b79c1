using System.Buffers;
using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Tls;

/// <summary>
/// Two ends of a connection in memory, and TLS over it. The pipes run their continuations inline, so when the client has sent something, the server
/// has decrypted it.
/// </summary>
internal sealed class TlsPair : IAsyncDisposable
{
    private readonly Pipe _fromClient = NewPipe(0);
    private readonly Pipe _toServer = NewPipe(0);
    private readonly Pipe _toClient;
    private readonly SslStream _client;
    private readonly HashSet<string> _sent = [];
    private List<byte>? _held;

    /// <summary>Makes two ends that are connected; there is no TLS yet.</summary>
    /// <param name="window">Octets that the server may send before the client has read some; 0 for no limit.</param>
    public TlsPair(int window = 0)
    {
        _toClient = NewPipe(window);
        ServerEnd = new Ends(_toServer.Reader, _toClient.Writer);
        _client = new SslStream(new CiphertextStream(new Ends(_toClient.Reader, _fromClient.Writer)), leaveInnerStreamOpen: true);
        _ = ForwardAsync();
    }

    public static TlsCertificates Certificates { get; } = TlsCertificates.SelfSigned("mx.bounces.test", TimeProvider.System);

    public IDuplexPipe ServerEnd { get; }

    public SslStream Client => _client;

    /// <summary>The server's side, once there was a handshake.</summary>
    public TlsTransport Server { get; private set; } = null!;

    /// <summary>Thumbprint of the certificate that the client saw.</summary>
    public string Seen { get; private set; } = "";

    /// <summary>Thumbprints of all certificates that the client was sent.</summary>
    public IReadOnlySet<string> Sent => _sent;

    public bool WasAskedForCertificate { get; private set; }

    public static async Task<TlsPair> ConnectAsync(
        TlsCertificates? certificates = null,
        SslProtocols protocol = SslProtocols.Tls13,
        string serverName = "mx.bounces.test",
        int window = 0
    )
    {
        var pair = new TlsPair(window);
        ValueTask<TlsHandshake> accepting = TlsTransport.AcceptAsync(pair.ServerEnd, certificates ?? Certificates, CancellationToken.None);
        await pair.AuthenticateAsync(protocol, serverName);
        TlsHandshake handshake = await accepting;
        handshake.Succeeded.ShouldBeTrue(handshake.Detail);
        pair.Server = handshake.Transport;
        return pair;
    }

    public Task AuthenticateAsync(SslProtocols protocol, string serverName) =>
        _client.AuthenticateAsClientAsync(
            new SslClientAuthenticationOptions
            {
                TargetHost = serverName,
                EnabledSslProtocols = protocol,
                CertificateChainPolicy = new X509ChainPolicy
                {
                    DisableCertificateDownloads = true,
                    RevocationMode = X509RevocationMode.NoCheck,
                },
                LocalCertificateSelectionCallback = (_, _, _, seen, _) =>
                {
                    // Called before the handshake, too; only a request comes with the server's certificate.
                    WasAskedForCertificate |= seen is not null;
                    return null!;
                },
                RemoteCertificateValidationCallback = (_, certificate, chain, _) =>
                {
                    Seen = certificate!.GetCertHashString();
                    _sent.UnionWith(chain!.ChainPolicy.ExtraStore.Select(sent => sent.Thumbprint));
                    return true;
                },
            }
        );

    /// <summary>What a text is on the wire; it is not sent.</summary>
    public async Task<byte[]> EncryptAsync(string text)
    {
        var held = new List<byte>();
        _held = held;
        await SendAsync(text);
        _held = null;
        return [.. held];
    }

    public async Task SendAsync(string text)
    {
        await _client.WriteAsync(Encoding.Latin1.GetBytes(text));
        await _client.FlushAsync();
    }

    /// <summary>Sends octets past the client's TLS.</summary>
    public async Task SendRawAsync(ReadOnlyMemory<byte> octets) => await _toServer.Writer.WriteAsync(octets);

    public void HangUp() => _toServer.Writer.Complete();

    /// <summary>What the server has sent and the client's TLS has not read.</summary>
    public byte[] ReadRaw()
    {
        if (!_toClient.Reader.TryRead(out ReadResult result))
            return [];
        byte[] octets = result.Buffer.ToArray();
        _toClient.Reader.AdvanceTo(result.Buffer.End);
        return octets;
    }

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
            await Server.DisposeAsync();
        await _client.DisposeAsync();
    }

    private async Task ForwardAsync()
    {
        while (true)
        {
            ReadResult result = await _fromClient.Reader.ReadAsync();
            byte[] octets = result.Buffer.ToArray();
            _fromClient.Reader.AdvanceTo(result.Buffer.End);
            if (_held is not null)
                _held.AddRange(octets);
            else
                await SendRawAsync(octets);
        }
    }

    private static Pipe NewPipe(int window) =>
        new(
            new PipeOptions(
                readerScheduler: PipeScheduler.Inline,
                writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: window,
                resumeWriterThreshold: window / 2,
                useSynchronizationContext: false
            )
        );

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
