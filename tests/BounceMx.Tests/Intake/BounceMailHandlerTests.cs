using System.Diagnostics.Metrics;
using System.Net;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Pipeline;
using BounceMx.Smtp;
using BounceMx.Storage;
using BounceMx.Verp;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace BounceMx.Tests.Intake;

/// <summary>Replies to RCPT and to the end of data, over a database on disk.</summary>
public sealed class BounceMailHandlerTests : IAsyncDisposable
{
    private static readonly MailTransaction Transaction = new()
    {
        ReversePath = ReversePath.Null,
        Helo = "mx.sender.test",
        Extended = true,
        RemoteAddress = IPAddress.Parse("192.0.2.1"),
    };

    private static readonly string Signed = Sample.Signed("user@recipient.test").Split('@')[0];

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<BounceMailHandler> _log = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly VerpMetrics _metrics;
    private readonly Database _database;
    private readonly Spool _spool;
    private readonly BouncePipeline _pipeline;
    private long _reserve;

    public BounceMailHandlerTests()
    {
        _metrics = new VerpMetrics(_services.GetRequiredService<IMeterFactory>());
        _database = Database.Open(_folder.Path, busyTimeout: TimeSpan.FromMilliseconds(50));
        _spool = new Spool(_database);
        // Not started: what is in the spool stays unread.
        _pipeline = new BouncePipeline(
            _spool,
            new EventStore(_database, TimeProvider.System),
            Sample.Composer(),
            new PipelineOptions(),
            TimeProvider.System,
            NullLogger<BouncePipeline>.Instance
        );
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        await _database.DisposeAsync();
        await _services.DisposeAsync();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("bounces+user=recipient.test", "bounces.test")]
    [InlineData("BOUNCES+User=Recipient.Test+tag", "Bounces.TEST")]
    [InlineData("bounces", "bounces.test")]
    [InlineData("bounces-news", "bounces.test")]
    [InlineData("postmaster", "bounces.test")]
    [InlineData("PostMaster", "BOUNCES.test")]
    [InlineData("abuse", "bounces.test")]
    [InlineData("Postmaster", "")]
    public async Task Accepts_what_is_ours(string localPart, string domain) =>
        (await RcptAsync(Create(), localPart, domain)).ShouldBe(SmtpReplies.RecipientOk);

    [Theory]
    [InlineData("bounces+user=recipient.test", "elsewhere.test")]
    [InlineData("postmaster", "elsewhere.test")]
    [InlineData("abuse", "elsewhere.test")]
    [InlineData("user", "bounces.test.elsewhere.test")]
    [InlineData("bounces+user=recipient.test", "[192.0.2.25]")]
    [InlineData("user%elsewhere.test", "bounces.test")]
    [InlineData("elsewhere.test!user", "bounces.test")]
    public async Task Does_not_relay(string localPart, string domain) =>
        (await RcptAsync(Create(), localPart, domain)).ShouldBe(SmtpReplies.NoRelaying);

    [Theory]
    [InlineData("user")]
    [InlineData("bouncesuser=recipient.test")]
    [InlineData("bounces+")]
    [InlineData("bounces+user")]
    [InlineData("bounces+=recipient.test")]
    [InlineData("postmaster+user")]
    public async Task Knows_no_other_recipient_of_our_domain(string localPart) =>
        (await RcptAsync(Create(), localPart, "bounces.test")).ShouldBe(SmtpReplies.NoSuchRecipient);

    [Fact]
    public async Task Without_a_domain_configured_every_domain_is_ours() =>
        (await RcptAsync(Create([]), "bounces+user=recipient.test", "anything.test")).ShouldBe(SmtpReplies.RecipientOk);

    [Fact]
    public async Task A_signed_address_is_accepted() =>
        (await RcptAsync(Create(keys: Sample.Key), Signed, "bounces.test")).ShouldBe(SmtpReplies.RecipientOk);

    [Fact]
    public async Task A_signed_address_with_one_character_changed_is_550_5_7_1()
    {
        SmtpReply reply = await RcptAsync(
            Create(keys: Sample.Key),
            Signed.Replace("user", "usex", StringComparison.Ordinal),
            "bounces.test"
        );
        ($"{reply.Code} {reply.Status}").ShouldBe("550 5.7.1");
    }

    [Fact]
    public async Task A_signed_address_that_has_expired_is_550_5_7_1()
    {
        SmtpReply reply = await RcptAsync(Create(keys: Sample.Key, now: "2026-12-23T00:00:00Z"), Signed, "bounces.test");
        ($"{reply.Code} {reply.Status}").ShouldBe("550 5.7.1");
    }

    [Theory]
    [InlineData("postmaster", "bounces.test")]
    [InlineData("abuse", "bounces.test")]
    [InlineData("Postmaster", "")]
    public async Task Postmaster_needs_no_signature(string localPart, string domain) =>
        (await RcptAsync(Create(keys: Sample.Key), localPart, domain)).ShouldBe(SmtpReplies.RecipientOk);

