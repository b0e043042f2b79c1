using System.Net;
using System.Text.Json.Nodes;

namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>
/// A BounceMx, an MTA that sends its bounces there, and the remote MXs that make it write some. The recipient's domain chooses what becomes of a message.
/// </summary>
public abstract class MtaRoute : IAsyncDisposable
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
    private readonly Lazy<Task> _started;
    private BounceMxProcess? _server;
    private Mta? _mta;

    // It starts with the first test, as only a test can be skipped where the MTA is not to be had.
    private protected MtaRoute(Func<IReadOnlyDictionary<string, IPEndPoint>, Task<Mta>> startMta, ServerSetup? setup = null) =>
        _started = new Lazy<Task>(async () =>
        {
            _server = await BounceMxProcess.StartAsync((setup ?? new ServerSetup()) with { Domains = [BounceAddress.Domain] });
            _mta = await startMta(RoutesTo(_server));
        });

    /// <summary>Everything that the MTA logged so far.</summary>
    internal string Log => _mta!.Log;

    public async ValueTask DisposeAsync()
    {
        if (_mta is not null)
            await _mta.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
        await _unknown.DisposeAsync();
        await _content.DisposeAsync();
        await _relayed.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Sends a message to somebody by the MTA, and waits for the event of what comes back.</summary>
    internal async Task<JsonObject> EventOfAsync(string recipient, string? notify = null)
    {
        var bounceAddress = BounceAddress.Of(recipient, Tags);
        await _started.Value;
        await _mta!.SubmitAsync(bounceAddress, recipient, notify);
        return await EventAtAsync(bounceAddress);
    }

    /// <summary>The same, where the MTA itself makes the bounce address out of the plain one.</summary>
    internal async Task<JsonObject> EventOfMintedByMtaAsync(string recipient, string mailParameter)
    {
        await _started.Value;
        await _mta!.SubmitAsync($"bounces@{BounceAddress.Domain}", recipient, mailParameter: mailParameter);
        return await EventAtAsync(BounceAddress.Of(recipient));
    }

    private Task<JsonObject> EventAtAsync(string bounceAddress) =>
        Eventually.GetAsync(
            $"the event of {bounceAddress}",
            () => _server!.ReadJournal().FirstOrDefault(e => (string?)e["bounce_address"] == bounceAddress),
            () => $"{_server!.StandardError.Tail()}\n{Log}"
        );

    private Dictionary<string, IPEndPoint> RoutesTo(BounceMxProcess server) =>
        new()
        {
            [BounceAddress.Domain] = new(IPAddress.Loopback, server.SmtpPort),
            [UnknownDomain] = _unknown.EndPoint,
            [ContentDomain] = _content.EndPoint,
            [RelayedDomain] = _relayed.EndPoint,
            // Nobody listens on the port of discard(9).
            [DeadDomain] = new(IPAddress.Parse("127.0.0.3"), 9),
        };
}
