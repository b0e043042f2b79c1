using System.Diagnostics;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// Ends every child process when the test process dies, however it dies. A shell waits at the other end of a pipe; the kernel closes
/// the pipe with the test process, and the shell kills whatever was added and not yet dropped.
/// (The kernel's own parent-death signal will not do: it follows the thread that started the child, and pool threads come and go.)
/// </summary>
internal static class OrphanGuard
{
    private const string Script = """
        exec >/dev/null 2>&1
        trap '' INT TERM HUP
        pids=
        while read -r verb pid; do
          case $verb in
            add) pids="$pids $pid" ;;
            drop) kept=; for p in $pids; do [ "$p" = "$pid" ] || kept="$kept $p"; done; pids=$kept ;;
          esac
        done
        [ -z "$pids" ] || kill -9 $pids
        """;

    private static readonly Lock Gate = new();
    private static readonly Process Shell = Process.Start(
        new ProcessStartInfo("/bin/sh", ["-c", Script]) { RedirectStandardInput = true, UseShellExecute = false }
    )!;

    public static void Add(int pid) => Tell($"add {pid}");

    public static void Drop(int pid) => Tell($"drop {pid}");

    private static void Tell(string line)
    {
        lock (Gate)
        {
            Shell.StandardInput.WriteLine(line);
            Shell.StandardInput.Flush();
        }
    }
}
