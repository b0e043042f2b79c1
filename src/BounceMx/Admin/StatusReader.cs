using System.Globalization;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Admin;

/// <summary>
/// Asks the spool and the sinks how they are. Any thread may. Each reading costs two connections to the database, so those who ask within a
/// second, pages and gauges alike, share one.
/// A sink that fails is a warning: mail is safe on disk meanwhile, and no balancer should take it to a server that is no better off. It is a fault
/// when it lags behind by more than its bound.
/// </summary>
internal sealed class StatusReader(
    Spool spool,
    EventStore store,
    SinkRunners runners,
    SinkOptions bounds,
    IEnumerable<HealthCheck> checks,
    TimeProvider time
)
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
        List<string> faults =
        [
            .. checks
                .Select(check => (check.Subject, Fault: check.Fault()))
                .Where(c => c.Fault is not null)
                .Select(c => $"{c.Subject}: {c.Fault}"),
        ];
        SpoolStatus? spoolStatus = null;
        SinkStatus[] sinks = [];
        try
        {
            (long stored, long unread) = spool.Count();
            spoolStatus = new SpoolStatus(stored, unread);
            sinks = ReadSinks(readAt);
        }
        catch (SqliteException e)
        {
            faults.Add($"spool: {e.Message}");
        }
        faults.AddRange(sinks.Select(Alarm).OfType<string>());
        return new ServerStatus(readAt, faults.Count == 0, spoolStatus, sinks, faults, [.. sinks.SelectMany(Warnings)]);
    }

    private SinkStatus[] ReadSinks(DateTimeOffset now)
    {
        using EventReader reader = store.OpenReader();
        long last = reader.ReadLast();
        Dictionary<string, long> dead = reader.CountDead();
        return [.. runners.All.Select(Read)];

        SinkStatus Read(SinkRunner runner)
        {
            // A runner that has just been started does not know its cursor yet.
            long cursor = Math.Max(runner.Cursor, reader.ReadCursor(runner.Name));
            TimeSpan age = reader.ReadStoredAfter(cursor) is { } storedAt && storedAt < now ? now - storedAt : TimeSpan.Zero;
            return new SinkStatus(
                runner.Name,
                Math.Max(0, last - cursor),
                Math.Round(age.TotalSeconds, 3),
                dead.GetValueOrDefault(runner.Name),
                runner.Failures,
                runner.Fault
            );
        }
    }

    private string? Alarm(SinkStatus sink)
    {
        string? bound =
            sink.LagSeconds > bounds.MaxLag.TotalSeconds ? bounds.MaxLag.ToString("c", CultureInfo.InvariantCulture)
            : sink.Lag > bounds.MaxLagEvents ? Events(bounds.MaxLagEvents)
            : null;
        if (bound is null)
            return null;
        string wait = sink.Lag == 1 ? "waits" : "wait";
        string age = TimeSpan.FromSeconds(Math.Floor(sink.LagSeconds)).ToString("c", CultureInfo.InvariantCulture);
        return $"sink {sink.Name}: {Events(sink.Lag)} {wait}, the oldest for {age}; the bound is {bound}";
    }

    private static IEnumerable<string> Warnings(SinkStatus sink)
    {
        if (sink.Fault is not null)
            yield return $"sink {sink.Name}: {sink.Fault}";
        if (sink.Dead > 0)
            yield return $"sink {sink.Name}: {Events(sink.Dead)} refused for good (bouncemx events dead, bouncemx replay --dead)";
    }

    private static string Events(long count) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? "event" : "events")}");
}
