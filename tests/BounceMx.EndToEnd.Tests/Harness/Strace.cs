namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// strace(1) on a running server: sees its system calls, and can make them fail, take long, or be the last. What it does ends with it: the
/// server is let go of and runs on.
/// </summary>
internal sealed class Strace : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly ChildProcess _process;

    private Strace(TemporaryFolder folder, ChildProcess process) => (_folder, _process) = (folder, process);

    /// <summary>What it has seen, a line a call, in order of time; complete once it was detached.</summary>
    public IReadOnlyList<string> Lines => File.ReadAllLines(_folder.File("trace"));

    /// <summary>Options that tamper with system calls.</summary>
    /// <param name="calls">Their names, separated by commas.</param>
    /// <param name="tampering">What becomes of them, as strace's <c>inject=</c> has it.</param>
    public static string[] Inject(string calls, string tampering) => ["-e", $"trace={calls}", "-e", $"inject={calls}:{tampering}"];

    /// <summary>Attaches to a server; skips the test where that is not allowed.</summary>
    /// <param name="server">It runs.</param>
    /// <param name="options">Which calls on which files, and what becomes of them.</param>
    public static async Task<Strace> AttachAsync(BounceMxProcess server, params IEnumerable<string> options)
    {
        Requires.Program("strace");
        var folder = new TemporaryFolder();
        var process = ChildProcess.Start("strace", ["-f", "-y", "-o", folder.File("trace"), .. options, "-p", $"{server.Id}"]);
        var strace = new Strace(folder, process);
        try
        {
            await Eventually.TrueAsync(
                "strace to attach",
                () => process.HasExited || process.StandardError.All.Any(line => line.Contains(" attached", StringComparison.Ordinal)),
                () => process.StandardError.Tail()
            );
            Assert.SkipWhen(
                process.HasExited && process.StandardError.ToString().Contains("not permitted", StringComparison.Ordinal),
                $"strace is not allowed here: {process.StandardError}"
            );
            return strace;
        }
        catch
        {
            await strace.DisposeAsync();
            throw;
        }
    }

    /// <summary>Lets go of the server.</summary>
    public async Task DetachAsync()
    {
        _process.Send(Signal.Terminate);
        await _process.ExitAsync(TimeSpan.FromSeconds(30));
    }

    public async ValueTask DisposeAsync()
    {
        await DetachAsync();
        await _process.DisposeAsync();
        _folder.Dispose();
    }
}
