using BounceMx.Publishing;
using Spectre.Console;

namespace BounceMx.Tests.Cli;

/// <summary>Standard output as a program sees it.</summary>
internal static class Consoles
{
    public static IAnsiConsole Plain(TextWriter text)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(new TrimmingWriter(text)),
                Ansi = AnsiSupport.No,
                ColorSystem = ColorSystemSupport.NoColors,
            }
        );
        console.Profile.Width = 10_000;
        return console;
    }
}
