using System.Net;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// A real MTA as the sender, from its unpacked Debian package. It takes mail on a loopback port and knows a route to each domain of a
/// test, to loopback, and no other; it has no DNS.
/// </summary>
/// <remarks>
/// It runs in mount and process namespaces of its own: <c>/mnt</c> is the package, <c>/srv</c> its state in memory, and its users stand in an
/// <c>/etc/passwd</c> that only it sees. Nothing of the machine changes, and with the one process that the tests know of, all end.
/// </remarks>
internal abstract class Mta : IAsyncDisposable
{
    public const string HostName = "mta.sender.test";

    private const string Script = """
        set -e
        mount --bind "$1" /mnt
        mount -t tmpfs -o mode=755 tmpfs /srv
        cp -r "$2/." /srv
        shift 2
        for file in /srv/etc/*; do mount --bind "$file" "/etc/${file##*/}"; done
        . /srv/prepare
        "$@"
        """;

    private readonly TemporaryFolder _files = new();
    private ChildProcess? _process;

    /// <summary>Where it takes mail.</summary>
    public int Port { get; } = Loopback.FreePort();

    /// <summary>Everything that it logged so far.</summary>
    public string Log => $"{_process!.StandardOutput}\n{_process.StandardError}";

    /// <summary>The Debian package.</summary>
    protected abstract string Package { get; }

    /// <summary>The users that it switches to, each with a group of its name.</summary>
    protected abstract IReadOnlyList<string> Users { get; }

    /// <summary>What the shell does before the start, as root.</summary>
    protected abstract string Preparation { get; }

    /// <summary>Program and arguments; it stays in the foreground and logs to standard output or error.</summary>
    protected abstract IReadOnlyList<string> Command { get; }

    /// <summary>Its configuration: file names below <c>/srv</c>, and their contents.</summary>
    protected abstract IReadOnlyDictionary<string, string> Configure(IReadOnlyDictionary<string, IPEndPoint> routes);

    /// <summary>Starts one and waits until it takes mail; skips the test where that cannot be.</summary>
    /// <param name="routes">Recipient domains, and where their MX listens.</param>
    public static async Task<Mta> StartAsync<T>(IReadOnlyDictionary<string, IPEndPoint> routes)
        where T : Mta, new()
    {
        var mta = new T();
        var package = Requires.Sender(mta.Package);
        await Requires.PrivateMountsAsync();
        try
        {
            await mta.StartAsync(package, routes);
            return mta;
        }
        catch
        {
            await mta.DisposeAsync();
            throw;
        }
    }

    /// <summary>Sends a message through it, from a bounce address.</summary>
    /// <param name="bounceAddress">The envelope sender.</param>
    /// <param name="recipient">The envelope recipient.</param>
    /// <param name="notify">What the sender wants to hear of (RFC 3461 section 4.1), where the MTA takes that; <c>null</c>: failures, and what it likes.</param>
    /// <param name="mailParameter">A parameter of MAIL.</param>
    public async Task SubmitAsync(string bounceAddress, string recipient, string? notify = null, string? mailParameter = null)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var client = await SmtpClient.ConnectAsync(Port, cancellationToken);
        string[] commands =
        [
            $"MAIL FROM:<{bounceAddress}> {mailParameter}".TrimEnd(),
            $"RCPT TO:<{recipient}>{(notify is null ? "" : $" NOTIFY={notify}")}",
            "DATA",
            $"From: <news@sender.test>\r\nTo: <{recipient}>\r\nSubject: Our news\r\nMessage-ID: <{recipient}>\r\n\r\nHere is what is new.\r\n.",
        ];
        foreach (var command in commands)
            (await client.CommandAsync(command, cancellationToken)).Code.ShouldBeLessThan(400, Log);
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{GetType().Name} said:\n{Log}");
        }

        _files.Dispose();
    }

    /// <summary>The name of a domain's MX, which its hosts file knows.</summary>
    protected static string MxOf(string domain) => $"mx.{domain}";

    private async Task StartAsync(string package, IReadOnlyDictionary<string, IPEndPoint> routes)
    {
        foreach (var (name, content) in Configure(routes).Concat(SystemFiles(routes)).Append(new("prepare", Preparation)))
            _files.Write(name, content);
        _process = ChildProcess.Start(
            "unshare",
            ["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", Script, "sh", package, _files.Path, .. Command]
        );
        await Eventually.TrueAsync($"{GetType().Name} to take mail", TakesMailAsync, () => Log);
    }

    private IEnumerable<KeyValuePair<string, string>> SystemFiles(IReadOnlyDictionary<string, IPEndPoint> routes)
    {
        const int FirstId = 900;
        var users = Users.Select((user, i) => $"{user}:x:{FirstId + i}:{FirstId + i}::/:/usr/sbin/nologin\n");
        var groups = Users.Select((user, i) => $"{user}:x:{FirstId + i}:\n");
        yield return new("etc/passwd", File.ReadAllText("/etc/passwd") + string.Concat(users));
        yield return new("etc/group", File.ReadAllText("/etc/group") + string.Concat(groups));
        yield return new(
            "etc/hosts",
            $"127.0.0.1 localhost {HostName}\n{string.Concat(routes.Select(r => $"{r.Value.Address} {MxOf(r.Key)}\n"))}"
        );
        yield return new("etc/resolv.conf", "nameserver 127.0.0.1\n");
    }

    private async Task<bool> TakesMailAsync()
    {
        if (_process!.HasExited)
            throw new InvalidOperationException($"{GetType().Name} ended instead of taking mail.\n{Log}");
        try
        {
            using var client = await SmtpClient.ConnectAsync(Port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (Exception e) when (e is IOException or System.Net.Sockets.SocketException)
        {
            // Not listening yet.
            return false;
        }
    }
}
