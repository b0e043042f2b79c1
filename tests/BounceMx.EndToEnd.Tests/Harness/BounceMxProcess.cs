using System.Net;
using System.Text.Json.Nodes;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>How a server is to be started; the ports and the data folder come from the harness.</summary>
internal sealed record ServerSetup
{
    /// <summary>The value of <c>--redis</c>; <c>null</c>: no stream.</summary>
    public string? Redis { get; init; }

    /// <summary>The values of <c>--domain</c>; empty: any domain.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>What else stands on the command line.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>The size of a file system of its own for the data folder, in MiB; <c>null</c>: that of the tests.</summary>
    public int? DataFileSystemMiB { get; init; }
}

/// <summary>
/// The real program on free loopback ports and a data folder of its own. It can be killed, drained and started again on what it left
/// on disk. The program under test is the one that the build put beside the test assembly.
/// </summary>
internal sealed class BounceMxProcess : IAsyncDisposable
{
    private static readonly HttpClient Http = new();
    private readonly TemporaryFolder _folder = new();
    private readonly ServerSetup _setup;
    private ChildProcess? _process;

    private BounceMxProcess(ServerSetup setup)
    {
        _setup = setup;
        Directory.CreateDirectory(DataFolder);
    }

    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "bouncemx");

    public int SmtpPort { get; } = Loopback.FreePort();

    public int AdminPort { get; } = Loopback.FreePort();

    public string DataFolder => _folder.File("data");

    /// <summary>The data folder as seen from here, where the server has a file system of its own.</summary>
    public string MountedDataFolder => $"/proc/{_process!.Id}/root{DataFolder}";

    public int Id => _process!.Id;

    public OutputLines StandardOutput => _process!.StandardOutput;

    public OutputLines StandardError => _process!.StandardError;

    public bool HasExited => _process!.HasExited;

    /// <summary>Starts a server and waits until it listens.</summary>
    public static async Task<BounceMxProcess> StartAsync(ServerSetup? setup = null)
    {
        var server = new BounceMxProcess(setup ?? new ServerSetup());
        try
        {
            await server.StartAgainAsync();
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a verb to its end, in a folder without any configuration.</summary>
    public static async Task<(int ExitCode, ChildProcess Process)> RunAsync(
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        using var folder = new TemporaryFolder();
        return await ChildProcess.RunAsync(Program, arguments, environment, folder.Path);
    }

    /// <summary>Starts it on the data that it had before.</summary>
    public async Task StartAgainAsync()
    {
        string[] arguments =
        [
            .. (string[])["serve", "--smtp", $"127.0.0.1:{SmtpPort}", "--admin", $"127.0.0.1:{AdminPort}", "--data", DataFolder],
            .. _setup.Redis is null ? (string[])[] : ["--redis", _setup.Redis],
            .. _setup.Domains.SelectMany(domain => (string[])["--domain", domain]),
            .. _setup.Arguments,
        ];
        _process = _setup.DataFileSystemMiB is { } size
            ? ChildProcess.Start("unshare", [.. MountThenRun(size), Program, .. arguments], _setup.Environment, _folder.Path)
            : ChildProcess.Start(Program, arguments, _setup.Environment, _folder.Path);
        await ListensAsync($"SMTP listening on 127.0.0.1:{SmtpPort}");
        await ListensAsync($"Admin listening on http://127.0.0.1:{AdminPort}");
    }

    /// <summary>kill -9: no warning, no last words.</summary>
    public Task KillAsync()
    {
        Shoot();
        return GoneAsync();
    }

    /// <summary>kill -9, and no waiting for it.</summary>
    public void Shoot() => _process!.Send(Signal.Kill);

    /// <summary>Waits for an end that somebody else has brought about.</summary>
    public Task GoneAsync() => _process!.ExitAsync(TimeSpan.FromMinutes(1));

    /// <summary>Asks it to drain and waits for its end; the exit code.</summary>
    public Task<int> TerminateAsync()
    {
        _process!.Send(Signal.Terminate);
        return _process.ExitAsync(TimeSpan.FromMinutes(1));
    }

    /// <summary>Delivers one message over a connection of its own.</summary>
    public async Task<Reply> DeliverAsync(string recipient, string message)
    {
        using var client = await SmtpClient.ConnectAsync(SmtpPort, TestContext.Current.CancellationToken);
        return await client.DeliverAsync(recipient, message, TestContext.Current.CancellationToken);
    }

    /// <summary>Every event that the journal holds, oldest first. A last line that is still being written is left out.</summary>
    public IReadOnlyList<JsonObject> ReadJournal() =>
        [.. JournalFiles().SelectMany(file => File.ReadAllText(file).Split('\n')[..^1]).Select(line => JsonNode.Parse(line)!.AsObject())];

    /// <summary>The files of the journal, oldest first.</summary>
    public IReadOnlyList<string> JournalFiles()
    {
        var folder = Path.Combine(_setup.DataFileSystemMiB is null ? DataFolder : MountedDataFolder, "journal");
        return Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>Waits for the one event in the journal that was received at a bounce address.</summary>
    public Task<JsonObject> JournalledAsync(string bounceAddress) =>
        Eventually.GetAsync(
            $"the event of {bounceAddress} in the journal",
            () => ReadJournal().SingleOrDefault(e => (string?)e["bounce_address"] == bounceAddress),
            () => StandardError.Tail()
        );

    public async Task<(HttpStatusCode Code, string Body)> GetAsync(string path)
    {
        using var response = await Http.GetAsync(new Uri($"http://127.0.0.1:{AdminPort}{path}"));
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task<JsonObject> StatusAsync() => JsonNode.Parse((await GetAsync("/status")).Body)!.AsObject();

    /// <summary>Waits until every stored message is read and every sink has every event.</summary>
    public Task WaitUntilIdleAsync()
    {
        // What was read before may not know of the last message.
        DateTimeOffset asked = TimeProvider.System.GetUtcNow();
        return Eventually.TrueAsync(
            "the server to have published everything",
            async () =>
            {
                var status = await StatusAsync();
                return (DateTimeOffset)status["read_at"]! >= asked
                    && (long?)status["spool"]?["unread"] == 0
                    && status["sinks"]!.AsArray().All(sink => (long)sink!["lag"]! == 0);
            },
            () => StandardError.Tail()
        );
    }

    /// <summary>Waits for a line of the log that holds one of some words, in any case.</summary>
    public Task<string> LoggedAsync(params string[] words) =>
        Eventually.GetAsync(
            $"a log line with {string.Join(" or ", words)}",
            () => StandardError.All.FirstOrDefault(line => words.Any(word => line.Contains(word, StringComparison.OrdinalIgnoreCase))),
            () => StandardError.Tail()
        );

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"The server's last words:\n{StandardError.Tail()}");
        }

        _folder.Dispose();
    }

    /// <summary>
    /// A mount namespace whose only inhabitant is the server: its file system goes when it goes, whatever becomes of the tests.
    /// Every step replaces its process by the next, so that the id stays the server's.
    /// </summary>
    private string[] MountThenRun(int mebibytes) =>
        [.. UnshareWithMount($"mount -t tmpfs -o size={mebibytes}m tmpfs '{DataFolder}' && exec \"$@\""), "sh"];

    /// <summary>The arguments of unshare(1) for a shell command that may mount.</summary>
    public static string[] UnshareWithMount(string command) => ["--map-root-user", "--mount", "sh", "-c", command];

    private Task ListensAsync(string line) =>
        Eventually.TrueAsync(
            line,
            () =>
            {
                if (_process!.HasExited)
                    throw new InvalidOperationException($"bouncemx ended instead of listening.\n{StandardError.Tail()}");
                return StandardOutput.All.Contains(line);
            },
            () => StandardError.Tail()
        );
}
