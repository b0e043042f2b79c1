using System.Diagnostics;
using System.Globalization;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>
/// Hostile clients without number. BOUNCEMX_FUZZ says for how long (seconds, or hh:mm:ss; ten seconds each when it is not set, then always
/// the same dialogues), BOUNCEMX_FUZZ_SEED where to begin. What fails is made smaller and printed with its seed.
/// </summary>
[Collection(nameof(FuzzTests))]
[CollectionDefinition(nameof(FuzzTests), DisableParallelization = true)]
public sealed class FuzzTests(ITestOutputHelper output)
{
    // What may be alive at the end beyond what was at the beginning: pools, caches, the test framework. No other test runs beside these.
    private const long MaxGrowth = 32 * 1024 * 1024;

    private const int MaxAttempts = 2000;

    private readonly FuzzPlayer _player = new();

    [Fact]
    public Task Nothing_gives_way_in_random_dialogues() => FuzzAsync(RandomDialogues.Next);

    [Fact]
    public Task Nothing_gives_way_in_mutated_dialogues() => FuzzAsync(MutatedDialogues.Next);

    private async Task FuzzAsync(Func<Random, FuzzDialogue> next)
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
            if (await FailureAsync(dialogue) is { } failure)
                Assert.Fail($"Seed {seed}: {failure}\n{await ShrinkAsync(dialogue)}");
        }
        long growth = GC.GetTotalMemory(forceFullCollection: true) - alive;
        output.WriteLine($"{count} dialogues from seed {first} on; {growth / 1024} KiB more are alive than before.");
        growth.ShouldBeLessThan(MaxGrowth);
    }

    private async Task<string?> FailureAsync(FuzzDialogue dialogue)
    {
        try
        {
            await _player.PlayAsync(dialogue);
            return null;
        }
        catch (Exception exception)
        {
            return exception is FuzzException ? exception.Message : exception.ToString();
        }
    }

    // Leaves out actions, then octets, in ever smaller groups, as long as it still fails.
    private async Task<FuzzDialogue> ShrinkAsync(FuzzDialogue dialogue)
    {
        int attempts = MaxAttempts;
        dialogue = dialogue with { Actions = await SmallerAsync(dialogue.Actions, actions => dialogue with { Actions = actions }) };
        for (int i = 0; i < dialogue.Actions.Count; i++)
        {
            IReadOnlyList<char> octets = await SmallerAsync([.. dialogue.Actions[i].Octets], octets => With(i, octets));
            dialogue = With(i, octets);
        }
        return dialogue;

        FuzzDialogue With(int action, IReadOnlyList<char> octets)
        {
            FuzzAction[] actions = [.. dialogue.Actions];
            actions[action] = actions[action] with { Octets = string.Concat(octets) };
            return dialogue with { Actions = actions };
        }

        async Task<IReadOnlyList<T>> SmallerAsync<T>(IReadOnlyList<T> all, Func<IReadOnlyList<T>, FuzzDialogue> dialogueOf)
        {
            for (int size = all.Count / 2; size > 0; size /= 2)
            {
                for (int at = 0; at + size <= all.Count; )
                {
                    T[] candidate = [.. all.Take(at), .. all.Skip(at + size)];
                    if (--attempts > 0 && await FailureAsync(dialogueOf(candidate)) is not null)
                        all = candidate;
                    else
                        at += size;
                }
            }
            return all;
        }
    }
}
