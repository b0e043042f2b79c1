using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>A real socket, in clear text until a handshake is asked for.</summary>
internal sealed class SocketTransport(NetworkStream socket) : IDialogueTransport
{
    // Never reached when the server does what it must.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream = socket;

    public async ValueTask SendAsync(string octets)
    {
        try
        {
            await _stream.WriteAsync(Encoding.Latin1.GetBytes(octets));
        }
        catch (IOException)
        {
            // Closed by the server, which may be what the row is about: reading tells.
        }
    }

    public async ValueTask<string> ReadAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            return Encoding.Latin1.GetString(_buffer, 0, await _stream.ReadAsync(_buffer, limit.Token));
        }
        catch (IOException)
        {
            return "";
        }
    }

    public async ValueTask<bool> IsClosedAsync() => (await ReadAsync()).Length == 0;

    public async ValueTask<string> DoAsync(Step step)
    {
        step.Handshakes.ShouldBeTrue();
        // The certificate was made for this test; nobody vouches for it.
        var tls = new SslStream(
            _stream,
            leaveInnerStreamOpen: false,
            (_, certificate, _, _) => certificate?.Subject == "CN=BounceMx self-signed"
        );
        _stream = tls;
        using var limit = new CancellationTokenSource(Patience);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.bounces.test" }, limit.Token);
        return "";
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
