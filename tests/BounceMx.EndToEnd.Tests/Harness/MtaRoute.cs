using System.Net;
using System.Text.Json.Nodes;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// A BounceMx, an MTA that sends its bounces there, and the remote MXs that make it write some. The recipient's domain chooses what becomes of a message.
/// </summary>
public abstract class MtaRoute : IAsyncLifetime
{
    internal const string UnknownDomain = "unknown.test";
    internal const string ContentDomain = "content.test";
    internal const string RelayedDomain = "relayed.test";
    internal const string DeadDomain = "dead.test";

    internal static readonly string[] Tags = ["campaign42", "newsletter"];

    private readonly RemoteMx _unknown = new(
        toRecipient: "550 5.1.1 <{rcpt}>: Recipient address rejected: User unknown in virtual mailbox table"
    );
    private readonly RemoteMx _content = new(toMessage: "554 5.7.1 Message rejected as spam");
    private readonly RemoteMx _relayed = new();
    private Mta? _mta;

    internal BounceMxProcess Server { get; private set; } = null!;

    internal Mta Mta => _mta!;

    public async ValueTask InitializeAsync()
    {
        Server = await BounceMxProcess.StartAsync(Setup);
        try
        {
            _mta = await StartMtaAsync(
                new Dictionary<string, IPEndPoint>
                {
                    [BounceAddress.Domain] = new(IPAddress.Loopback, Server.SmtpPort),
                    [UnknownDomain] = _unknown.EndPoint,
                    [ContentDomain] = _content.EndPoint,
                    [RelayedDomain] = _relayed.EndPoint,
                    // Nobody listens on the port of discard(9).
                    [DeadDomain] = new(IPAddress.Parse("127.0.0.3"), 9),
                }
            );
        }
        catch
        {
            // xunit disposes only what it has initialized.
            await DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_mta is not null)
            await _mta.DisposeAsync();
        await Server.DisposeAsync();
        await _unknown.DisposeAsync();
        await _content.DisposeAsync();
        await _relayed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual ServerSetup Setup => new() { Domains = [BounceAddress.Domain] };

    private protected abstract Task<Mta> StartMtaAsync(IReadOnlyDictionary<string, IPEndPoint> routes);

    /// <summary>Sends a message to somebody by the MTA, and waits for the event of what comes back.</summary>
    internal async Task<JsonObject> EventOfAsync(string recipient, string? notify = null)
    {
        var bounceAddress = BounceAddress.Of(recipient, Tags);
        await Mta.SubmitAsync(bounceAddress, recipient, notify);
        return await Eventually.GetAsync(
            $"the event of {bounceAddress}",
            () => Server.ReadJournal().FirstOrDefault(e => (string?)e["bounce_address"] == bounceAddress),
            () => $"{Server.StandardError.Tail()}\n{Mta.Log}"
        );
    }
}
