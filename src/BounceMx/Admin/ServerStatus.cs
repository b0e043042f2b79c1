using System.Text.Json.Serialization;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Admin;

/// <summary>The spool in figures.</summary>
internal sealed record SpoolStatus(long Stored, long Unread);

/// <summary>A sink in figures.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Lag">Events that it has not taken yet.</param>
/// <param name="Fault">Why it takes none at the moment; <c>null</c> when all is well.</param>
internal sealed record SinkStatus(string Name, long Lag, string? Fault);

/// <summary>How the server is.</summary>
internal sealed record ServerStatus(bool Ready, SpoolStatus? Spool, IReadOnlyList<SinkStatus> Sinks, IReadOnlyList<string> Faults);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>Asks the spool and the sinks how they are. Any thread may; each time costs two connections to the database.</summary>
internal sealed class StatusReader(Spool spool, EventStore store, SinkRunners runners)
{
    /// <summary>How the server is now. A database that cannot be read is a fault in the answer.</summary>
    public ServerStatus Read()
    {
        var faults = new List<string>();
        SpoolStatus? spoolStatus = null;
        SinkStatus[] sinks = [];
        try
        {
            (long stored, long unread) = spool.Count();
            spoolStatus = new SpoolStatus(stored, unread);
            using EventReader reader = store.OpenReader();
            long last = reader.ReadLast();
            sinks = [.. runners.All.Select(runner => new SinkStatus(runner.Name, Math.Max(0, last - runner.Cursor), runner.Fault))];
        }
        catch (SqliteException e)
        {
            faults.Add($"spool: {e.Message}");
        }
        faults.AddRange(sinks.Where(sink => sink.Fault is not null).Select(sink => $"sink {sink.Name}: {sink.Fault}"));
        return new ServerStatus(faults.Count == 0, spoolStatus, sinks, faults);
    }
}
