using System.Net;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using BounceMx.Rules;
using BounceMx.Smtp;
using BounceMx.Storage;
using BounceMx.Verp;
using Microsoft.Data.Sqlite;
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

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingLogger<BounceMailHandler> _log = new();
    private readonly Database _database;
    private readonly Spool _spool;
    private readonly BouncePipeline _pipeline;

    public BounceMailHandlerTests()
    {
        _database = Database.Open(_folder.Path);
        _spool = new Spool(_database);
        // Not started: what is in the spool stays unread.
        _pipeline = new BouncePipeline(
            _spool,
            new EventStore(_database),
            new EventComposer(new LiveClassifier(RuleBook.Default)),
            new PipelineOptions(),
            TimeProvider.System,
            NullLogger<BouncePipeline>.Instance
        );
    }

    public async ValueTask DisposeAsync()
    {
        _pipeline.Dispose();
        await _database.DisposeAsync();
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

    private BounceMailHandler Create(string[]? domains = null) =>
        new(
            new VerpCodec(new VerpOptions { Domains = domains ?? ["bounces.test"] }),
            _spool,
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
