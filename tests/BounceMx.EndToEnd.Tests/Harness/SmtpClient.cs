using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>A reply as it came: its code, and its text with the lines separated by LF.</summary>
internal readonly record struct Reply(int Code, string Text)
{
    public override string ToString() => $"{Code} {Text}";
}

/// <summary>
/// The sending side of SMTP, one command and one reply at a time, hiding nothing. It shares no code with the server,
/// so that a misreading of the standard cannot cancel itself out.
/// </summary>
internal sealed class SmtpClient : IDisposable
{
    private readonly TcpClient _tcp;
    private Stream _stream;
    private StreamReader _reader;

    private SmtpClient(TcpClient tcp)
    {
        _tcp = tcp;
        Use(tcp.GetStream());
    }

    /// <summary>What the server has shown at the handshake; <c>null</c> in clear text.</summary>
    public X509Certificate2? Certificate => (_stream as SslStream)?.RemoteCertificate as X509Certificate2;

    /// <summary>Connects, reads the greeting and says EHLO.</summary>
    public static Task<SmtpClient> ConnectAsync(int port, CancellationToken cancellationToken) =>
        ConnectAsync(port, securesFirst: false, cancellationToken);

    /// <summary>The same inside TLS, which begins with the first octet (RFC 8314).</summary>
    public static Task<SmtpClient> ConnectOverTlsAsync(int port, CancellationToken cancellationToken) =>
        ConnectAsync(port, securesFirst: true, cancellationToken);

    /// <summary>STARTTLS, and EHLO again; what EHLO says inside.</summary>
    /// <param name="serverName">Whom to ask for (SNI).</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Reply> StartTlsAsync(string serverName, CancellationToken cancellationToken)
    {
        (await CommandAsync("STARTTLS", cancellationToken)).Code.ShouldBe(220);
        await SecureAsync(serverName, cancellationToken);
        return await CommandAsync("EHLO mx.sender.example", cancellationToken);
    }

    private static async Task<SmtpClient> ConnectAsync(int port, bool securesFirst, CancellationToken cancellationToken)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var client = new SmtpClient(tcp);
            if (securesFirst)
                await client.SecureAsync("localhost", cancellationToken);
            (await client.ReadReplyAsync(cancellationToken)).Code.ShouldBe(220);
            (await client.CommandAsync("EHLO mx.sender.example", cancellationToken)).Code.ShouldBe(250);
            return client;
        }
        catch
        {
            tcp.Dispose();
            throw;
        }
    }

    public async Task<Reply> CommandAsync(string line, CancellationToken cancellationToken)
    {
        await SendAsync(line + "\r\n", cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>Delivers a bounce, that is a message from <c>&lt;&gt;</c>; the first reply that is not positive, or the one to the end of data.</summary>
    /// <param name="recipient">The envelope recipient.</param>
    /// <param name="message">Lines separated by LF.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Reply> DeliverAsync(string recipient, string message, CancellationToken cancellationToken) =>
        DeliverAsync([recipient], message, cancellationToken);

    public async Task<Reply> DeliverAsync(IEnumerable<string> recipients, string message, CancellationToken cancellationToken)
    {
        var reply = await BeginAsync(recipients, cancellationToken);
        if (reply.Code != 354)
            return reply;
        await SendAsync(BodyOf(message), cancellationToken);
        return await ReadReplyAsync(cancellationToken);
    }

    /// <summary>The commands before a body: 354, or the first reply that is not positive.</summary>
    public async Task<Reply> BeginAsync(IEnumerable<string> recipients, CancellationToken cancellationToken)
    {
        Reply reply = default;
        foreach (var command in (string[])["MAIL FROM:<>", .. recipients.Select(recipient => $"RCPT TO:<{recipient}>"), "DATA"])
        {
            reply = await CommandAsync(command, cancellationToken);
            if (reply.Code < 400)
                continue;
            await CommandAsync("RSET", cancellationToken);
            break;
        }
        return reply;
    }

    /// <summary>A message as it goes over the wire, with its end of data.</summary>
    /// <param name="message">Lines separated by LF.</param>
    public static string BodyOf(string message)
    {
        var stuffed = $"\n{message}".Replace("\n.", "\n..", StringComparison.Ordinal)[1..];
        return $"{stuffed.ReplaceLineEndings("\r\n")}\r\n.\r\n";
    }

    /// <summary>Reads a reply to its last line (RFC 5321 section 4.2.1).</summary>
    /// <exception cref="EndOfStreamException">The server closed the connection.</exception>
    public async Task<Reply> ReadReplyAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        while (true)
        {
            var line = await _reader.ReadLineAsync(cancellationToken) ?? throw new EndOfStreamException("closed before a reply");
            text.Append(line.AsSpan(Math.Min(4, line.Length)));
            if (line is not [_, _, _, '-', ..])
                return new Reply(int.Parse(line.AsSpan(0, 3)), text.ToString());
            text.Append('\n');
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
        _tcp.Dispose();
    }

    /// <summary>Sends, and waits for no reply.</summary>
    public ValueTask SendAsync(string octets, CancellationToken cancellationToken) =>
        _stream.WriteAsync(Encoding.UTF8.GetBytes(octets), cancellationToken);

    private async Task SecureAsync(string serverName, CancellationToken cancellationToken)
    {
        // Whose certificate it is, the tests look at themselves.
        var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = serverName }, cancellationToken);
        Use(tls);
    }

    [MemberNotNull(nameof(_stream), nameof(_reader))]
    private void Use(Stream stream)
    {
        _stream = stream;
        _reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
    }
}
