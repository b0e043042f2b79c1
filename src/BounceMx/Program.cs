using BounceMx.Cli;

namespace BounceMx;

internal static class Program
{
    private static Task<int> Main(string[] args) => BounceMxCommand.RunAsync(args);
}
