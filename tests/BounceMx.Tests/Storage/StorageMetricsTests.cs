using System.Diagnostics.Metrics;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Storage;

/// <summary>What the writer counts.</summary>
public sealed class StorageMetricsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, long> _counts = [];

    public void Dispose()
    {
        _services.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Commits_writes_and_failures_are_counted()
    {
        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Add(instrument, 1, tags));
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Scope == meters)
                self.EnableMeasurementEvents(instrument);
        };
        listener.Start();

        await using (Database database = Database.Open(_folder.Path).ReportTo(NullLogger<Database>.Instance, new StorageMetrics(meters)))
        {
            await RunAsync(database, _ => { });
            await RunAsync(database, _ => { });
            await RunAsync(database, _ => throw new SqliteException("by the test", 10, 1034));
        }
        listener.RecordObservableInstruments();

        _counts["bouncemx.storage.commits"].ShouldBe(2);
        _counts["bouncemx.storage.writes"].ShouldBe(2);
        _counts["bouncemx.storage.commit.duration"].ShouldBe(2);
        _counts["bouncemx.storage.failures input_output"].ShouldBe(1);
        _counts["bouncemx.storage.failures full"].ShouldBe(0, "there is a 0 before the first");
    }

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string name = tags.IsEmpty ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
        lock (_counts)
            _counts[name] = _counts.GetValueOrDefault(name) + value;
    }

    private static async Task RunAsync(Database database, Action<WriteStatements> execute)
    {
        var write = new ProbeWrite(execute);
        await database.EnqueueAsync(write, TestContext.Current.CancellationToken);
        await write.Outcome;
    }
}
