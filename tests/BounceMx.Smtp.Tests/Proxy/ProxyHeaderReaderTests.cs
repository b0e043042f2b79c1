using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using BounceMx.Smtp.Proxy;
using BounceMx.Smtp.Tests.Fakes;
using static BounceMx.Smtp.Tests.Proxy.ProxyHeaders;

namespace BounceMx.Smtp.Tests.Proxy;

/// <summary>The header of a connection: in time, or not at all.</summary>
public sealed class ProxyHeaderReaderTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(100);

    private readonly ManualTime _time = new();
    private readonly CancellationTokenSource _stopping = new();

    // Continuations run inline: when a write returns, the reader has done all that it will do with it.
    private readonly Pipe _pipe = new(
        new PipeOptions(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false)
    );

    private readonly Task<ProxyHeader?> _reading;

    public ProxyHeaderReaderTests() => _reading = ProxyHeaderReader.ReadAsync(_pipe.Reader, _time, _stopping.Token);

    [Fact]
    public async Task Reads_a_header_that_comes_octet_by_octet_and_leaves_what_follows()
    {
        byte[] octets = Version2(Proxied, Tcp4, Addresses4);
        foreach (byte octet in octets[..^1])
            Send([octet]);
        _reading.IsCompleted.ShouldBeFalse();
        Send([octets[^1], .. "EHLO client.test\r\n"u8]);
        (await _reading).ShouldBe(new ProxyHeader(28, IPEndPoint.Parse("192.0.2.1:56324")));
        Left().ShouldBe("EHLO client.test\r\n");
    }

    [Fact]
    public async Task Leaves_nothing_where_nothing_follows()
    {
        Send(Version1("PROXY UNKNOWN\r\n"));
        (await _reading).ShouldBe(new ProxyHeader(15, null));
        _pipe.Reader.TryRead(out _).ShouldBeFalse();
        _time.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Does_not_wait_for_the_end_of_what_is_no_header()
    {
        Send("E"u8);
        _reading.IsCompleted.ShouldBeTrue();
        (await _reading).ShouldBeNull();
        _time.ArmedTimers.ShouldBe(0);
    }

    [Fact]
    public async Task Gives_up_after_five_seconds_however_the_octets_come()
    {
        for (int i = 0; i < 49; i++)
        {
            Send("PROXY UNKNOWN "u8.Slice(Math.Min(i, 13), 1));
            _time.Advance(Moment);
        }
        _time.Advance(Moment / 2);
        _reading.IsCompleted.ShouldBeFalse();
        _time.Advance(Moment / 2);
        _reading.IsCompleted.ShouldBeTrue();
        (await _reading).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("PROXY TCP4 192.0.2.1")]
    public async Task Gives_up_a_peer_that_hangs_up(string sent)
    {
        Send(Version1(sent));
        await _pipe.Writer.CompleteAsync();
        (await _reading).ShouldBeNull();
    }

    [Fact]
    public async Task Reads_the_header_of_a_peer_that_has_said_all_it_will()
    {
        byte[] octets = Version1("PROXY UNKNOWN\r\n");
        _pipe.Writer.Write(octets);
        await _pipe.Writer.CompleteAsync();
        (await _reading).ShouldBe(new ProxyHeader(15, null));
    }

    [Fact]
    public async Task Gives_up_a_connection_that_breaks()
    {
        await _pipe.Writer.CompleteAsync(new IOException("reset"));
        (await _reading).ShouldBeNull();
    }

    [Fact]
    public async Task Gives_up_when_it_is_told_to()
    {
        await _stopping.CancelAsync();
        (await _reading).ShouldBeNull();
        _time.ArmedTimers.ShouldBe(0);
    }

    public void Dispose() => _stopping.Dispose();

    private void Send(ReadOnlySpan<byte> octets)
    {
        _pipe.Writer.Write(octets);
        _ = _pipe.Writer.FlushAsync().AsTask();
    }

    private string Left()
    {
        _pipe.Reader.TryRead(out ReadResult result).ShouldBeTrue();
        return Encoding.Latin1.GetString(result.Buffer.ToArray());
    }
}
