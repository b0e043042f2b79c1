namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>What was acknowledged, held against what was published.</summary>
internal sealed record Books(int Acknowledged, int Published, IReadOnlyList<string> Lost, IReadOnlyList<string> Doubled)
{
    /// <summary>Compares the two.</summary>
    /// <param name="acknowledged">Recipients whose message got its 250.</param>
    /// <param name="published">The recipient of every event; those that were published without a 250 are in order, once.</param>
    public static Books Compare(IReadOnlyCollection<string> acknowledged, IReadOnlyCollection<string> published) =>
        new(
            acknowledged.Count,
            published.Count,
            [.. acknowledged.Except(published, StringComparer.Ordinal)],
            [.. published.CountBy(recipient => recipient).Where(count => count.Value > 1).Select(count => count.Key)]
        );

    /// <summary>Waits until the server has nothing left to do and compares with the stream, then with the journal.</summary>
    public static async Task<Books> CloseAsync(BounceMxProcess server, RedisProcess redis, params IEnumerable<Load> loads)
    {
        await server.WaitUntilIdleAsync();
        string[] acknowledged = [.. loads.SelectMany(load => load.Acknowledged)];
        var books = Compare(acknowledged, [.. (await redis.ReadStreamAsync(Keys.Events)).Select(e => e["recipient"])]);
        TestContext.Current.TestOutputHelper?.WriteLine($"{books}");

        // A journal may say a thing twice after a crash, but it must say it.
        var journal = server.ReadJournal().Select(e => (string?)e["recipient"] ?? "");
        acknowledged.Except(journal, StringComparer.Ordinal).ShouldBeEmpty("lost by the journal");
        return books;
    }

    public void ShouldBalance()
    {
        Acknowledged.ShouldBePositive("a load that delivered nothing proves nothing");
        Lost.ShouldBeEmpty("lost");
        Doubled.ShouldBeEmpty("doubled");
    }

    public override string ToString() => $"{Acknowledged} acknowledged, {Published} published, {Lost.Count} lost, {Doubled.Count} doubled";
}

/// <summary>The streams' default names.</summary>
internal static class Keys
{
    public const string Events = "bounces:events";
    public const string Quarantine = "bounces:quarantine";
}
