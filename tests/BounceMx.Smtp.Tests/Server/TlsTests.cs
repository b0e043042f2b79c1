using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Server;

/// <summary>STARTTLS (RFC 3207) and implicit TLS (RFC 8314) over sockets.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    private readonly RecordingMailHandler _handler = new();
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() =>
        _server = await RunningServer.StartAsync(
            new ServerSetup
            {
                Handlers = _handler,
                Certificates = ServerSetup.SelfSigned,
                Listeners = [ServerSetup.Options, ServerSetup.Options with { Tls = TlsMode.Implicit }],
            }
        );

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task A_message_sent_after_STARTTLS_is_delivered_with_what_TLS_agreed_on()
    {
        using Peer peer = await SecureAsync(await _server.GreetAsync());
        (await peer.SayAsync("EHLO client.test")).ShouldBe("250");
        await peer.BeginMessageAsync();

        (await peer.SayAsync("text\r\n.")).ShouldBe("250 2.0.0");

        _handler.Texts.ShouldHaveSingleItem().ShouldBe("text\r\n");
        _handler.Messages[0].Transaction.Tls.ShouldNotBeNull().Protocol.ShouldBeOneOf("TLSv1.2", "TLSv1.3");
        _server.Count($"tls.handshakes{{version={_handler.Messages[0].Transaction.Tls!.Protocol}}}").ShouldBe(1);
    }

    [Fact]
    public async Task A_message_sent_in_clear_text_has_no_TLS()
    {
        using Peer peer = await _server.GreetAsync();

        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");

        _handler.Transactions.ShouldHaveSingleItem().Tls.ShouldBeNull();
    }

    [Fact]
    public async Task A_listener_of_its_own_speaks_TLS_from_the_first_octet()
    {
        using Peer peer = await _server.ConnectAsync(listener: 1);
        await peer.SecureAsync();
        await peer.GreetAsync();
        await peer.BeginMessageAsync();

        (await peer.SayAsync("text\r\n.")).ShouldBe("250 2.0.0");

        _handler.Messages.ShouldHaveSingleItem().Transaction.Tls.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_listener_of_its_own_says_nothing_in_clear_text()
    {
        using Peer peer = await _server.ConnectAsync(listener: 1);

        await peer.SendAsync("EHLO client.test\r\n");

        // At most an alert (RFC 8446 section 6), no reply.
        (await peer.ReadToEndAsync()).ShouldNotContain("mx.bounces.test");
        _server.Count("tls.failures{reason=failed}").ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Inside_TLS_there_is_no_STARTTLS(int listener)
    {
        using Peer peer = await _server.ConnectAsync(listener);
        if (listener == 0)
            await SecureAsync(await peer.GreetAsync());
        else
        {
            await peer.SecureAsync();
            (await peer.AnswerAsync()).ShouldBe("220");
        }

        await peer.SendAsync("EHLO client.test\r\n");

        (await peer.ReadAsync()).Text.ShouldNotContain("STARTTLS");
        (await peer.SayAsync("STARTTLS")).ShouldBe("503 5.5.1");
    }

    [Fact]
    public async Task Outside_TLS_it_is_offered()
    {
        using Peer peer = await _server.ConnectAsync();
        (await peer.AnswerAsync()).ShouldBe("220");

        await peer.SendAsync("EHLO client.test\r\n");

        (await peer.ReadAsync()).Text.Split('\n').ShouldContain("STARTTLS");
    }

    [Fact]
    public async Task What_was_said_before_TLS_is_forgotten()
    {
        using Peer peer = await _server.GreetAsync();
        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("250 2.1.0");
        (await peer.SayAsync("RCPT TO:<a@bounces.test>")).ShouldBe("250 2.1.5");
        await SecureAsync(peer);

        (await peer.SayAsync("MAIL FROM:<>")).ShouldBe("503 5.5.1");
        (await peer.SayAsync("EHLO client.test")).ShouldBe("250");
        (await peer.SayAsync("DATA")).ShouldBe("503 5.5.1");
    }

    [Fact]
    public async Task Clear_text_behind_STARTTLS_ends_the_session()
    {
        using Peer peer = await _server.GreetAsync();

        await peer.SendAsync("STARTTLS\r\nMAIL FROM:<injected@elsewhere.test>\r\n");

        await peer.ShouldEndWithAsync("554 5.5.0");
        _handler.Transactions.ShouldBeEmpty();
    }

    [Fact]
    public async Task Clear_text_behind_the_220_is_never_answered()
    {
        using Peer peer = await _server.GreetAsync();
        (await peer.SayAsync("STARTTLS")).ShouldBe("220 2.0.0");

        await peer.SendAsync("EHLO injected.test\r\nMAIL FROM:<injected@elsewhere.test>\r\n");

        (await peer.ReadToEndAsync()).ShouldNotContain("250");
        _handler.Transactions.ShouldBeEmpty();
        _server.Count("tls.failures{reason=failed}").ShouldBe(1);
    }

    [Fact]
    public async Task Clear_text_ahead_of_the_handshake_does_not_end_up_inside()
    {
        using Peer peer = await _server.GreetAsync();
        (await peer.SayAsync("STARTTLS")).ShouldBe("220 2.0.0");

        // As somebody in between would slip it in: the client knows nothing of it and shakes hands.
        await peer.SendAsync("MAIL FROM:<injected@elsewhere.test>\r\n");

        await Should.ThrowAsync<Exception>(peer.SecureAsync);
        _handler.Transactions.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_idle_session_inside_TLS_is_told_of_the_shutdown_there()
    {
        using Peer peer = await SecureAsync(await _server.GreetAsync());
        (await peer.SayAsync("NOOP")).ShouldBe("250 2.0.0");

        Task stopping = _server.StopAsync();

        await peer.ShouldEndWithAsync("421 4.3.2");
        await stopping;
    }

    private static async Task<Peer> SecureAsync(Peer peer)
    {
        (await peer.SayAsync("STARTTLS")).ShouldBe("220 2.0.0");
        await peer.SecureAsync();
        return peer;
    }
}
