using BounceMx.Admin;
using BounceMx.Publishing;
using BounceMx.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Admin;

/// <summary>How often the database is asked.</summary>
public sealed class StatusReaderTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Clock _clock = new();
    private readonly Database _database;
    private readonly Spool _spool;
    private readonly StatusReader _reader;

    public StatusReaderTests()
    {
        _database = Database.Open(_folder.Path);
        _spool = new Spool(_database);
        var store = new EventStore(_database, TimeProvider.System);
        var runners = new SinkRunners([], store, _clock, NullLogger<SinkRunner>.Instance);
        _reader = new StatusReader(_spool, store, runners, new SinkOptions(), [], _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _database.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public void Who_asks_within_a_second_gets_the_same_reading()
    {
        ServerStatus first = _reader.Read();
        _clock.Now += TimeSpan.FromMilliseconds(999);

        _reader.Read().ShouldBeSameAs(first);
    }

    [Fact]
    public async Task A_second_later_all_is_read_again()
    {
        _reader.Read().Spool!.Stored.ShouldBe(0);
        await _spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        _clock.Now += TimeSpan.FromSeconds(1);

        ServerStatus status = _reader.Read();

        status.Spool!.Stored.ShouldBe(1);
        status.ReadAt.ShouldBe(_clock.Now);
    }

    private sealed class Clock : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = Sample.Received;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Now;

        public override long GetTimestamp() => Now.UtcTicks;
    }
}
