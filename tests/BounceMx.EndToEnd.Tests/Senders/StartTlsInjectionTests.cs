using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace BounceMx.EndToEnd.Tests.Senders;

/// <summary>
/// Somebody in the middle adds commands to the clear text before TLS begins, for the server to take as the client's own (RFC 3207
/// section 6 and CVE-2011-0411).
/// </summary>
public sealed class StartTlsInjectionTests(TlsServer running) : IClassFixture<TlsServer>
{
    [Fact]
    public async Task A_client_has_its_answers_inside_TLS() => (await CodesInsideTlsAsync(injected: "")).ShouldBe("250 221");

    [Theory]
    [InlineData("NOOP\r\n")]
    [InlineData("EHLO attacker.example\r\nMAIL FROM:<>\r\n")]
    [InlineData("VRFY some")] // Would swallow the client's EHLO, and answer with 252.
    public async Task What_came_behind_STARTTLS_in_clear_text_has_no_answer_inside_TLS(string injected) =>
        // To hang up is an answer as good as to forget.
        (await CodesInsideTlsAsync(injected)).ShouldBeOneOf("", "250 221");

    /// <summary>Says STARTTLS with more in the same segment, then EHLO and QUIT inside TLS; the codes of all replies from inside.</summary>
    private async Task<string> CodesInsideTlsAsync(string injected)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, running.Port, timeout.Token);
        var clear = tcp.GetStream();
        try
        {
            await ReadReplyAsync(clear, timeout.Token);
            await WriteAsync(clear, "EHLO mx.sender.example\r\n", timeout.Token);
            await ReadReplyAsync(clear, timeout.Token);
            await WriteAsync(clear, $"STARTTLS\r\n{injected}", timeout.Token);
            if (await ReadReplyAsync(clear, timeout.Token) != 220)
                return "";

            await using var tls = new SslStream(clear, leaveInnerStreamOpen: true, (_, certificate, _, _) => certificate is not null);
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost" }, timeout.Token);
            await WriteAsync(tls, "EHLO mx.sender.example\r\n", timeout.Token);
            var codes = new List<int> { await ReadReplyAsync(tls, timeout.Token) ?? 0 };
            await WriteAsync(tls, "QUIT\r\n", timeout.Token);
            while (await ReadReplyAsync(tls, timeout.Token) is { } code)
                codes.Add(code);
            return string.Join(' ', codes);
        }
        catch (Exception e) when (e is IOException or AuthenticationException)
        {
            return "";
        }
    }

    /// <summary>Reads a reply, and not one octet more; its code, or <c>null</c> at the end.</summary>
    private static async Task<int?> ReadReplyAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        for (var octet = new byte[1]; await stream.ReadAsync(octet, cancellationToken) == 1; )
        {
            if (octet[0] != '\n')
                line.Append((char)octet[0]);
            else if (line[3] == '-')
                line.Clear();
            else
                return int.Parse(line.ToString(0, 3));
        }

        return null;
    }

    private static ValueTask WriteAsync(Stream stream, string octets, CancellationToken cancellationToken) =>
        stream.WriteAsync(Encoding.ASCII.GetBytes(octets), cancellationToken);
}
