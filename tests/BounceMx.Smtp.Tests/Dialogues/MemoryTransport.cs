using BounceMx.Smtp.Tests.Fakes;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>Straight into the protocol core, without threads and clocks.</summary>
internal sealed class MemoryTransport : IDialogueTransport
{
    private readonly MemoryClient _client;
    private string _received;

    public MemoryTransport(MemoryServer server, Dialogue row, RecordingMailHandler handler)
    {
        _client = new MemoryClient(row.Options, handler, row.Early, server: server);
        _received = _client.Greeting;
    }

    public ValueTask SendAsync(string octets)
    {
        _received += _client.Send(octets);
        return ValueTask.CompletedTask;
    }

    public ValueTask<string> ReadAsync()
    {
        string received = _received;
        _received = "";
        return ValueTask.FromResult(received);
    }

    public ValueTask<bool> IsClosedAsync() => ValueTask.FromResult(_client.Running.IsCompletedSuccessfully && _received.Length == 0);

    public ValueTask<string> DoAsync(Step step) => ValueTask.FromResult(step.InMemory!(_client));

    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}
