using System.Net;
using System.Net.Sockets;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>What becomes of some octets of Redis' replies.</summary>
internal enum ReplyFate
{
    /// <summary>They pass.</summary>
    Pass,

    /// <summary>They are dropped; the connection stays.</summary>
    Drop,

    /// <summary>Half of them pass, then the connection is cut.</summary>
    Cut,
}

/// <summary>
/// Stands between the server and Redis. Commands pass; the replies, as they come in from the network, meet the fate that a test decides. So
/// what Redis has done is not what the server has heard of.
/// </summary>
internal sealed class RedisProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, Loopback.FreePort());
    private readonly int _redisPort;
    private readonly Task _accepting;
    private readonly Lock _gate = new();
    private readonly List<TcpClient> _connections = [];
    private volatile Judge _judge = PassAll;

    public RedisProxy(int redisPort)
    {
        _redisPort = redisPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Decides on some replies; any thread may call it.</summary>
    public delegate ReplyFate Judge(ReadOnlySpan<byte> replies);

    /// <summary>What <c>--redis</c> takes.</summary>
    public string Address => $"{_listener.LocalEndpoint}";

    /// <summary>From now on replies are judged so.</summary>
    public void Use(Judge judge) => _judge = judge;

    /// <summary>From now on replies pass.</summary>
    public void Heal() => _judge = PassAll;

    /// <summary>Cuts all connections.</summary>
    public void CutAll()
    {
        lock (_gate)
        {
            _connections.ForEach(connection => connection.Dispose());
            _connections.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        CutAll();
        await _accepting;
    }

    private static ReplyFate PassAll(ReadOnlySpan<byte> replies) => ReplyFate.Pass;

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                var server = await _listener.AcceptTcpClientAsync();
                _ = Task.Run(() => ServeAsync(server));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient server)
    {
        using var redis = new TcpClient { NoDelay = true };
        server.NoDelay = true;
        lock (_gate)
            _connections.AddRange([server, redis]);
        try
        {
            await redis.ConnectAsync(IPAddress.Loopback, _redisPort);
            await Task.WhenAny(server.GetStream().CopyToAsync(redis.GetStream()), JudgeAsync(redis.GetStream(), server.GetStream()));
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // One end is gone; the other is to notice.
        }
        server.Dispose();
    }

    private async Task JudgeAsync(NetworkStream redis, NetworkStream server)
    {
        var buffer = new byte[16 * 1024];
        for (int count; (count = await redis.ReadAsync(buffer)) > 0; )
        {
            var fate = _judge(buffer.AsSpan(0, count));
            if (fate != ReplyFate.Drop)
                await server.WriteAsync(buffer.AsMemory(0, fate == ReplyFate.Cut ? count / 2 : count));
            if (fate == ReplyFate.Cut)
                return;
        }
    }
}
