using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using BounceMx.Smtp.Bodies;
using BounceMx.Smtp.Limits;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp.Tests.Fakes;

/// <summary>
/// A client of the protocol core, in memory. The pipes run their continuations inline, so when <see cref="Send(string)"/> returns the server
/// has done all that it will do with what was sent, and no test needs to wait.
/// </summary>
internal sealed class MemoryClient : IDisposable
{
    private static readonly IPAddress Address = IPAddress.Parse("192.0.2.1");
    private readonly Pipe _toServer = NewPipe(64 * 1024);
    private readonly Pipe _toClient;
    private readonly SmtpConnection _connection;
    private readonly PeerLease? _lease;
    private readonly StringBuilder _transcript = new();
    private Task _taken = Task.CompletedTask;

    public MemoryClient(
        SmtpServerOptions? options = null,
        RecordingMailHandler? handler = null,
        string early = "",
        int window = 0,
        BodyStore? bodies = null,
        SmtpLimitOptions? limits = null,
        TlsCertificates? certificates = null,
        MemoryServer? server = null
    )
    {
        Handler = handler ?? new RecordingMailHandler();
        _toClient = NewPipe(window);
        options ??= new SmtpServerOptions { HostName = "mx.bounces.test" };
        server ??= new MemoryServer(limits, bodies, certificates);
        Time = server.Time;
        server.Server.Limiter.TryAdmit(Address, out _lease, out _).ShouldBeTrue();
        var peer = new SmtpPeer(Address, "test", _lease!);
        _connection = new SmtpConnection(new SmtpListener(server.Server, options), new Transport(_toServer.Reader, _toClient.Writer), peer, Handler);
        if (early.Length > 0)
            Write(Encoding.Latin1.GetBytes(early));
        Running = RunAsync();
        Greeting = Read();
    }

    public ManualTime Time { get; }

    public RecordingMailHandler Handler { get; }

    public string Greeting { get; }

    public Task<ConnectionEnd> Running { get; }

    /// <summary>Whether the server has taken enough of what was sent for more to be sent.</summary>
    public bool HasRoom => _taken.IsCompleted;

    public bool IsClosed => Running.IsCompleted;

    /// <summary>All that the server said, the greeting included.</summary>
    public string Transcript => _transcript.ToString();

    /// <summary>Sends text, an octet a character, and returns what the server says to it.</summary>
    public string Send(string text) => Send(Encoding.Latin1.GetBytes(text));

    public string Send(ReadOnlySpan<byte> octets)
    {
        Write(octets);
        return Read();
    }

    /// <summary>Sends several texts, one after the other, and returns the answer to the last.</summary>
    public string SendAll(params string[] texts) => texts.Select(Send).ToArray()[^1];

    /// <summary>Sends, and leaves what the server says where it is.</summary>
    public void SendDeaf(string text) => Write(Encoding.Latin1.GetBytes(text));

    /// <summary>EHLO, MAIL, RCPT, DATA.</summary>
    public MemoryClient UpToData()
    {
        SendAll("EHLO client.test\r\n", "MAIL FROM:<>\r\n", "RCPT TO:<bounces+a=b.test@bounces.test>\r\n", "DATA\r\n")
            .ShouldStartWith("354 ");
        return this;
    }

    public string HangUp()
    {
        _toServer.Writer.Complete();
        return Read();
    }

    public void Break() => _toServer.Writer.Complete(new IOException("reset"));

    public string Shutdown()
    {
        _connection.Shutdown();
        return Read();
    }

    public string Advance(TimeSpan by)
    {
        Time.Advance(by);
        return Read();
    }

    public string Read()
    {
        if (!_toClient.Reader.TryRead(out ReadResult result))
            return "";
        string text = Encoding.Latin1.GetString(result.Buffer.ToArray());
        _toClient.Reader.AdvanceTo(result.Buffer.End);
        _transcript.Append(text);
        return text;
    }

    public void Dispose()
    {
        _toServer.Writer.Complete();
        _toClient.Reader.Complete();
    }

    private async Task<ConnectionEnd> RunAsync()
    {
        await using (_connection)
        {
            ConnectionEnd end = await _connection.RunAsync(CancellationToken.None);
            await _toServer.Reader.CompleteAsync();
            await _toClient.Writer.CompleteAsync();
            _lease!.Dispose();
            return end;
        }
    }

    private void Write(ReadOnlySpan<byte> octets)
    {
        _toServer.Writer.Write(octets);
        // Whoever sends to a closed connection learns nothing of it here.
        _taken = _toServer.Writer.FlushAsync().AsTask();
    }

    private static Pipe NewPipe(int window) =>
        new(
            new PipeOptions(
                readerScheduler: PipeScheduler.Inline,
                writerScheduler: PipeScheduler.Inline,
                pauseWriterThreshold: window,
                resumeWriterThreshold: window / 2,
                useSynchronizationContext: false
            )
        );

    private sealed record Transport(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
