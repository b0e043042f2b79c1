using System.Diagnostics;
using System.Globalization;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.EndToEnd.Tests.Hostile;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>Half of what the server can take, for long: memory and handles stay as they are, the data folder stays within its bound.</summary>
public sealed class SoakTests
{
    private const int Connections = 20;
    private const long RetainOctets = 1L << 30;

    // Retention counts what is in use: a quarter of the file may be free beyond it. Then there is the log, and what comes between two looks.
    private const long MostOctets = RetainOctets / 3 * 4 + (128L << 20);
    private static readonly TimeSpan Duration = Campaign.Of(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(30));
    private static readonly TimeSpan Interval = Campaign.Of(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));

    private static readonly ServerSetup Setup = new()
    {
        Environment = new Dictionary<string, string> { ["Storage__RetainOctets"] = $"{RetainOctets}", ["Redis__MaxLength"] = "200000" },
    };

    [Fact]
    public async Task Takes_half_of_its_maximum_for_long_and_does_not_grow()
    {
        using var tally = new Tally($"none: {Duration} at half of the maximum");
        await using var trial = await Trial.StartAsync(Setup, checksJournal: false);
        await trial.Server.WarmUpAsync();
        var full = trial.NewLoad();
        var clock = Stopwatch.StartNew();
        await trial.UnderAsync(full, Connections, TimeSpan.Zero, () => Task.Delay(Campaign.Of(1500, 20_000)));
        var maximum = full.Acknowledged.Count / clock.Elapsed.TotalSeconds;
        await trial.CloseAsync(null, full);

        var load = trial.NewSteadyLoad(TimeSpan.FromSeconds(2 * Connections / maximum));
        var samples = new List<Sample>();
        clock.Restart();
        await trial.UnderAsync(
            load,
            Connections,
            TimeSpan.Zero,
            async () =>
            {
                while (clock.Elapsed < Duration)
                {
                    await Task.Delay(Interval);
                    await trial.Ledger.ReadAsync();
                    samples.Add(
                        new(clock.Elapsed, trial.Server.ResidentMemory(), trial.Server.Descriptors(), Octets(trial.Server.DataFolder))
                    );
                }
            }
        );
        var rate = load.Acknowledged.Count / clock.Elapsed.TotalSeconds;
        await trial.CloseAsync(tally, load);

        // The first third warms up: code is compiled, pools and caches are filled.
        Sample[] steady = [.. samples.Skip(samples.Count / 3)];
        var slope = Slope(steady) / Scale.MiB;
        var most = samples.Max(s => s.Data);
        Campaign.Report(
            string.Create(
                CultureInfo.InvariantCulture,
                $"| soak: {rate:N0}/s of {maximum:N0}/s at most; RSS {steady[0].Memory / Scale.MiB:N0} to {steady[^1].Memory / Scale.MiB:N0} MiB, {slope:N2} MiB a minute; {steady.Min(s => s.Handles)} to {steady.Max(s => s.Handles)} handles; data folder {most / Scale.MiB:N0} MiB at most, {samples[^1].Data / Scale.MiB:N0} at the end | | | | |"
            )
        );
        load.Refusals.ShouldBeEmpty();
        steady[^1].Handles.ShouldBeLessThan(steady[0].Handles + 20);
        if (!Campaign.IsLong)
            return;
        rate.ShouldBeGreaterThan(maximum * 0.4, "messages a second");
        slope.ShouldBeLessThan(0.5, "MiB a minute");
        most.ShouldBeLessThan(MostOctets);
    }

    /// <summary>Octets a minute by which memory grows, by least squares.</summary>
    private static double Slope(IReadOnlyCollection<Sample> samples)
    {
        var (x, y) = (samples.Average(s => s.At.TotalMinutes), samples.Average(s => s.Memory));
        return samples.Sum(s => (s.At.TotalMinutes - x) * (s.Memory - y)) / samples.Sum(s => Math.Pow(s.At.TotalMinutes - x, 2));
    }

    private static long Octets(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Exists ? file.Length : 0);

    private readonly record struct Sample(TimeSpan At, long Memory, int Handles, long Data);
}
