using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>
/// A server and a Redis that are going to suffer, and the books about them. The oracle is the senders' own list of 250s. A sender does what an
/// MTA does: what was not acknowledged it sends again, and that must not double anything either.
/// </summary>
internal sealed class Trial : IAsyncDisposable
{
    /// <summary>A server that soon gives up waiting for a reply of Redis.</summary>
    public static readonly ServerSetup Impatient = new()
    {
        Environment = new Dictionary<string, string> { ["Redis__Timeout"] = "00:00:00.200" },
    };

    private int _loads;

    private Trial(RedisProcess redis, RedisProxy? proxy, BounceMxProcess server) =>
        (Redis, Proxy, Server, Ledger) = (redis, proxy, server, new Ledger(server, redis));

    public RedisProcess Redis { get; }

    /// <summary>What stands between the server and Redis; <c>null</c>: nothing.</summary>
    public RedisProxy? Proxy { get; }

    public BounceMxProcess Server { get; }

    public Ledger Ledger { get; }

    /// <summary>Whether the journal must hold every event; not where retention removes it.</summary>
    public bool ChecksJournal { get; init; } = true;

    /// <summary>Starts both.</summary>
    /// <param name="setup">Of the server; its Redis is added.</param>
    /// <param name="throughProxy">Whether a proxy stands between the two.</param>
    /// <param name="checksJournal">Whether the journal must hold every event.</param>
    public static async Task<Trial> StartAsync(ServerSetup? setup = null, bool throughProxy = false, bool checksJournal = true)
    {
        var redis = await RedisProcess.StartAsync();
        var proxy = throughProxy ? new RedisProxy(redis.Port) : null;
        try
        {
            setup ??= new ServerSetup();
            var server = await BounceMxProcess.StartAsync(
                setup with
                {
                    Redis = $"{proxy?.Address ?? redis.Address},connectTimeout=1000",
                    // Sessions last as long as their load.
                    Environment = new Dictionary<string, string>(setup.Environment) { ["Smtp__MaxMessages"] = "1000000" },
                }
            );
            return new Trial(redis, proxy, server) { ChecksJournal = checksJournal };
        }
        catch
        {
            await redis.DisposeAsync();
            throw;
        }
    }

    /// <summary>A load whose recipients are nobody else's.</summary>
    public Load NewLoad() => new($"load{++_loads}");

    /// <summary>The same, with a pause in the middle of every message.</summary>
    public Load NewSlowLoad() => new($"load{++_loads}") { BodyPause = TimeSpan.FromMilliseconds(100) };

    /// <summary>The same, at a steady pace.</summary>
    /// <param name="period">From one message of a connection to its next.</param>
    public Load NewSteadyLoad(TimeSpan period) => new($"load{++_loads}") { Period = period };

    /// <summary>The same, with messages of a size.</summary>
    /// <param name="octets">The size of each, about.</param>
    public Load NewLargeLoad(int octets)
    {
        var padding = string.Concat(Enumerable.Repeat($"{new string('x', 71)}\n", octets / 72));
        return new($"load{++_loads}") { Message = recipient => $"{SampleMail.UserUnknown(recipient)}{padding}" };
    }

    /// <summary>Has a load run while something is done, ends it, and lets what is under way come to its end.</summary>
    /// <param name="load">The load.</param>
    /// <param name="connections">How many.</param>
    /// <param name="pause">Between two messages of a connection.</param>
    /// <param name="meanwhile">What is done.</param>
    public async Task UnderAsync(Load load, int connections, TimeSpan pause, Func<Task> meanwhile)
    {
        using var stop = new CancellationTokenSource();
        var running = load.RunAsync(Server.SmtpPort, connections, pause, stop.Token);
        try
        {
            await meanwhile();
        }
        finally
        {
            await stop.CancelAsync();
            await running;
        }
    }

    /// <summary>
    /// Ends a round: the senders try again what they could not deliver, the server comes to rest, and every acknowledged message must be on the
    /// stream exactly once, and in the journal.
    /// </summary>
    /// <param name="tally">What counts the round; <c>null</c>: these loads suffered nothing.</param>
    /// <param name="loads">What was sent.</param>
    public async Task CloseAsync(Tally? tally, params Load[] loads)
    {
        foreach (var load in loads)
            await load.SendAgainAsync(Server.SmtpPort);
        await Server.WaitUntilIdleAsync();
        var doubledBefore = Ledger.Doubled.Count;
        await Ledger.ReadAsync();

        string[] acknowledged = [.. loads.SelectMany(load => load.Acknowledged)];
        var lost = Ledger.LostByStream(acknowledged);
        var unwritten = ChecksJournal ? Ledger.LostByJournal(acknowledged) : [];
        string[] doubled = [.. Ledger.Doubled.Skip(doubledBefore)];
        tally?.Add(acknowledged.Length, lost.Union(unwritten).Count(), doubled.Length);
        acknowledged.Length.ShouldBePositive("a load that delivered nothing proves nothing");
        lost.ShouldBeEmpty("lost");
        unwritten.ShouldBeEmpty("lost by the journal");
        doubled.ShouldBeEmpty("doubled");
        // A long campaign that is interrupted still reports what it did.
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (Proxy is not null)
            await Proxy.DisposeAsync();
        await Redis.DisposeAsync();
    }
}
