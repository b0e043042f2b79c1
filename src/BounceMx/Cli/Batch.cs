using System.Text;
using BounceMx.Publishing;

namespace BounceMx.Cli;

/// <summary>Standard input and output for what goes through in masses: UTF-8, in large pieces.</summary>
internal static class Batch
{
    private const int BufferSize = 64 * 1024;

    /// <summary>Standard input; what is not UTF-8 is read as U+FFFD.</summary>
    public static TextReader OpenInput() => new StreamReader(Console.OpenStandardInput(), Encoding.UTF8, true, BufferSize);

    /// <summary>Text from outside as it may be written to standard output: safe to show where that is a terminal, else as it is.</summary>
    public static string Show(string text) => Console.IsOutputRedirected ? text : TerminalText.Clean(text);

    /// <summary>Standard output; a terminal gets each line at once.</summary>
    public static TextWriter OpenOutput()
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
