using System.Text.Json.Serialization;
using BounceMx.Pipeline;
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
/// <param name="ReadAt">When that was read; it may be a second old.</param>
/// <param name="Ready">Whether all is well.</param>
/// <param name="Spool"><c>null</c> when the database cannot be read.</param>
/// <param name="Sinks">Empty when the database cannot be read.</param>
/// <param name="Faults">What is not well.</param>
internal sealed record ServerStatus(
    [property: JsonConverter(typeof(Rfc3339Converter))] DateTimeOffset ReadAt,
    bool Ready,
    SpoolStatus? Spool,
    IReadOnlyList<SinkStatus> Sinks,
    IReadOnlyList<string> Faults
);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ServerStatus))]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>
/// Asks the spool and the sinks how they are. Any thread may. Each reading costs two connections to the database, so those who ask within a
/// second, pages and gauges alike, share one.
/// </summary>
internal sealed class StatusReader(Spool spool, EventStore store, SinkRunners runners, TimeProvider time)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private ServerStatus? _status;
    private long _readAt;

    /// <summary>How the server is. A database that cannot be read is a fault in the answer.</summary>
    public ServerStatus Read()
    {
        lock (_gate)
        {
            if (_status is null || time.GetElapsedTime(_readAt) >= Freshness)
            {
                _status = ReadNow();
                _readAt = time.GetTimestamp();
            }
            return _status;
        }
    }

    private ServerStatus ReadNow()
    {
        DateTimeOffset readAt = time.GetUtcNow();
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
        return new ServerStatus(readAt, faults.Count == 0, spoolStatus, sinks, faults);
    }
}
