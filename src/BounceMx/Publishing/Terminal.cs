using Spectre.Console;

namespace BounceMx.Publishing;

/// <summary>Standard output for people: colours on a terminal, plain text otherwise.</summary>
internal static class Terminal
{
    /// <summary>For tables: as wide as the terminal, or as wide as they need to be.</summary>
    public static IAnsiConsole ForTables { get; } = Create(wrap: !Console.IsOutputRedirected);

    /// <summary>For lines that are left to the terminal to wrap, so that they can be found and copied whole.</summary>
    public static IAnsiConsole ForLines { get; } = Create(wrap: false);

    private static IAnsiConsole Create(bool wrap)
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(Console.IsOutputRedirected ? new TrimmingWriter(Console.Out) : Console.Out),
                // Left alone, it takes TERM's word for it and writes escape sequences into files.
                Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
                ColorSystem = Console.IsOutputRedirected ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
            }
        );
        if (!wrap)
            console.Profile.Width = 10_000;
        return console;
    }
}
