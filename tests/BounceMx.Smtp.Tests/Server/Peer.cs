using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using BounceMx.Smtp.Tests.Dialogues;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>Somebody at the other end of a socket, who need not be polite. Waiting is limited: a server that says nothing fails the test.</summary>
internal sealed class Peer(Socket socket) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly byte[] _buffer = new byte[16 * 1024];
    private Stream _stream = new NetworkStream(socket, ownsSocket: true);
    private string _received = "";

    public Socket Socket => socket;

    public Task SendAsync(string octets) => _stream.WriteAsync(Encoding.Latin1.GetBytes(octets)).AsTask();

    public Task SendAsync(byte[] octets) => _stream.WriteAsync(octets).AsTask();

    /// <summary>The next reply.</summary>
    public async Task<Reply> ReadAsync()
    {
        while (true)
        {
            if (Reply.Take(ref _received) is { } reply)
                return reply;
            string more = await ReceiveAsync();
            more.Length.ShouldBeGreaterThan(0, $"closed before a reply; left: \"{_received}\"");
            _received += more;
        }
    }

    /// <summary>Code and enhanced code of the next reply.</summary>
    public async Task<string> AnswerAsync() => (await ReadAsync()).Summary;

    /// <summary>Sends a command; code and enhanced code of the reply.</summary>
    public async Task<string> SayAsync(string command)
    {
        await SendAsync(command + "\r\n");
        return await AnswerAsync();
    }

    /// <summary>Reads the greeting and says EHLO; the server must let it.</summary>
    public async Task<Peer> GreetAsync()
    {
        (await AnswerAsync()).ShouldBe("220");
        (await SayAsync("EHLO client.test")).ShouldBe("250");
        return this;
    }

    /// <summary>MAIL, RCPT and DATA; the server must let it.</summary>
    public async Task<Peer> BeginMessageAsync()
    {
        (await SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
        (await SayAsync("RCPT TO:<a@bounces.test>")).ShouldBe("250 2.1.5");
        (await SayAsync("DATA")).ShouldBe("354");
        return this;
    }

    /// <summary>Shakes hands; what is sent and read from now on is inside.</summary>
    public async Task SecureAsync()
    {
        // The certificate is one that was made for these tests.
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        _stream = tls;
        using var limit = new CancellationTokenSource(Patience);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "mx.bounces.test" }, limit.Token);
    }

    /// <summary>Everything until the server closes, in one way or the other.</summary>
    public async Task<string> ReadToEndAsync()
    {
        string all = _received;
        _received = "";
        while (await ReceiveAsync() is { Length: > 0 } more)
            all += more;
        return all;
    }

    /// <summary>QUIT, and waits for the end of it: the server has let go of the connection then.</summary>
    public async Task QuitAsync()
    {
        (await SayAsync("QUIT")).ShouldBe("221 2.0.0");
        await ShouldBeClosedAsync();
    }

    /// <summary>The server closes and says no more.</summary>
    public async Task ShouldBeClosedAsync() => (await ReadToEndAsync()).ShouldBe("");

    /// <summary>The server says this much, and closes.</summary>
    public async Task ShouldEndWithAsync(string reply)
    {
        (await AnswerAsync()).ShouldBe(reply);
        await ShouldBeClosedAsync();
    }

    public void Dispose() => _stream.Dispose();

    // Empty at the end, and where the connection was reset, which a server may do to who has sent more than it read.
    private async Task<string> ReceiveAsync()
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
}
