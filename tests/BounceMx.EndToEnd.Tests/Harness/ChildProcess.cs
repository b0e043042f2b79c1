using System.Diagnostics;
using System.Runtime.InteropServices;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Linux's numbers of the signals that the tests send (signal(7)).</summary>
internal enum Signal
{
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

/// <summary>A real process: its output is kept line by line, it is signalled by its id, and it never outlives the tests.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    public OutputLines StandardOutput { get; } = new();

    public OutputLines StandardError { get; } = new();

    /// <summary>Starts a program.</summary>
    /// <param name="program">A path, or a name that PATH knows.</param>
    /// <param name="arguments">One string each; no shell sees them.</param>
    /// <param name="environment">Added to the environment of the tests.</param>
    /// <param name="workingDirectory"><c>null</c>: that of the tests.</param>
    /// <param name="standardInput">What the process reads; <c>null</c>: nothing.</param>
    public static ChildProcess Start(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        string? standardInput = null
    )
    {
        var info = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            WorkingDirectory = workingDirectory ?? "",
        };
        // An apphost finds a runtime outside /usr/share/dotnet by this variable only.
        info.Environment.TryAdd("DOTNET_ROOT", Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../..")));
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            info.Environment[name] = value;

        var child = new ChildProcess(new Process { StartInfo = info });
        child._process.OutputDataReceived += (_, e) => child.StandardOutput.Add(e.Data);
        child._process.ErrorDataReceived += (_, e) => child.StandardError.Add(e.Data);
        child._process.Start();
        OrphanGuard.Add(child.Id);
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        child._process.StandardInput.Write(standardInput);
        child._process.StandardInput.Close();
        return child;
    }

    /// <summary>Runs a program to its end; its exit code.</summary>
    public static async Task<(int ExitCode, ChildProcess Process)> RunAsync(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null,
        string? workingDirectory = null,
        string? standardInput = null
    )
    {
        await using var child = Start(program, arguments, environment, workingDirectory, standardInput);
        return (await child.ExitAsync(TimeSpan.FromMinutes(3)), child);
    }

    public void Send(Signal signal)
    {
        // After its end the id may be somebody else's.
        if (!_process.HasExited)
            _ = Kill(_process.Id, (int)signal);
    }

    /// <summary>Waits for the end and for the last of the output; the exit code.</summary>
    public async Task<int> ExitAsync(TimeSpan limit)
    {
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{_process.StartInfo.FileName} still runs after {limit}.\n{StandardError.Tail()}", e);
        }

        OrphanGuard.Drop(Id);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Send(Signal.Kill);
        await ExitAsync(TimeSpan.FromSeconds(30));
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int pid, int signal);
}
