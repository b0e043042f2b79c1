namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>One server with a bounce domain, for tests that leave it as it is.</summary>
public class RunningServer : IAsyncLifetime
{
    internal BounceMxProcess Server { get; private set; } = null!;

    internal int Port => Server.SmtpPort;

    internal virtual ServerSetup Setup => new() { Domains = [BounceAddress.Domain] };

    public async ValueTask InitializeAsync() => Server = await BounceMxProcess.StartAsync(Setup);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
