using System.Globalization;
using BenchmarkDotNet.Running;

namespace BounceMx.Benchmarks;

internal static class Program
{
    private const int DefaultRounds = 30;

    private static void Main(string[] args)
    {
        if (args is ["throughput", .. var rest])
            Throughput.Run(rest is [var rounds] ? int.Parse(rounds, CultureInfo.InvariantCulture) : DefaultRounds);
        else if (args is ["bombs"])
            BombTable.Run();
        else
            BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    }
}
