using BounceMx.Storage;

namespace BounceMx.Tests.Publishing;

/// <summary>What the tests of sinks need.</summary>
internal static class SinkSample
{
    /// <summary>Stores events as those of one message; returns when they are on disk.</summary>
    public static async Task StoreAsync(Database database, EventStore store, params string[] ids)
    {
        SpooledMessage message = await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await store.StoreAsync(message.Id, [.. ids.Select(Sample.Event)], (_, _) => done.SetResult(), CancellationToken.None);
        await done.Task;
    }
}
