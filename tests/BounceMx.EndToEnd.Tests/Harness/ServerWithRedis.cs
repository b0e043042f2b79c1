namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>One server with one Redis behind it, for tests that leave both as they are.</summary>
public class ServerWithRedis : IAsyncLifetime
{
    /// <summary>What the server has in its environment.</summary>
    internal virtual IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>();

    internal RedisProcess Redis { get; private set; } = null!;

    internal BounceMxProcess Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await RedisProcess.StartAsync();
        try
        {
            Server = await BounceMxProcess.StartAsync(
                new ServerSetup
                {
                    Redis = Redis.Address,
                    Domains = [BounceAddress.Domain],
                    Environment = Environment,
                }
            );
        }
        catch
        {
            // xunit disposes only what it has initialized.
            await Redis.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Redis.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits for the first event on the stream that was received at a bounce address.</summary>
    internal Task<IReadOnlyDictionary<string, string>> PublishedAsync(string bounceAddress) =>
        PublishedAsync("bounce_address", bounceAddress);

    /// <summary>Waits for the first event on a stream in which a field has a value.</summary>
    internal Task<IReadOnlyDictionary<string, string>> PublishedAsync(string field, string value, string stream = Keys.Events) =>
        Eventually.GetAsync(
            $"an event whose {field} is {value} in {stream}",
            async () => (await Redis.ReadStreamAsync(stream)).FirstOrDefault(e => e.GetValueOrDefault(field) == value),
            () => Server.StandardError.Tail()
        );
}
