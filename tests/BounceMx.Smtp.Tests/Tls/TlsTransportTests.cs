using System.Buffers;
using System.IO.Pipelines;
using System.Security.Authentication;
using System.Text;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Tls;

/// <summary>STARTTLS' and implicit TLS' transport, in memory, against .NET's own client.</summary>
public sealed class TlsTransportTests
{
    // RFC 8446 sections 5.1 and 6.
    private const byte AlertRecord = 21;
    private const byte Fatal = 2;

    // Only ever reached by what is broken.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static TheoryData<SslProtocols> Protocols => [SslProtocols.Tls12, SslProtocols.Tls13];

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Carries_octets_both_ways(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        await pair.SendAsync("EHLO client.test\r\n");
        (await ReadAsync(pair.Server.Input)).ShouldBe("EHLO client.test\r\n");
        await pair.Server.Output.WriteAsync("250 mx.bounces.test\r\n"u8.ToArray());
        (await ReadClientAsync(pair, 21)).ShouldBe("250 mx.bounces.test\r\n");
    }

    [Theory]
    [InlineData(SslProtocols.Tls12, "TLSv1.2 TLS_ECDHE_ECDSA_WITH_")]
    [InlineData(SslProtocols.Tls13, "TLSv1.3 TLS_")]
    public async Task Says_what_was_agreed_on(SslProtocols protocol, string start)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        pair.Server.Parameters.ToString().ShouldBe($"{pair.Server.Parameters.Protocol} {pair.Client.NegotiatedCipherSuite}");
        pair.Server.Parameters.ToString().ShouldStartWith(start);
    }

    [Theory]
    [InlineData(0)] // SSL 3.0
    [InlineData(1)]
    [InlineData(2)] // TLS 1.1
    public async Task Refuses_what_is_older_than_TLS_1_2_with_an_alert(byte minor)
    {
        await using var pair = new TlsPair();
        await pair.SendRawAsync(ClientHello(minor));
        TlsHandshake handshake = await AcceptAsync(pair);
        handshake.Fault.ShouldBe(TlsFault.Failed);
        byte[] answer = pair.ReadRaw();
        (answer[0], answer[^2]).ShouldBe((AlertRecord, Fatal));
    }

    // That the hello above is refused for its age, not for being misshapen.
    [Fact]
    public async Task Takes_the_same_hello_with_TLS_1_2()
    {
        await using var pair = new TlsPair();
        await pair.SendRawAsync(ClientHello(minor: 3));
        ValueTask<TlsHandshake> accepting = AcceptAsync(pair);
        accepting.IsCompleted.ShouldBeFalse();
        pair.ReadRaw()[0].ShouldNotBe(AlertRecord);
        pair.HangUp();
        (await accepting).Fault.ShouldBe(TlsFault.HungUp);
    }

    [Theory]
    [InlineData("EHLO client.test\r\nMAIL FROM:<>\r\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: mx.bounces.test\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u00ff\u00ff")]
    [InlineData("\u0016\u0003\u0001\u0000\u0004\u0001\u0000\u0000\u0000")]
    [InlineData("\u0015\u0003\u0003\u0000\u0002\u0002\u0028")]
    [InlineData("\u0017\u0003\u0003\u0000\u0005aaaaa")]
    [InlineData("\0\0\0\0\0\0\0\0\0\0")]
    public async Task Garbage_fails_the_handshake_and_throws_nothing(string garbage)
    {
        await using var pair = new TlsPair();
        await pair.SendRawAsync(Encoding.Latin1.GetBytes(garbage));
        ValueTask<TlsHandshake> accepting = AcceptAsync(pair);
        pair.HangUp();
        TlsHandshake handshake = await accepting;
        handshake.Succeeded.ShouldBeFalse();
        handshake.Detail.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Random_octets_fail_the_handshake_and_throw_nothing()
    {
        var random = new Random(20_26);
        for (int i = 0; i < 300; i++)
        {
            await using var pair = new TlsPair();
            byte[] octets = new byte[random.Next(1, 600)];
            random.NextBytes(octets);
            if (i % 2 == 0)
                ClientHello(minor: 3).AsSpan(0, Math.Min(octets.Length, random.Next(5, 50))).CopyTo(octets);
            await pair.SendRawAsync(octets);
            ValueTask<TlsHandshake> accepting = AcceptAsync(pair);
            pair.HangUp();
            (await accepting).Succeeded.ShouldBeFalse();
        }
    }

    [Fact]
    public async Task A_peer_that_hangs_up_fails_the_handshake_at_every_octet()
    {
        byte[] hello = ClientHello(minor: 3);
        for (int sent = 0; sent < hello.Length; sent++)
        {
            await using var pair = new TlsPair();
            await pair.SendRawAsync(hello.AsMemory(0, sent));
            pair.HangUp();
            (await AcceptAsync(pair)).Succeeded.ShouldBeFalse($"after {sent}");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(20)]
    public async Task A_handshake_that_takes_too_long_ends(int sent)
    {
        await using var pair = new TlsPair();
        using var limit = new CancellationTokenSource();
        await pair.SendRawAsync(ClientHello(minor: 3).AsMemory(0, sent));
        ValueTask<TlsHandshake> accepting = TlsTransport.AcceptAsync(pair.ServerEnd, TlsPair.Certificates, limit.Token);
        accepting.IsCompleted.ShouldBeFalse();
        await limit.CancelAsync();
        (await accepting).Fault.ShouldBe(TlsFault.TimedOut);
    }

    [Fact]
    public async Task A_handshake_ends_though_the_peer_reads_nothing()
    {
        await using var pair = new TlsPair(window: 16);
        using var limit = new CancellationTokenSource();
        await pair.SendRawAsync(ClientHello(minor: 3));
        ValueTask<TlsHandshake> accepting = TlsTransport.AcceptAsync(pair.ServerEnd, TlsPair.Certificates, limit.Token);
        accepting.IsCompleted.ShouldBeFalse();
        await limit.CancelAsync();
        (await accepting).Fault.ShouldBe(TlsFault.TimedOut);
    }

    [Fact]
    public async Task A_cancelled_read_of_the_pipe_below_does_not_disturb_the_handshake()
    {
        await using var pair = new TlsPair();
        ValueTask<TlsHandshake> accepting = AcceptAsync(pair);
        pair.ServerEnd.Input.CancelPendingRead();
        await pair.AuthenticateAsync(SslProtocols.Tls13, "mx.bounces.test");
        TlsHandshake handshake = await accepting;
        handshake.Succeeded.ShouldBeTrue();
        await handshake.Transport.DisposeAsync();
    }

    [Fact]
    public async Task After_a_failed_handshake_the_pipes_below_are_still_open()
    {
        await using var pair = new TlsPair();
        await pair.SendRawAsync("QUIT\r\nRSET\r\n"u8.ToArray());
        await AcceptAsync(pair);
        pair.ReadRaw();
        await pair.ServerEnd.Output.WriteAsync("x"u8.ToArray());
        pair.ReadRaw().ShouldBe("x"u8.ToArray());
        pair.ServerEnd.Input.TryRead(out _);
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_cancelled_read_loses_nothing_wherever_the_record_is_cut(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        int length = (await pair.EncryptAsync("")).Length;
        for (int cut = 1; cut <= length || length == 0; cut++)
        {
            byte[] record = await pair.EncryptAsync($"NOOP {cut:000}\r\n");
            length = record.Length;
            Task<ReadResult> reading = pair.Server.Input.ReadAsync().AsTask();
            await pair.SendRawAsync(record.AsMemory(0, cut - 1));
            reading.IsCompleted.ShouldBeFalse();
            pair.Server.Input.CancelPendingRead();
            ReadResult cancelled = await reading;
            cancelled.IsCanceled.ShouldBeTrue();
            cancelled.Buffer.IsEmpty.ShouldBeTrue();
            pair.Server.Input.AdvanceTo(cancelled.Buffer.Start);

            await pair.SendRawAsync(record.AsMemory(cut - 1));
            (await ReadAsync(pair.Server.Input)).ShouldBe($"NOOP {cut:000}\r\n");
        }
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task What_was_read_and_not_consumed_before_a_cancelled_read_is_there_after_it(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        await pair.SendAsync("NO");
        ReadResult part = await pair.Server.Input.ReadAsync();
        pair.Server.Input.AdvanceTo(part.Buffer.Start, part.Buffer.End);
        Task<ReadResult> reading = pair.Server.Input.ReadAsync().AsTask();
        pair.Server.Input.CancelPendingRead();
        pair.Server.Input.AdvanceTo((await reading).Buffer.Start);
        await pair.SendAsync("OP\r\n");
        (await ReadAsync(pair.Server.Input)).ShouldBe("NOOP\r\n");
    }

    [Fact]
    public async Task Carries_more_than_is_read_ahead()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        string body = string.Concat(Enumerable.Range(0, 50_000).Select(i => $"line {i}\r\n"));
        Task sending = pair.SendAsync(body);
        var read = new StringBuilder();
        while (read.Length < body.Length)
            read.Append(await ReadAsync(pair.Server.Input));
        await sending;
        read.ToString().ShouldBe(body);
    }

    [Fact]
    public async Task Reads_ahead_no_more_than_a_few_records()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.SendAsync(new string('x', 1024 * 1024));
        pair.Server.Input.TryRead(out ReadResult result).ShouldBeTrue();
        result.Buffer.Length.ShouldBeLessThan(48 * 1024);
    }

    [Fact]
    public async Task What_was_written_and_not_flushed_is_not_sent_and_counted()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.ReadRaw();
        pair.Server.Output.Write("250 Ok\r\n"u8);
        pair.ReadRaw().ShouldBeEmpty();
        pair.Server.Output.UnflushedBytes.ShouldBe(8);
    }

    [Fact]
    public async Task A_flush_cancelled_before_it_begins_sends_everything_all_the_same()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.Server.Output.CancelPendingFlush();
        (await pair.Server.Output.WriteAsync("250 Ok\r\n"u8.ToArray())).IsCanceled.ShouldBeTrue();
        await pair.Server.Output.WriteAsync("221 Bye\r\n"u8.ToArray());
        (await ReadClientAsync(pair, 17)).ShouldBe("250 Ok\r\n221 Bye\r\n");
    }

    [Fact]
    public async Task A_flush_that_waits_for_the_peer_can_be_cancelled_and_has_sent_everything_once()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(window: 16 * 1024);
        string text = new('x', 20_000);
        Task<FlushResult> flushing = pair.Server.Output.WriteAsync(Encoding.Latin1.GetBytes(text)).AsTask();
        flushing.IsCompleted.ShouldBeFalse();
        pair.Server.Output.CancelPendingFlush();
        (await flushing).IsCanceled.ShouldBeTrue();
        pair.Server.Output.UnflushedBytes.ShouldBe(0);
        Task last = pair.Server.Output.WriteAsync("."u8.ToArray()).AsTask();
        (await ReadClientAsync(pair, text.Length + 1)).ShouldBe(text + ".");
        await last;
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task The_end_of_the_peers_sending_is_the_end_of_the_input(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        await pair.SendAsync("QUIT\r\n");
        await pair.Client.ShutdownAsync();
        await pair.Client.FlushAsync();
        (await ReadAsync(pair.Server.Input)).ShouldBe("QUIT\r\n");
        (await pair.Server.Input.ReadAsync()).IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task After_the_end_of_the_peers_sending_replies_still_go_out()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.Client.ShutdownAsync();
        await pair.Client.FlushAsync();
        await pair.Server.Output.WriteAsync("221 Bye\r\n"u8.ToArray());
        (await ReadClientAsync(pair, 9)).ShouldBe("221 Bye\r\n");
    }

    [Fact]
    public async Task A_connection_cut_within_a_record_is_an_IOException()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.SendRawAsync((await pair.EncryptAsync("NOOP\r\n")).AsMemory(0, 7));
        pair.HangUp();
        await Should.ThrowAsync<IOException>(async () => await pair.Server.Input.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task A_forged_record_is_an_IOException(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        byte[] record = await pair.EncryptAsync("RSET\r\n");
        record[^1] ^= 1;
        await pair.SendRawAsync(record);
        await Should.ThrowAsync<IOException>(async () => await pair.Server.Input.ReadAsync());
    }

    [Fact]
    public async Task Octets_in_the_clear_after_the_handshake_are_an_IOException()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.SendRawAsync("RSET\r\nQUIT\r\n"u8.ToArray());
        await Should.ThrowAsync<IOException>(async () => await pair.Server.Input.ReadAsync());
    }

    [Theory]
    [MemberData(nameof(Protocols))]
    public async Task Says_goodbye_and_leaves_the_pipes_below_open(SslProtocols protocol)
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(protocol: protocol);
        await pair.Server.DisposeAsync();
        // Were it not for a close_notify, the client would wait: the pipe is open.
        (await pair.Client.ReadAsync(new byte[1]).AsTask().WaitAsync(Limit)).ShouldBe(0);
        await pair.ServerEnd.Output.WriteAsync("x"u8.ToArray());
        pair.ReadRaw().ShouldBe("x"u8.ToArray());
        await pair.SendRawAsync("y"u8.ToArray());
        (await ReadAsync(pair.ServerEnd.Input)).ShouldBe("y");
    }

    [Fact]
    public async Task Ends_though_the_peer_reads_nothing()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync(window: 16 * 1024);
        Task<FlushResult> flushing = pair.Server.Output.WriteAsync(new byte[64 * 1024]).AsTask();
        pair.Server.Output.CancelPendingFlush();
        await flushing;
        await pair.Server.DisposeAsync().AsTask().WaitAsync(Limit);
    }

    [Fact]
    public async Task Ends_though_the_peer_sends_without_end()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.SendAsync(new string('x', 1024 * 1024));
        await pair.Server.DisposeAsync().AsTask().WaitAsync(Limit);
    }

    [Fact]
    public async Task Ends_a_broken_session_without_a_word()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        await pair.SendRawAsync("RSET\r\nQUIT\r\n"u8.ToArray());
        await pair.Server.DisposeAsync();
        await pair.ServerEnd.Output.WriteAsync("x"u8.ToArray());
    }

    [Fact]
    public async Task Asks_for_no_client_certificate()
    {
        await using TlsPair pair = await TlsPair.ConnectAsync();
        pair.Client.IsMutuallyAuthenticated.ShouldBeFalse();
        pair.WasAskedForCertificate.ShouldBeFalse();
    }

    private static ValueTask<TlsHandshake> AcceptAsync(TlsPair pair) =>
        TlsTransport.AcceptAsync(pair.ServerEnd, TlsPair.Certificates, CancellationToken.None);

    private static async Task<string> ReadAsync(PipeReader input)
    {
        ReadResult result = await input.ReadAsync();
        string text = Encoding.Latin1.GetString(result.Buffer.ToArray());
        input.AdvanceTo(result.Buffer.End);
        return text;
    }

    private static async Task<string> ReadClientAsync(TlsPair pair, int length)
    {
        byte[] buffer = new byte[length];
        await pair.Client.ReadExactlyAsync(buffer).AsTask().WaitAsync(Limit);
        return Encoding.Latin1.GetString(buffer);
    }

    // A hello of the time of TLS 1.2 and before (RFC 5246 section 7.4.1.2), which names the newest version that it knows.
    private static byte[] ClientHello(byte minor)
    {
        byte[] suites = [0xC0, 0x2B, 0xC0, 0x2C, 0xC0, 0x09, 0xC0, 0x0A, 0x00, 0x2F];
        byte[] extensions =
        [
            .. (byte[])[0, 10, 0, 4, 0, 2, 0, 23], // supported_groups: secp256r1
            .. (byte[])[0, 11, 0, 2, 1, 0], // ec_point_formats: uncompressed
            .. (byte[])[0, 13, 0, 4, 0, 2, 4, 3], // signature_algorithms: ecdsa_secp256r1_sha256
        ];
        byte[] hello =
        [
            .. (byte[])[3, minor],
            .. new byte[32],
            .. (byte[])[0, 0, (byte)suites.Length],
            .. suites,
            .. (byte[])[1, 0, 0, (byte)extensions.Length],
            .. extensions,
        ];
        return [22, 3, 1, 0, (byte)(hello.Length + 4), 1, 0, 0, (byte)hello.Length, .. hello];
    }
}
