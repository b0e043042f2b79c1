using System.Diagnostics;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests;

/// <summary>SIGTERM: what is under way is finished, what idles is told. Under load: <see cref="Durability.TerminationTests"/>.</summary>
public sealed class ShutdownTests
{
    [Fact]
    public async Task Tells_an_idle_session_with_421()
    {
        await using var server = await BounceMxProcess.StartAsync();
        using var idle = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);

        var exit = server.TerminateAsync();
        var reply = await idle.ReadReplyAsync(TestContext.Current.CancellationToken);

        reply.Code.ShouldBe(421);
        reply.Text.ShouldStartWith("4.3.2 ");
        (await exit).ShouldBe(0);
    }

    [Fact]
    public async Task Finishes_a_message_whose_body_is_under_way()
    {
        await using var server = await BounceMxProcess.StartAsync();
        var bounceAddress = BounceAddress.Of("finished@recipient.example");
        using var client = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);
        await client.CommandAsync("MAIL FROM:<>", TestContext.Current.CancellationToken);
        await client.CommandAsync($"RCPT TO:<{bounceAddress}>", TestContext.Current.CancellationToken);
        (await client.CommandAsync("DATA", TestContext.Current.CancellationToken)).Code.ShouldBe(354);

        // Another session's 421 says that the shutdown has begun.
        using var idle = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);
        var exit = server.TerminateAsync();
        (await idle.ReadReplyAsync(TestContext.Current.CancellationToken)).Code.ShouldBe(421);
        var reply = await client.CommandAsync("Subject: under way\r\n\r\nStill written.\r\n.", TestContext.Current.CancellationToken);

        reply.Code.ShouldBe(250);
        (await exit).ShouldBe(0);
        await server.StartAgainAsync();
        await server.JournalledAsync(bounceAddress);
    }

    [Fact]
    public async Task Waits_for_a_stalled_body_no_longer_than_it_was_told_to()
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup { Environment = new Dictionary<string, string> { ["Smtp__DrainTimeout"] = "00:00:02" } }
        );
        using var stalled = await StallAsync(server);

        var clock = Stopwatch.StartNew();
        (await server.TerminateAsync()).ShouldBe(0, server.StandardError.Tail());

        clock.Elapsed.ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(15));
        var reply = await stalled.ReadReplyAsync(TestContext.Current.CancellationToken);
        reply.Code.ShouldBe(421);
        reply.Text.ShouldStartWith("4.3.2 ");
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_it_at_once_and_loses_nothing()
    {
        await using var server = await BounceMxProcess.StartAsync(
            new ServerSetup { Environment = new Dictionary<string, string> { ["Smtp__DrainTimeout"] = "00:05:00" } }
        );
        var bounceAddress = BounceAddress.Of("acknowledged@recipient.example");
        using var stalled = await StallAsync(server);
        using var last = await StallAsync(server, bounceAddress);
        using var idle = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);
        var exit = server.TerminateAsync();
        // It says that the shutdown has begun.
        (await idle.ReadReplyAsync(TestContext.Current.CancellationToken)).Code.ShouldBe(421);
        (await last.CommandAsync("\r\n.", TestContext.Current.CancellationToken)).Code.ShouldBe(250);

        var clock = Stopwatch.StartNew();
        (await server.TerminateAsync()).ShouldBe(143);
        await exit;

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
        await server.StartAgainAsync();
        await Eventually.TrueAsync(
            "the message that got its 250 to be published",
            () => server.ReadJournal().Any(e => (string?)e["bounce_address"] == bounceAddress),
            () => server.StandardError.Tail()
        );
    }

    [Fact]
    public async Task A_SIGTERM_before_it_listens_ends_it_at_once()
    {
        Requires.Program("mkfifo");
        using var folder = new TemporaryFolder();
        var pipe = folder.File("fullchain.pem");
        await ChildProcess.RunAsync("mkfifo", [pipe]);
        await using var server = ChildProcess.Start(
            BounceMxProcess.Program,
            ["serve", "--smtp", $"127.0.0.1:{Loopback.FreePort()}", "--data", folder.File("data")],
            new Dictionary<string, string> { ["Tls__CertificateFiles__0"] = pipe },
            folder.Path
        );
        // A pipe opens when both ends are: from here on the server waits for a certificate that does not come.
        await using var certificate = await Task.Run(() =>
            new FileStream(pipe, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)
        );

        server.Send(Signal.Terminate);

        (await server.ExitAsync(TimeSpan.FromSeconds(20))).ShouldBe(143);
        server.StandardOutput.All.ShouldBeEmpty();
    }

    // A session that has sent the first half of a message.
    private static async Task<SmtpClient> StallAsync(BounceMxProcess server, string? recipient = null)
    {
        var client = await SmtpClient.ConnectAsync(server.SmtpPort, TestContext.Current.CancellationToken);
        await client.CommandAsync("MAIL FROM:<>", TestContext.Current.CancellationToken);
        await client.CommandAsync(
            $"RCPT TO:<{recipient ?? BounceAddress.Of("stalled@recipient.example")}>",
            TestContext.Current.CancellationToken
        );
        (await client.CommandAsync("DATA", TestContext.Current.CancellationToken)).Code.ShouldBe(354);
        await client.SendAsync("Subject: half", TestContext.Current.CancellationToken);
        return client;
    }
}