    [Fact]
    public async Task What_was_decided_of_an_address_is_in_the_spool()
    {
        BounceMailHandler handler = Create(keys: Sample.Key);
        string[] localParts =
        [
            "prvs=0123a1b2c3=" + Signed,
            "bounces-News",
            "news-return-42-user=recipient.test",
            "bounces+~0123456789abcdef",
            "abuse",
        ];
        foreach (string localPart in localParts)
            (await RcptAsync(handler, localPart, "bounces.test")).ShouldBe(SmtpReplies.RecipientOk, localPart);
        await DataAsync(handler, [1]);

        AcceptedRecipient[] stored = [.. _spool.ReadUnread(default, 10)[0].Envelope.RcptTo];
        stored.Select(recipient => recipient.Path.Mailbox.LocalPart).ShouldBe(localParts);
        stored.Select(recipient => recipient.Verp?.Recipient).ShouldBe(["user@recipient.test", null, "user@recipient.test", null, null]);
        stored.Select(recipient => recipient.Verp?.RecipientHash).ShouldBe([null, null, null, "0123456789abcdef", null]);
        stored.Select(recipient => string.Join(' ', recipient.Layers)).ShouldBe(["prvs", "", "", "", ""]);
        stored.Select(recipient => recipient.Stream).ShouldBe([null, "news", null, null, null]);
        stored.Select(recipient => recipient.Template).ShouldBe([null, null, "ezmlm", null, null]);
        stored[2].Verp!.Fields!["message"].ShouldBe("42");
        stored.Select(recipient => recipient.IsMarked).ShouldBe([false, true, true, true, true]);
        stored
            .Select(recipient => recipient.Signature)
            .ShouldBe([SignatureOutcome.Valid, .. Enumerable.Repeat(SignatureOutcome.Unsigned, 4)]);
    }

    [Fact]
    public async Task Recipients_are_counted_by_what_their_address_turned_out_to_be()
    {
        BounceMailHandler handler = Create(keys: Sample.Key);
        foreach (string localPart in (string[])[Signed, Signed, "bounces", "user", "abuse"])
            await RcptAsync(handler, localPart, "bounces.test");
        await RcptAsync(handler, "user", "elsewhere.test");

        var counts = new Dictionary<string, long>();
        using var listener = new MeterListener();
        listener.SetMeasurementEventCallback<long>((_, count, tags, _) => counts[(string)tags[0].Value!] = count);
        listener.InstrumentPublished = (instrument, self) =>
        {
            // Meters of other tests have the same name.
            if (instrument.Name == "bouncemx.verp.recipients" && instrument.Meter.Scope == _services.GetRequiredService<IMeterFactory>())
                self.EnableMeasurementEvents(instrument);
        };
        listener.Start();
        listener.RecordObservableInstruments();

        counts
            .Where(count => count.Value > 0)
            .ShouldBe(
                new Dictionary<string, long>
                {
                    ["signed"] = 2,
                    ["plain"] = 1,
                    ["role"] = 1,
                    ["unknown_prefix"] = 1,
                    ["not_ours"] = 1,
                },
                ignoreOrder: true
            );
        counts.Keys.ShouldContain("bad_signature", "there is a 0 before the first");
    }

    [Fact]
    public async Task Accepts_any_reverse_path() =>
        (await Create().MailAsync(Transaction, CancellationToken.None)).ShouldBe(SmtpReplies.SenderOk);

    [Fact]
    public async Task What_was_answered_with_250_is_in_the_spool()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces+user=recipient.test+tag", "bounces.test");
        await RcptAsync(handler, "postmaster", "");
        (await DataAsync(handler, [1, 2, 3])).ShouldBe(SmtpReplies.Accepted);

