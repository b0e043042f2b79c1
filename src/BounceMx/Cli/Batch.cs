using System.Text;
using BounceMx.Publishing;

namespace BounceMx.Cli;

/// <summary>Standard input and output for what goes through in masses: UTF-8, in large pieces.</summary>
internal static class Batch
{
    private const int BufferSize = 64 * 1024;

    // What is told of a line: enough to know it by.
    private const int MaxShown = 200;

    /// <summary>Standard input; what is not UTF-8 is read as U+FFFD.</summary>
    public static TextReader OpenInput() => new StreamReader(Console.OpenStandardInput(), Encoding.UTF8, true, BufferSize);

    /// <summary>Text from outside as it may be written to standard output: safe to show where that is a terminal, else as it is.</summary>
    public static string Show(string text) => Console.IsOutputRedirected ? text : TerminalText.Clean(text);

    /// <summary>Does what writes to standard output. Where it cannot be written, on a full disk for one, that is told in a line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(Func<TextWriter, int> write)
    {
        try
        {
            using TextWriter output = OpenOutput();
            return write(output);
        }
        catch (IOException e)
        {
            return BounceMxCommand.Fail($"broken off: {e.Message}", BounceMxCommand.InternalFault);
        }
    }

    /// <summary>Tells on standard error what is wrong with a line of standard input.</summary>
    public static void Tell(long line, string problem)
    {
        string shown = problem.Length <= MaxShown ? problem : $"{problem.AsSpan(0, MaxShown)}…";
        Console.Error.WriteLine($"bouncemx: line {line}: {TerminalText.Clean(shown)}");
    }

    // A terminal gets each line at once.
    private static StreamWriter OpenOutput()
    {
        var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), BufferSize)
        {
            NewLine = "\n",
        };
        if (Console.IsOutputRedirected)
            return output;
        output.AutoFlush = true;
        return output;
    }
}
