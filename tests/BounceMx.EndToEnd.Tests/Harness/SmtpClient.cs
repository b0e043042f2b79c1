using System.Net;
using System.Net.Sockets;
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
    private readonly StreamReader _reader;

    private SmtpClient(TcpClient tcp)
    {
        _tcp = tcp;
        _reader = new StreamReader(tcp.GetStream(), Encoding.Latin1);
    }

    /// <summary>Connects, reads the greeting and says EHLO.</summary>
    public static async Task<SmtpClient> ConnectAsync(int port, CancellationToken cancellationToken)
    {
        var tcp = new TcpClient { NoDelay = true };
        try
        {
            await tcp.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
            var client = new SmtpClient(tcp);
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
        foreach (var command in (string[])["MAIL FROM:<>", .. recipients.Select(recipient => $"RCPT TO:<{recipient}>"), "DATA"])
        {
            var reply = await CommandAsync(command, cancellationToken);
            if (reply.Code >= 400)
            {
                await CommandAsync("RSET", cancellationToken);
                return reply;
            }
        }

        var stuffed = $"\n{message}".Replace("\n.", "\n..", StringComparison.Ordinal)[1..];
        await SendAsync($"{stuffed.ReplaceLineEndings("\r\n")}\r\n.\r\n", cancellationToken);
        return await ReadReplyAsync(cancellationToken);
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
        _tcp.Dispose();
    }

    private ValueTask SendAsync(string octets, CancellationToken cancellationToken) =>
        _tcp.GetStream().WriteAsync(Encoding.UTF8.GetBytes(octets), cancellationToken);
}
