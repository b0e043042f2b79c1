using System.Text.Json;
using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>Floods of recipients, 95 of 100 of them refused.</summary>
[Collection(HostileCollection.Name)]
public sealed class BackscatterTests
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(Scale.Of(3, 60));

    // What a minute may add to the resident memory: the garbage collector's and the database's caches, no more.
    private static readonly double Drift = Scale.Of(96, 24) * Scale.MiB;

    [Fact]
    public async Task Sessions_that_hang_up_before_they_are_slowed_cost_no_memory()
    {
        // What an error costs is cut down where there is no time for it; how many are suffered is as always.
        await using var server = await BounceMxProcess.StartAsync(Setup(("Smtp__ErrorDelay", Scale.Of("00:00:00.1", "00:00:01"))));

        await FloodAsync(server, flood => Task.WhenAll(flood.HitAndRunAsync(10), flood.InsistAsync(200)));
    }

    [Fact]
    public async Task Sessions_without_limits_cost_no_memory()
    {
        await using var server = await BounceMxProcess.StartAsync(
            Setup(("Smtp__SoftErrorLimit", "1000000"), ("Smtp__HardErrorLimit", "1000000"), ("Smtp__MaxMessages", "1000000"))
        );

        await FloodAsync(server, flood => flood.FloodAsync(10));
    }

    private static ServerSetup Setup(params (string Key, string Value)[] settings) =>
        new() { Domains = [BounceAddress.Domain], Environment = settings.ToDictionary(setting => setting.Key, setting => setting.Value) };

    private static async Task FloodAsync(BounceMxProcess server, Func<Backscatter, Task> run)
    {
        await server.WarmUpAsync();
        // At the rate of what is measured: caches, and the garbage collector's share, follow the rate.
        await run(new Backscatter("before", server.SmtpPort, Duration / 6));

        var flood = new Backscatter("flood", server.SmtpPort, Duration);
        var memory = new MemoryWatch(server);
        await using (memory)
            await run(flood);
        await server.WaitUntilIdleAsync();

        (double first, double last) = (memory.MeanOfThird(0), memory.MeanOfThird(2));
        Scale.Report($"{flood}; {first / Scale.MiB:F1} MiB in the first third, {last / Scale.MiB:F1} MiB in the last");
        flood.Refused.ShouldBeGreaterThanOrEqualTo(19L * flood.Acknowledged.Count);
        flood.Acknowledged.ShouldNotBeEmpty();
        (last - first).ShouldBeLessThan(Drift);
        string[] published = [.. PublishedIn(server).Where(recipient => recipient.StartsWith("flood.", StringComparison.Ordinal))];
        flood.Acknowledged.Except(published, StringComparer.Ordinal).ShouldBeEmpty();
        published.Length.ShouldBe(flood.Acknowledged.Count);
    }

    // Recipients of all events: line by line, as there may be some hundred thousand.
    private static IEnumerable<string> PublishedIn(BounceMxProcess server)
    {
        foreach (
            var line in Directory.EnumerateFiles(Path.Combine(server.DataFolder, "journal"), "????-??-??*.jsonl").SelectMany(File.ReadLines)
        )
        {
            using var bounce = JsonDocument.Parse(line);
            yield return bounce.RootElement.GetProperty("recipient").GetString()!;
        }
    }
}
