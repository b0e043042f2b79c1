namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>A real redis-server on a loopback port of its own, with a folder of its own.</summary>
internal sealed class RedisProcess : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string? _password;
    private ChildProcess? _process;

    private RedisProcess(string? password) => _password = password;

    public int Port { get; } = Loopback.FreePort();

    /// <summary>The folder that it keeps its files in.</summary>
    public string Folder => _folder.Path;

    public bool HasExited => _process!.HasExited;

    /// <summary>What <c>--redis</c> takes, the password not included.</summary>
    public string Address => $"127.0.0.1:{Port}";

    public static async Task<RedisProcess> StartAsync(string? password = null)
    {
        Requires.Program("redis-server");
        var redis = new RedisProcess(password);
        try
        {
            await redis.StartAgainAsync();
            return redis;
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts it on what it had on disk: with <c>appendfsync always</c>, everything that it had answered for.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments =
        [
            .. (string[])["--port", $"{Port}", "--bind", "127.0.0.1", "--dir", _folder.Path, "--daemonize", "no"],
            .. (string[])["--save", "", "--appendonly", "yes", "--appendfsync", "always"],
            .. _password is null ? (string[])[] : ["--requirepass", _password],
        ];
        _process = ChildProcess.Start("redis-server", arguments);
        await Eventually.TrueAsync("redis-server", IsReadyAsync, () => _process.StandardOutput.Tail());
    }

    public async Task KillAsync()
    {
        _process!.Send(Signal.Kill);
        await _process.ExitAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Stops it in mid-thought: connections stay open and nothing answers.</summary>
    public void Freeze() => _process!.Send(Signal.Stop);

    public void Thaw() => _process!.Send(Signal.Continue);

    public async Task<object?> ExecuteAsync(params string[] command)
    {
        using var connection = await RedisConnection.ConnectAsync(Port, _password);
        return await connection.ExecuteAsync(command);
    }

    /// <summary>Executes commands over one connection, which stays let in, whatever becomes of the password.</summary>
    public async Task ExecuteAllAsync(params string[][] commands)
    {
        using var connection = await RedisConnection.ConnectAsync(Port, _password);
        foreach (var command in commands)
            await connection.ExecuteAsync(command);
    }

    /// <summary>Every entry of a stream, oldest first: its fields by their names.</summary>
    public async Task<IReadOnlyList<IReadOnlyDictionary<string, string>>> ReadStreamAsync(string key) =>
        [.. (await ReadStreamAsync(key, after: "0-0")).Select(entry => entry.Fields)];

    /// <summary>The entries of a stream behind one of them, oldest first, with their ids.</summary>
    public async Task<IReadOnlyList<(string Id, IReadOnlyDictionary<string, string> Fields)>> ReadStreamAsync(string key, string after)
    {
        var events = new List<(string, IReadOnlyDictionary<string, string>)>();
        using var connection = await RedisConnection.ConnectAsync(Port, _password);
        for (var start = $"({after}"; ; )
        {
            var page = (object?[])(await connection.ExecuteAsync("XRANGE", key, start, "+", "COUNT", "1000"))!;
            foreach (var entry in page.Cast<object[]>())
            {
                events.Add(
                    ((string)entry[0], ((object[])entry[1]).Chunk(2).ToDictionary(pair => (string)pair[0], pair => (string)pair[1]))
                );
                start = $"({entry[0]}";
            }

            if (page.Length == 0)
                return events;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _folder.Dispose();
    }

    private async Task<bool> IsReadyAsync()
    {
        try
        {
            return await ExecuteAsync("PING") is "PONG";
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException or InvalidOperationException)
        {
            // Not listening yet, or still loading what it has on disk.
            return false;
        }
    }
}
