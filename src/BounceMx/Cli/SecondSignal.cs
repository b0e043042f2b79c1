using System.Runtime.InteropServices;

namespace BounceMx.Cli;

/// <summary>
/// The first signal of a kind is the host's, which drains; as long as the host does not listen for it yet, it is the system's, and ends the process
/// (exit code 143 or 130), as there is nothing to drain. The second ends the process at once, as nothing that got its 250 needs the rest:
/// whoever sends it twice does not want to wait. The exit code is the shell's for a signal, 128 and its number.
/// </summary>
internal sealed class SecondSignal : IDisposable
{
    private readonly PosixSignalRegistration _registration;
    private int _received;

    /// <summary>Begins to count.</summary>
    /// <param name="signal">SIGINT or SIGTERM.</param>
    public SecondSignal(PosixSignal signal)
    {
        int exitCode = signal == PosixSignal.SIGINT ? 130 : 143;
        _registration = PosixSignalRegistration.Create(
            signal,
            _ =>
            {
                // Whether it is cancelled is the host's to say: who did it here would lose a signal that comes before the host listens.
                if (Interlocked.Increment(ref _received) > 1)
                    Environment.Exit(exitCode);
            }
        );
    }

    /// <inheritdoc/>
    public void Dispose() => _registration.Dispose();
}
