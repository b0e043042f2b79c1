using System.Net;
using System.Net.Sockets;
using System.Text;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// The MX of a remote domain, with a chosen answer to every recipient or to every message: what makes a real MTA write a real bounce.
/// It offers no DSN, so that an MTA reports a success here as <c>relayed</c>.
/// </summary>
internal sealed class RemoteMx : IAsyncDisposable
{
    private readonly string _toRecipient;
    private readonly string _toMessage;
    private readonly TcpListener _listener = new(Address, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <summary>Starts it on a free port.</summary>
    /// <param name="toRecipient">What it says to each RCPT; <c>{rcpt}</c> stands for the recipient.</param>
    /// <param name="toMessage">What it says to the end of each message.</param>
    public RemoteMx(string toRecipient = "250 2.1.5 OK", string toMessage = "250 2.0.0 OK")
    {
        _toRecipient = toRecipient;
        _toMessage = toMessage;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>An address of loopback that BounceMx does not have: MTAs keep books by address.</summary>
    public static IPAddress Address { get; } = IPAddress.Parse("127.0.0.2");

    public IPEndPoint EndPoint => (IPEndPoint)_listener.LocalEndpoint;

    private bool AcceptsRecipients => _toRecipient.StartsWith('2');

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _serving;
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task AnswerAsync(TcpClient tcp)
    {
        using var _ = tcp;
        using var reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
        await using var writer = new StreamWriter(tcp.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
        try
        {
            await writer.WriteLineAsync("220 mx.remote.test ESMTP");
            while (await reader.ReadLineAsync(_stop.Token) is { } line)
            {
                var verb = line.Split(' ')[0].ToUpperInvariant();
                await writer.WriteLineAsync(ReplyTo(verb, line));
                if (verb == "QUIT")
                    return;
                if (verb != "DATA" || !AcceptsRecipients)
                    continue;
                while (await reader.ReadLineAsync(_stop.Token) is not (null or ".")) { }
                await writer.WriteLineAsync(_toMessage);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The test is over, or the peer is gone.
        }
    }

    private string ReplyTo(string verb, string line) =>
        verb switch
        {
            "EHLO" => "250-mx.remote.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 ENHANCEDSTATUSCODES",
            "RCPT" => _toRecipient.Replace("{rcpt}", line.Split('<', '>')[1], StringComparison.Ordinal),
            "DATA" => AcceptsRecipients ? "354 Go ahead" : "554 5.5.1 No valid recipients",
            "QUIT" => "221 2.0.0 Bye",
            _ => "250 2.0.0 OK",
        };
}
