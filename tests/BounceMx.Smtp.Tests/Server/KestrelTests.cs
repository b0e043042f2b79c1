using System.Net;
using System.Net.Sockets;
using System.Text;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tests.Fakes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>The server behind real sockets.</summary>
public sealed class KestrelTests : IAsyncLifetime
{
    private const string UpToData = "MAIL FROM:<>\r\nRCPT TO:<a@bounces.test>\r\nDATA\r\n";

    private readonly RecordingMailHandler _handler = new();
    private readonly WebApplication _app;

    public KestrelTests()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<IMailHandlerFactory>(_handler);
        builder.Services.AddSingleton(TemporaryBodies.Shared);
        builder.Services.AddSingleton(new SmtpLimitOptions());
        builder.Services.AddSmtpServer();
        var options = new SmtpServerOptions { HostName = "mx.bounces.test" };
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port: 0, listen => listen.UseSmtp(options)));
        _app = builder.Build();
    }

    public async ValueTask InitializeAsync() => await _app.StartAsync();

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task Delivers_a_message()
    {
        using NetworkStream client = await ConnectAsync();
        await SayAsync(client, "EHLO client.test\r\n", "250 LIMITS MAILMAX=1000 RCPTMAX=1000\r\n");
        await SayAsync(client, UpToData, "354 End data with <CR><LF>.<CR><LF>\r\n");
        await SayAsync(client, "Subject: x\r\n\r\nbody\r\n.\r\n", "250 2.0.0 Ok\r\n");
        await SayAsync(client, "QUIT\r\n", "221 2.0.0 Bye\r\n");
        (await client.ReadAsync(new byte[1])).ShouldBe(0);
        _handler.Texts.ShouldHaveSingleItem().ShouldBe("Subject: x\r\n\r\nbody\r\n");
        _handler.Messages[0].Transaction.RemoteAddress.ShouldBe(IPAddress.Loopback);
    }

    [Fact]
    public async Task A_peer_that_shuts_its_sending_side_still_gets_its_replies()
    {
        _handler.OnData = async () =>
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50));
            return SmtpReplies.Accepted;
        };
        using NetworkStream client = await ConnectAsync();
        await SayAsync(client, "EHLO client.test\r\n", "250 LIMITS MAILMAX=1000 RCPTMAX=1000\r\n");
        await SayAsync(client, UpToData, "354 End data with <CR><LF>.<CR><LF>\r\n");
        await client.WriteAsync(".\r\nQUIT\r\n"u8.ToArray());
        client.Socket.Shutdown(SocketShutdown.Send);
        await ReadToAsync(client, "250 2.0.0 Ok\r\n221 2.0.0 Bye\r\n");
        _handler.Messages.Count.ShouldBe(1);
    }

    [Fact]
    public async Task At_shutdown_idle_sessions_get_421_and_a_message_under_way_is_finished()
    {
        using NetworkStream idle = await ConnectAsync();
        using NetworkStream busy = await ConnectAsync();
        await SayAsync(busy, "EHLO client.test\r\n", "250 LIMITS MAILMAX=1000 RCPTMAX=1000\r\n");
        await SayAsync(busy, UpToData, "354 End data with <CR><LF>.<CR><LF>\r\n");

        Task stopping = _app.StopAsync();
        await ReadToAsync(idle, "421 4.3.2 Service is shutting down\r\n");
        (await idle.ReadAsync(new byte[1])).ShouldBe(0);
        await SayAsync(busy, "body\r\n.\r\n", "250 2.0.0 Ok\r\n421 4.3.2 Service is shutting down\r\n");
        await stopping;

        _handler.Texts.ShouldHaveSingleItem().ShouldBe("body\r\n");
        _app.Services.GetRequiredService<SmtpServer>().LiveConnections.ShouldBe(0);
    }

    private async Task<NetworkStream> ConnectAsync()
    {
        string address = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, new Uri(address).Port);
        var client = new NetworkStream(socket, ownsSocket: true);
        await ReadToAsync(client, "220 mx.bounces.test ESMTP\r\n");
        return client;
    }

    private static async Task SayAsync(NetworkStream client, string text, string end)
    {
        await client.WriteAsync(Encoding.Latin1.GetBytes(text));
        await ReadToAsync(client, end);
    }

    // Reads until what was read ends so; anything else is found out by the time limit.
    private static async Task ReadToAsync(NetworkStream client, string end)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var read = new StringBuilder();
        byte[] buffer = new byte[4096];
        while (!read.ToString().EndsWith(end, StringComparison.Ordinal))
        {
            int count = await client.ReadAsync(buffer, limit.Token);
            count.ShouldBeGreaterThan(0, $"closed after: {read}");
            read.Append(Encoding.Latin1.GetString(buffer, 0, count));
        }
    }
}
