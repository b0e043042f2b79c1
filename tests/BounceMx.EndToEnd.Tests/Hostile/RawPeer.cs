using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>A peer that writes what it likes when it likes, and need not read. It costs the tests a socket and little else.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket;
    private int _sent;

    private RawPeer(Socket socket) => _socket = socket;

    /// <summary>Connects, and says nothing.</summary>
    /// <param name="port">The server's.</param>
    /// <param name="from">An address of this machine; <c>null</c>: 127.0.0.1.</param>
    /// <param name="receiveBuffer">Octets that the peer's side takes without reading; <c>null</c>: as the system has it.</param>
    public static async Task<RawPeer> ConnectAsync(int port, IPAddress? from = null, int? receiveBuffer = null)
    {
        // Ended by RST: no port is left in TIME_WAIT, of which a flood would use up all.
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            LingerState = new LingerOption(enable: true, seconds: 0),
        };
        try
        {
            if (receiveBuffer is { } size)
                socket.ReceiveBufferSize = size;
            if (from is not null)
                socket.Bind(new IPEndPoint(from, 0));
            await socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return new RawPeer(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Connects, reads the greeting and says EHLO.</summary>
    public static async Task<RawPeer> GreetAsync(int port, IPAddress? from = null, int? receiveBuffer = null)
    {
        var peer = await ConnectAsync(port, from, receiveBuffer);
        (await peer.ReadRepliesAsync(1)).ShouldBe([220]);
        (await peer.AskAsync("EHLO mx.sender.example\r\n", 1)).ShouldBe([250]);
        return peer;
    }

    /// <summary>Many peers that have said EHLO.</summary>
    public static async Task<RawPeer[]> GreetAsync(int port, int count, int? receiveBuffer = null)
    {
        var peers = new RawPeer[count];
        var options = new ParallelOptions { MaxDegreeOfParallelism = 50, CancellationToken = TestContext.Current.CancellationToken };
        await Parallel.ForAsync(0, count, options, async (i, _) => peers[i] = await GreetAsync(port, receiveBuffer: receiveBuffer));
        return peers;
    }

    /// <summary>Sends commands in one write and reads their replies; see <see cref="ReadRepliesAsync"/>.</summary>
    public async Task<IReadOnlyList<int>> AskAsync(string commands, int replies)
    {
        await SendAsync(Encoding.ASCII.GetBytes(commands));
        return await ReadRepliesAsync(replies);
    }

    /// <summary>Delivers a bounce; anything but a 250 fails the test.</summary>
    /// <param name="recipient">Whom the bounce is about: <c>local@domain</c>.</param>
    public async Task DeliverAsync(string recipient)
    {
        (await AskAsync($"MAIL FROM:<>\r\nRCPT TO:<{BounceAddress.Of(recipient)}>\r\nDATA\r\n", 3)).ShouldBe([250, 250, 354]);
        (await AskAsync($"{SampleMail.UserUnknown(recipient).ReplaceLineEndings("\r\n")}.\r\n", 1)).ShouldBe([250]);
    }

    /// <summary>Sends all of it, as fast as it is taken.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> octets)
    {
        while (!octets.IsEmpty)
            octets = octets[await _socket.SendAsync(octets, SocketFlags.None, TestContext.Current.CancellationToken)..];
    }

    /// <summary>Sends as much as is taken at once, from where it stopped the last time to the end of the octets.</summary>
    /// <param name="octets">The same each time; they begin anew when all are sent.</param>
    public void SendOn(ReadOnlySpan<byte> octets)
    {
        _socket.Blocking = false;
        _sent = (_sent + _socket.Send(octets[_sent..], SocketFlags.None, out _)) % octets.Length;
    }

    /// <summary>Reads replies (RFC 5321 section 4.2.1).</summary>
    /// <param name="count">How many; no more must be under way.</param>
    /// <returns>Their codes: fewer than asked for when the server has closed the connection.</returns>
    public async Task<IReadOnlyList<int>> ReadRepliesAsync(int count)
    {
        var codes = new List<int>();
        var octets = ArrayPool<byte>.Shared.Rent(16 * 1024);
        // Octets of a line whose end has not come.
        var open = 0;
        try
        {
            while (codes.Count < count)
            {
                var read = await _socket.ReceiveAsync(octets.AsMemory(open), SocketFlags.None, TestContext.Current.CancellationToken);
                if (read == 0)
                    break;
                open = TakeLines(octets.AsSpan(0, open + read), codes);
            }
        }
        catch (SocketException)
        {
            // Reset: what was sent to it last was not read any more.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(octets);
        }
        return codes;
    }

    /// <summary>Reads whatever comes, to so many line ends or to the end; how many there were.</summary>
    public async Task<int> ReadLinesAsync(int count)
    {
        var octets = new byte[64 * 1024];
        var lines = 0;
        int read;
        while (lines < count && (read = await _socket.ReceiveAsync(octets, SocketFlags.None, TestContext.Current.CancellationToken)) > 0)
            lines += octets.AsSpan(0, read).Count((byte)'\n');
        return lines;
    }

    public void Dispose() => _socket.Dispose();

    // Moves what is left of an incomplete line to the front; its length.
    private static int TakeLines(Span<byte> octets, List<int> codes)
    {
        Span<byte> rest = octets;
        for (int end; (end = rest.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
        {
            if (rest[3] != '-')
                codes.Add(int.Parse(rest[..3], CultureInfo.InvariantCulture));
        }
        rest.CopyTo(octets);
        return rest.Length;
    }
}
