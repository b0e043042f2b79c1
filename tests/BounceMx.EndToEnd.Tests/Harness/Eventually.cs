using System.Diagnostics;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Waits for what happens in another process. The limit is generous: it ends a test that hangs, it measures nothing.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>Asks again and again until there is a value.</summary>
    /// <param name="what">Completes the sentence "waited in vain for …".</param>
    /// <param name="probe">The value once it is there, <c>null</c> before.</param>
    /// <param name="otherwise">What to add to the message of a failure.</param>
    public static async Task<T> GetAsync<T>(string what, Func<Task<T?>> probe, Func<string>? otherwise = null)
        where T : class
    {
        for (var clock = Stopwatch.StartNew(); clock.Elapsed < Limit; await Task.Delay(Pause))
        {
            if (await probe() is { } value)
                return value;
        }

        throw new TimeoutException($"Waited in vain for {what}.\n{otherwise?.Invoke()}");
    }

    public static Task<T> GetAsync<T>(string what, Func<T?> probe, Func<string>? otherwise = null)
        where T : class => GetAsync(what, () => Task.FromResult(probe()), otherwise);

    public static Task TrueAsync(string what, Func<Task<bool>> probe, Func<string>? otherwise = null) =>
        GetAsync(what, async () => await probe() ? "yes" : null, otherwise);

    public static Task TrueAsync(string what, Func<bool> probe, Func<string>? otherwise = null) =>
        TrueAsync(what, () => Task.FromResult(probe()), otherwise);
}
