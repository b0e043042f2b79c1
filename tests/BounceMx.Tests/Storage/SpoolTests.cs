using System.Text;
using BounceMx.Pipeline;
using BounceMx.Smtp.Bodies;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Storage;

public sealed class SpoolTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_message_is_there_unread_when_the_database_is_opened_again()
    {
        byte[] raw = Encoding.ASCII.GetBytes("Subject: hello\r\n\r\n\0\r\n");
        SpooledMessage stored;
        await using (Database database = Database.Open(_folder.Path))
            stored = await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, raw, CancellationToken.None);

        await using Database again = Database.Open(_folder.Path);
        SpooledMessage read = new Spool(again).ReadUnread(default, 10).ShouldHaveSingleItem();
        read.Id.ShouldBe(stored.Id);
        read.ReceivedAt.ShouldBe(Sample.Received);
        read.Raw.ShouldBe(raw);
        read.Envelope.Helo.ShouldBe("mx.sender.test");
        read.Envelope.RemoteIp.ToString().ShouldBe("192.0.2.1");
        read.Envelope.RcptTo.ShouldHaveSingleItem().Path.ToString().ShouldBe("bounces+user=recipient.test+campaign42@bounces.test");
        read.Envelope.RcptTo[0].Verp!.Recipient.ShouldBe("user@recipient.test");
        read.Envelope.RcptTo[0].Verp!.Tags.ShouldBe(["campaign42"]);
    }

    [Fact]
    public async Task A_large_message_does_not_wait_in_memory()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        var raw = new byte[Spool.CarriedSize + 1];
        SpooledMessage stored = await spool.AppendAsync(Sample.Envelope(), Sample.Received, raw, CancellationToken.None);
        stored.Raw.ShouldBeNull();
        spool.ReadUnread(default, 10).ShouldHaveSingleItem().Raw.ShouldBeNull();
        spool.ReadRaw(stored.Id).ShouldBe(raw);
    }

    [Fact]
    public async Task A_message_that_cannot_be_read_fails_alone()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        Task<SpooledMessage> before = spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        Task<SpooledMessage> broken = spool.AppendAsync(Sample.Envelope(), Sample.Received, ShortFile(), CancellationToken.None);
        Task<SpooledMessage> after = spool.AppendAsync(Sample.Envelope(), Sample.Received, Large(3), CancellationToken.None);
        (await Should.ThrowAsync<StorageException>(broken)).DiskFull.ShouldBeFalse();
        await before;
        await after;
        spool.Count().Unread.ShouldBe(2);
    }

    [Fact]
    public async Task Large_messages_are_stored_as_they_are()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        byte[][] messages = [.. Enumerable.Range(0, 6).Select(Large)];
        SpooledMessage[] stored = await Task.WhenAll(
            messages.Select(raw => spool.AppendAsync(Sample.Envelope(), Sample.Received, raw, CancellationToken.None))
        );
        foreach ((SpooledMessage message, byte[] raw) in stored.Zip(messages))
            spool.ReadRaw(message.Id).AsSpan().SequenceEqual(raw).ShouldBeTrue();
    }

    [Fact]
    public async Task Messages_stored_at_once_get_numbers_of_their_own()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        SpooledMessage[] stored = await Task.WhenAll(
            Enumerable.Range(0, 2000).Select(_ => spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None))
        );
        stored.Select(message => message.Id).Distinct().Count().ShouldBe(2000);
        spool.Count().ShouldBe((2000, 2000));
    }

    [Fact]
    public async Task Unread_messages_come_in_their_order_and_from_where_one_left_off()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        for (int i = 0; i < 5; i++)
            await spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        IReadOnlyList<SpooledMessage> first = spool.ReadUnread(default, 2);
        first.Select(message => message.Id.Value).ShouldBe([1, 2]);
        spool.ReadUnread(first[^1].Id, 10).Select(message => message.Id.Value).ShouldBe([3, 4, 5]);
    }

    [Fact]
    public async Task Events_and_the_mark_are_stored_together_and_once()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        var store = new EventStore(database, TimeProvider.System);
        SpooledMessage message = await spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);

        (await StoreAsync(store, message.Id, Sample.Event("a"), Sample.Event("b"))).ShouldBeNull();
        (await StoreAsync(store, message.Id, Sample.Event("c"))).ShouldBeNull();

        spool.Count().ShouldBe((1, 0));
        using EventReader reader = store.OpenReader();
        reader.ReadAfter(0, 10).Select(row => EventJson.Read(row.Data).Id).ShouldBe(["a", "b"]);
    }

    [Fact]
    public async Task A_sink_s_cursor_survives()
    {
        await using (Database database = Database.Open(_folder.Path))
        {
            var store = new EventStore(database, TimeProvider.System);
            await store.MoveCursorAsync("redis", 7, CancellationToken.None);
            await store.MoveCursorAsync("redis", 9, CancellationToken.None);
            await store.MoveCursorAsync("journal", 3, CancellationToken.None);
        }

        await using Database again = Database.Open(_folder.Path);
        using EventReader reader = new EventStore(again, TimeProvider.System).OpenReader();
        reader.ReadCursor("redis").ShouldBe(9);
        reader.ReadCursor("journal").ShouldBe(3);
        reader.ReadCursor("unheard").ShouldBe(0);
    }

    [Fact]
    public async Task Waiting_for_events_ends_when_some_are_committed()
    {
        await using Database database = Database.Open(_folder.Path);
        var store = new EventStore(database, TimeProvider.System);
        SpooledMessage message = await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        Task arrival = store.Arrival;
        arrival.IsCompleted.ShouldBeFalse();
        await StoreAsync(store, message.Id, Sample.Event("a"));
        await arrival.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_write_at_fault_fails_alone()
    {
        await using Database database = Database.Open(_folder.Path);
        var spool = new Spool(database);
        var fault = new FaultyWrite();
        Task<SpooledMessage> before = spool.AppendAsync(Sample.Envelope(), Sample.Received, [1], CancellationToken.None);
        await database.EnqueueAsync(fault, CancellationToken.None);
        Task<SpooledMessage> after = spool.AppendAsync(Sample.Envelope(), Sample.Received, [2], CancellationToken.None);
        (await fault.Outcome).DiskFull.ShouldBeFalse();
        await before;
        await after;
        spool.Count().ShouldBe((2, 2));
    }

    [Fact]
    public async Task A_file_of_a_later_version_is_refused()
    {
        await using (Database.Open(_folder.Path)) { }
        await using (var connection = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False"))
        {
            connection.Open();
            await using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            command.ExecuteNonQuery();
        }
        Should.Throw<InvalidDataException>(() => Database.Open(_folder.Path)).Message.ShouldContain("schema 99");
    }

    private static byte[] Large(int seed)
    {
        var octets = new byte[3_000_000 + seed];
        new Random(seed).NextBytes(octets);
        return octets;
    }

    // A body in a file that says to be longer than it is.
    private MessageBody ShortFile() =>
        new(File.OpenHandle(_folder.Write("short", "short"), FileMode.Open, FileAccess.Read), Spool.CarriedSize + 1);

    private static async Task<StorageException?> StoreAsync(EventStore store, SpoolId id, params BounceEvent[] events)
    {
        var outcome = new TaskCompletionSource<StorageException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        await store.StoreAsync(id, events, (_, exception) => outcome.SetResult(exception), CancellationToken.None);
        return await outcome.Task;
    }

    private sealed class FaultyWrite : DatabaseWrite
    {
        private readonly TaskCompletionSource<StorageException> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task<StorageException> Outcome => _outcome.Task;

        public override void Execute(WriteStatements statements) => throw new InvalidOperationException("at fault");

        public override void OnCommitted() => _outcome.SetException(new InvalidOperationException("committed"));

        public override void OnFailed(StorageException exception) => _outcome.SetResult(exception);
    }
}
