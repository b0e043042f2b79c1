using System.CommandLine;
using BounceMx.Hosting;
using BounceMx.Mail.Classification;
using BounceMx.Publishing;
using BounceMx.Storage;

namespace BounceMx.Cli;

/// <summary>The command line: each verb's file holds its options and what it does. Without a verb the program serves.</summary>
internal static class BounceMxCommand
{
    /// <summary>Exit code for wrong usage, input or configuration.</summary>
    public const int WrongUsage = 2;

    /// <summary>Exit code for a fault of ours.</summary>
    public const int InternalFault = 1;

    /// <summary>Runs the program; the result is its exit code.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("Receives bounces by SMTP, reads them, and publishes one event per recipient.")
        {
            AnalyzeCommand.Create(),
            RulesCommand.Create(),
            EventsCommand.Create(),
            RecoverCommand.Create(),
            ReplayCommand.Create(),
            VerpCommand.Create(),
            ConfigCommand.Create(),
        };
        Command serve = ServeCommand.Create();
        root.Add(serve);
        ParseResult result = root.Parse(IsVerbless(args) ? [serve.Name, .. args] : args);
        if (result.Errors.Count > 0)
            return Fail($"{string.Join(' ', result.Errors.Select(error => error.Message))} See bouncemx --help.", WrongUsage);
        try
        {
            return await result.InvokeAsync(
                new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null }
            );
        }
        catch (Exception e) when (e is UsageException or RuleFormatException)
        {
            return Fail(e.Message, WrongUsage);
        }
        catch (DamagedDatabaseException e)
        {
            return Fail(e.Message, InternalFault);
        }
#pragma warning disable CA1031 // the last place where a fault can still be told
        catch (Exception e)
#pragma warning restore CA1031
        {
            return Fail($"internal fault: {e}", InternalFault);
        }
    }

    // "bouncemx" and "bouncemx --data DIR" serve; "bouncemx --help" and "bouncemx --version" are about the program.
    private static bool IsVerbless(string[] args) =>
        args.Length == 0 || (args[0].StartsWith('-') && args[0] is not ("--help" or "-h" or "-?" or "--version"));

    /// <summary>Tells on standard error, in a line, why the program ends; the result is its exit code.</summary>
    public static int Fail(string message, int exitCode)
    {
        Console.Error.WriteLine($"bouncemx: {TerminalText.Clean(message)}");
        return exitCode;
    }
}
