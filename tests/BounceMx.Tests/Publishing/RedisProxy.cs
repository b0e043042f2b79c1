using System.Net;
using System.Net.Sockets;

namespace BounceMx.Tests.Publishing;

/// <summary>
/// Stands between a client and a Redis and forwards what both say, but for the replies that it is told to lose. A lost reply is the last of its
/// connection: nothing in TCP can drop one and deliver the next.
/// </summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _target;
    private readonly Task _accepting;
    private int _pieces;
    private int _lost;

    public RedisProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>Which piece of what the server says, counted over all connections, is lost, and its connection with it.</summary>
    public Func<int, bool> Loses { get; set; } = _ => false;

    /// <summary>How long a connection stays silent before it is cut.</summary>
    public TimeSpan Silence { get; set; }

    /// <summary>Replies, or runs of them, that were lost.</summary>
    public int Lost => Volatile.Read(ref _lost);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stop.Token);
                await await Task.WhenAny(
                    client.GetStream().CopyToAsync(server.GetStream(), _stop.Token),
                    ForwardRepliesAsync(server.GetStream(), client.GetStream())
                );
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two is gone.
            }
        }
    }

    private async Task ForwardRepliesAsync(NetworkStream server, NetworkStream client)
    {
        byte[] buffer = new byte[64 * 1024];
        for (int count; (count = await server.ReadAsync(buffer, _stop.Token)) > 0; )
        {
            if (Loses(Interlocked.Increment(ref _pieces)))
            {
                Interlocked.Increment(ref _lost);
                await Task.Delay(Silence, _stop.Token);
                return;
            }
            await client.WriteAsync(buffer.AsMemory(0, count), _stop.Token);
        }
    }
}