        SpooledMessage stored = _spool.ReadUnread(default, 10).ShouldHaveSingleItem();
        stored.Raw.ShouldBe([1, 2, 3]);
        stored.ReceivedAt.ShouldBe(Sample.Received);
        stored.Envelope.MailFrom.ShouldBe("");
        stored.Envelope.Helo.ShouldBe("mx.sender.test");
        stored
            .Envelope.RcptTo.Select(recipient => (recipient.Path.ToString(), recipient.Verp?.Recipient))
            .ShouldBe([("bounces+user=recipient.test+tag@bounces.test", "user@recipient.test"), ("postmaster", null)]);
    }

    [Fact]
    public async Task Recipients_that_were_refused_are_not_in_the_envelope()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        await RcptAsync(handler, "user", "bounces.test");
        await RcptAsync(handler, "bounces", "elsewhere.test");
        await DataAsync(handler, [1]);
        _spool.ReadUnread(default, 10)[0].Envelope.RcptTo.ShouldHaveSingleItem().Path.ToString().ShouldBe("bounces@bounces.test");
    }

    [Fact]
    public async Task A_reset_forgets_the_recipients()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces-a", "bounces.test");
        handler.Reset();
        await RcptAsync(handler, "bounces-b", "bounces.test");
        await DataAsync(handler, [1]);
        _spool.ReadUnread(default, 10)[0].Envelope.RcptTo.ShouldHaveSingleItem().Path.ToString().ShouldBe("bounces-b@bounces.test");
    }

    [Fact]
    public async Task A_message_with_bare_line_ends_is_marked()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        await handler.DataAsync(Transaction with { HasBareLineEnds = true }, [1], CancellationToken.None);
        _spool.ReadUnread(default, 10)[0].Envelope.BareLineEnds.ShouldBeTrue();
    }

    [Fact]
    public async Task A_full_database_is_452_4_3_1_until_there_is_room_again()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        (await DataAsync(handler, [1])).ShouldBe(SmtpReplies.Accepted);
        // SQLITE_FULL, as for a disk without space (sqlite.org/autoinc.html).
        Execute("UPDATE sqlite_sequence SET seq = 9223372036854775807 WHERE name = 'message'");
        (await DataAsync(handler, [2])).ShouldBe(SmtpReplies.SystemFull);

        Execute("UPDATE sqlite_sequence SET seq = 1 WHERE name = 'message'; DELETE FROM message WHERE spool_id > 1");
        (await DataAsync(handler, [3])).ShouldBe(SmtpReplies.Accepted);
        _spool.ReadUnread(default, 10).Select(message => message.Raw![0]).ShouldBe([(byte)1, (byte)3]);
    }

    [Fact]
    public async Task While_the_disk_has_less_than_its_reserve_MAIL_is_452_4_3_1()
    {
        _reserve = 1001;
        (await Create().MailAsync(Transaction, CancellationToken.None)).ShouldBe(SmtpReplies.SystemFull);
        _reserve = 1000;
        (await Create().MailAsync(Transaction, CancellationToken.None)).ShouldBe(SmtpReplies.SenderOk);
    }

    [Fact]
    public async Task A_transaction_that_had_begun_before_is_452_4_3_1_at_its_end_and_not_at_RCPT()
    {
        _reserve = 1001;
        BounceMailHandler handler = Create();
        (await RcptAsync(handler, "bounces", "bounces.test")).ShouldBe(SmtpReplies.RecipientOk);
        (await DataAsync(handler, [1])).ShouldBe(SmtpReplies.SystemFull);
        _spool.Count().Stored.ShouldBe(0);
    }

    [Fact]
    public async Task A_locked_file_is_451_4_3_0_until_it_is_let_go()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        await using (var other = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False"))
        {
            other.Open();
            await using SqliteTransaction transaction = other.BeginTransaction();
            (await DataAsync(handler, [1])).ShouldBe(SmtpReplies.LocalError);
        }
        (await DataAsync(handler, [2])).ShouldBe(SmtpReplies.Accepted);
    }

    [Fact]
    public async Task Any_other_fault_of_the_storage_is_451_4_3_0()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        (await DataAsync(handler, [1])).ShouldBe(SmtpReplies.LocalError);
        _spool.Count().ShouldBe((0, 0));
    }

    [Fact]
    public async Task The_log_says_why_a_message_was_not_taken()
    {
        BounceMailHandler handler = Create();
        await RcptAsync(handler, "bounces", "bounces.test");
        Execute("CREATE TRIGGER refuse BEFORE INSERT ON message BEGIN SELECT RAISE(ABORT, 'refused by the test'); END");
        await DataAsync(handler, [1]);
        _log.Lines.ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(line => line.ShouldContain("451 4.3.0"), line => line.ShouldContain("refused by the test"));
    }

    private BounceMailHandler Create(string[]? domains = null, string keys = "", string now = "2026-11-22T09:14:05Z") =>
        new(
            new VerpCodec(new VerpOptions { Domains = domains ?? ["bounces.test"], Keys = Sample.Keys(keys) }, new ManualTime(now)),
            new BounceDoor(keys.Length > 0, new DoorSettings()),
            _metrics,
            _spool,
            new DiskSpace(() => 1000, _reserve, TimeProvider.System, NullLogger<DiskSpace>.Instance),
            _pipeline,
            new ManualTime("2026-11-22T09:14:05Z"),
            _log
        );

    private static ValueTask<SmtpReply> RcptAsync(BounceMailHandler handler, string localPart, string domain) =>
        handler.RcptAsync(Transaction, new ForwardPath(new Mailbox(localPart, domain)), default, CancellationToken.None);

    private static ValueTask<SmtpReply> DataAsync(BounceMailHandler handler, byte[] raw) =>
        handler.DataAsync(Transaction, raw, CancellationToken.None);

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.Path}/bouncemx.db;Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
