using System.Globalization;
using System.Diagnostics;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>
/// Hostile clients without number. BOUNCEMX_FUZZ says for how long (seconds, or hh:mm:ss; ten seconds each when it is not set, then always
/// the same dialogues), BOUNCEMX_FUZZ_SEED where to begin. What fails is made smaller and printed with its seed.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    // What may be alive at the end beyond what was at the beginning: pools, caches, the test framework.
    private const long MaxGrowth = 32 * 1024 * 1024;

    private const int MaxAttempts = 2000;

    [Fact]
    public void Nothing_gives_way_in_random_dialogues() => Fuzz(RandomDialogues.Next);

    [Fact]
    public void Nothing_gives_way_in_mutated_dialogues() => Fuzz(MutatedDialogues.Next);

    private void Fuzz(Func<Random, FuzzDialogue> next)
    {
        string? limit = Environment.GetEnvironmentVariable("BOUNCEMX_FUZZ");
        string? begin = Environment.GetEnvironmentVariable("BOUNCEMX_FUZZ_SEED");
        int first =
            begin is { Length: > 0 } ? int.Parse(begin, CultureInfo.InvariantCulture)
            : limit is { Length: > 0 } ? Random.Shared.Next()
            : 0;
        TimeSpan duration =
            limit is not { Length: > 0 } ? TimeSpan.FromSeconds(10)
            : int.TryParse(limit, CultureInfo.InvariantCulture, out int seconds) ? TimeSpan.FromSeconds(seconds)
            : TimeSpan.Parse(limit, CultureInfo.InvariantCulture);

        long alive = GC.GetTotalMemory(forceFullCollection: true);
        var clock = Stopwatch.StartNew();
        int count = 0;
        for (; clock.Elapsed < duration; count++)
        {
            int seed = unchecked(first + count);
            FuzzDialogue dialogue = next(new Random(seed));
            if (Failure(dialogue) is { } failure)
                Assert.Fail($"Seed {seed}: {failure}\n{Shrink(dialogue)}");
        }
        long growth = GC.GetTotalMemory(forceFullCollection: true) - alive;
        output.WriteLine($"{count} dialogues from seed {first} on; {growth / 1024} KiB more are alive than before.");
        growth.ShouldBeLessThan(MaxGrowth);
    }

    private static string? Failure(FuzzDialogue dialogue)
    {
        try
        {
            FuzzPlayer.Play(dialogue);
            return null;
        }
        catch (Exception exception)
        {
            return exception is FuzzException ? exception.Message : exception.ToString();
        }
    }

    // Leaves out actions, then octets, in ever smaller groups, as long as it still fails.
    private static FuzzDialogue Shrink(FuzzDialogue dialogue)
    {
        int attempts = MaxAttempts;
        FuzzDialogue smallest = dialogue with { Actions = Smaller(dialogue.Actions, actions => Fails(dialogue with { Actions = actions })) };
        for (int i = 0; i < smallest.Actions.Count; i++)
        {
            FuzzAction[] actions = [.. smallest.Actions];
            actions[i] = actions[i] with { Octets = string.Concat(Smaller([.. actions[i].Octets], octets => Fails(With(octets)))) };
            smallest = smallest with { Actions = actions };

            FuzzDialogue With(IReadOnlyList<char> octets)
            {
                FuzzAction[] changed = [.. smallest.Actions];
                changed[i] = changed[i] with { Octets = string.Concat(octets) };
                return smallest with { Actions = changed };
            }
        }
        return smallest;

        bool Fails(FuzzDialogue candidate) => --attempts > 0 && Failure(candidate) is not null;
    }

    private static IReadOnlyList<T> Smaller<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, bool> stillFails)
    {
        for (int size = all.Count / 2; size > 0; size /= 2)
        {
            for (int at = 0; at + size <= all.Count; )
            {
                T[] candidate = [.. all.Take(at), .. all.Skip(at + size)];
                if (stillFails(candidate))
                    all = candidate;
                else
                    at += size;
            }
        }
        return all;
    }
}
