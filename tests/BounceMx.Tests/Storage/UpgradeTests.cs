using System.Diagnostics;
using BounceMx.EndToEnd.Tests.Harness;
using BounceMx.Storage;
using Microsoft.Data.Sqlite;

namespace BounceMx.Tests.Storage;

/// <summary>A file of schema 1 becomes one of ours, with all that is in it.</summary>
public sealed class UpgradeTests : IDisposable
{
    // As the first version of the program made it, with rows in every table. Message 2 and event 3 are gone: their numbers must not come back.
    private const string Schema1 = """
        PRAGMA journal_mode = WAL;
        BEGIN IMMEDIATE;
        CREATE TABLE message (
            spool_id    INTEGER PRIMARY KEY AUTOINCREMENT,
            received_at INTEGER NOT NULL, -- Unix time in milliseconds
            envelope    TEXT NOT NULL,    -- JSON
            raw         BLOB NOT NULL
        ) STRICT;
        CREATE TABLE unread (
            spool_id INTEGER PRIMARY KEY
        ) STRICT;
        CREATE TABLE event (
            seq      INTEGER PRIMARY KEY AUTOINCREMENT,
            spool_id INTEGER NOT NULL,
            data     TEXT NOT NULL        -- JSON, schema 1
        ) STRICT;
        CREATE TABLE cursor (
            sink TEXT PRIMARY KEY,
            seq  INTEGER NOT NULL         -- the last event that the sink took
        ) STRICT, WITHOUT ROWID;
        PRAGMA user_version = 1;
        COMMIT;
        INSERT INTO message VALUES
            (1, 1795339000000, '{"mail_from":"","rcpt_to":[{"local_part":"bounces","domain":"bounces.test"}],"helo":"mx.sender.test","remote_ip":"192.0.2.1"}', x'0102'),
            (2, 1795339000001, '{}', x'00');
        DELETE FROM message WHERE spool_id = 2;
        INSERT INTO unread VALUES (1);
        INSERT INTO event VALUES (1, 1, '{"a":1}'), (2, 7, '{"b":2}'), (3, 7, '{}');
        DELETE FROM event WHERE seq = 3;
        INSERT INTO cursor VALUES ('redis', 1);
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<Database> _log = new();
    private readonly ForeignHand _file;

    public UpgradeTests()
    {
        _file = new ForeignHand(_folder.Path);
        _file.Execute(Schema1);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_in_it_is_in_it()
    {
        await using Database database = Database.Open(_folder.Path);
        SpooledMessage message = new Spool(database).ReadUnread(default, 10).ShouldHaveSingleItem();
        message.ShouldSatisfyAllConditions(
            m => m.Id.Value.ShouldBe(1),
            m => m.Raw.ShouldBe([1, 2]),
            m => m.Envelope.Helo.ShouldBe("mx.sender.test")
        );
        using EventReader reader = new EventStore(database, TimeProvider.System).OpenReader();
        reader.ReadAfter(0, 10).Select(row => (row.Sequence, row.Data)).ShouldBe([(1, """{"a":1}"""), (2, """{"b":2}""")]);
        reader.ReadCursor("redis").ShouldBe(1);
    }

    [Fact]
    public async Task An_event_was_stored_when_its_message_came()
    {
        await using (Database.Open(_folder.Path)) { }
        _file.Read("SELECT group_concat(stored_at) FROM event").ShouldBe("1795339000000,0");
    }

    [Fact]
    public async Task A_number_that_was_used_does_not_come_back()
    {
        await using Database database = Database.Open(_folder.Path);
        var stored = await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, [3], CancellationToken.None);
        stored.Id.Value.ShouldBe(3);
        _file.Read("SELECT seq FROM sqlite_sequence WHERE name = 'event'").ShouldBe(3L);
    }

    [Fact]
    public async Task It_gets_the_pages_of_a_new_file()
    {
        await using Database database = Database.Open(_folder.Path).ReportTo(_log);
        ShouldBeAsNew();
        _log.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_new_file_has_the_same()
    {
        using var folder = new TemporaryFolder();
        await using Database database = Database.Open(folder.Path);
        ShouldBeAsNew(new ForeignHand(folder.Path));
    }

    [Fact]
    public async Task While_another_program_reads_it_it_keeps_its_pages_until_the_next_start()
    {
        using (SqliteConnection other = _file.Open())
        {
            ForeignHand.Execute(other, "BEGIN; SELECT count(*) FROM message");
            await using Database database = Database.Open(_folder.Path, TimeSpan.FromMilliseconds(50)).ReportTo(_log);
            _file.Read("PRAGMA page_size").ShouldBe(4096L);
            _log.Lines.ShouldHaveSingleItem().ShouldContain("keeps the page size");
            new Spool(database).ReadUnread(default, 10).ShouldHaveSingleItem();
            (await new Spool(database).AppendAsync(Sample.Envelope(), Sample.Received, [3], CancellationToken.None)).Id.Value.ShouldBe(3);
        }
        await using Database again = Database.Open(_folder.Path);
        ShouldBeAsNew();
        new Spool(again).ReadUnread(default, 10).Count.ShouldBe(2);
    }

    // strace makes a write to the file the server's last: two in the midst of the rewrite, which makes 1,300.
    [Theory]
    [InlineData(200)]
    [InlineData(900)]
    public async Task A_kill_in_the_middle_of_it_loses_nothing(int write)
    {
        const string Strace = "/usr/bin/strace";
        Assert.SkipUnless(File.Exists(Strace), "strace is not installed");
        _file.Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 4009)
            INSERT INTO message SELECT i, 0, '{}', randomblob(5000) FROM n
            """
        );
        string server = Path.Combine(AppContext.BaseDirectory, "bouncemx");
        string[] trace = ["-f", "-qq", "-o", "/dev/null", "-P", _file.File, "-e", $"inject=pwrite64:signal=SIGKILL:when={write}"];
        string[] serve = [server, "serve", "--data", _folder.Path, "--smtp", Endpoint(), "--admin", Endpoint()];
        using (Process strace = Process.Start(Strace, [.. trace, .. serve]))
        {
            await strace.WaitForExitAsync(TestContext.Current.CancellationToken);
        }
        new FileInfo(_file.File + "-journal").Length.ShouldBePositive("the kill fell beside the rewrite");

        await using Database database = Database.Open(_folder.Path);
        ShouldBeAsNew();
        _file.Read("SELECT count(*) FROM message WHERE length(raw) = 5000").ShouldBe(4000L);
        new Spool(database).ReadUnread(default, 10).ShouldHaveSingleItem();
    }

    private static string Endpoint() => $"127.0.0.1:{Loopback.FreePort()}";

    private void ShouldBeAsNew(ForeignHand? file = null)
    {
        file ??= _file;
        file.Read("PRAGMA page_size").ShouldBe((long)Pragmas.PageSize);
        file.Read("PRAGMA auto_vacuum").ShouldBe(2L, "incremental");
        file.Read("PRAGMA journal_mode").ShouldBe("wal");
        file.Read("PRAGMA user_version").ShouldBe(2L);
        file.Read("PRAGMA integrity_check").ShouldBe("ok");
    }
}
