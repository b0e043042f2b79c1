using BounceMx.EndToEnd.Tests.Harness;

namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>One server that goes through all faults of a class, one after the other.</summary>
public class SharedTrial : IAsyncLifetime
{
    internal Trial Trial { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Trial = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Trial.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual Task<Trial> StartAsync() => Trial.StartAsync();

    /// <summary>The trial, up and running: what an earlier test that failed left dead is started again, so that one failure stays one.</summary>
    internal async Task<Trial> ReadyAsync()
    {
        if (Trial.Redis.HasExited)
            await Trial.Redis.StartAgainAsync();
        Trial.Proxy?.Heal();
        if (Trial.Server.HasExited)
            await Trial.Server.StartAgainAsync();
        return Trial;
    }
}

/// <summary>The same behind a proxy to its Redis. The server gives up waiting for a reply soon, so that much is sent again.</summary>
public sealed class ProxiedTrial : SharedTrial
{
    internal override Task<Trial> StartAsync() => Trial.StartAsync(Trial.Impatient, throughProxy: true);
}

/// <summary>One whose Redis is away for a while: longer than the server waits for a reply, also in the short form.</summary>
public sealed class OutageTrial : SharedTrial
{
    internal override Task<Trial> StartAsync() => Trial.StartAsync(Campaign.Of(Trial.Impatient, new ServerSetup()));
}
