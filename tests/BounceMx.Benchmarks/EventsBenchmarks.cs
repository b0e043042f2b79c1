using System.Net;
using System.Text;
using BenchmarkDotNet.Attributes;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using BounceMx.Publishing;
using BounceMx.Rules;
using BounceMx.Storage;
using BounceMx.Verp;
using StackExchange.Redis;

namespace BounceMx.Benchmarks;

/// <summary>What a bounce of 4 KiB costs from its octets to the arguments of XADD, without disk and network.</summary>
[MemoryDiagnoser]
public class EventsBenchmarks
{
    private static readonly VerpCodec Codec = new(new VerpOptions { Domains = ["bounces.test"] });
    private readonly EventComposer _composer = new(
        new LiveClassifier(RuleBook.Default),
        new RecipientMatcher(Codec),
        new TrustJudge(Codec, [])
    );
    private readonly SpooledMessage _message = Message(Bounce());
    private readonly SpooledMessage _ordinary = Message(Ordinary());
    private readonly List<RedisValue> _fields = new(64);
    private readonly BounceEvent _event;
    private readonly string _json;

    public EventsBenchmarks()
    {
        _event = _composer.Compose(_message, _message.Raw!)[0];
        _json = EventJson.Write(_event);
    }

    [Benchmark(Baseline = true)]
    public object Compose() => _composer.Compose(_message, _message.Raw!);

    [Benchmark]
    public object ComposeWhatIsNoReport() => _composer.Compose(_ordinary, _ordinary.Raw!);

    [Benchmark]
    public string WriteJson() => EventJson.Write(_event);

    [Benchmark]
    public object ReadJson() => EventJson.Read(_json);

    [Benchmark]
    public int WriteStreamFields()
    {
        _fields.Clear();
        StreamFields.AddTo(_fields, _event, _json);
        return _fields.Count;
    }

    private static SpooledMessage Message(string content) =>
        new(
            new SpoolId(1),
            new Envelope
            {
                MailFrom = "",
                RcptTo =
                [
                    new AcceptedRecipient(
                        new ForwardPath(new Mailbox("bounces+user=recipient.test+campaign42", "bounces.test")),
                        new VerpAddress("user@recipient.test", ["campaign42"])
                    ),
                ],
                Helo = "mx.sender.test",
                RemoteIp = IPAddress.Parse("192.0.2.1"),
            },
            new DateTimeOffset(2026, 11, 22, 9, 14, 5, TimeSpan.Zero),
            Encoding.ASCII.GetBytes(content.PadRight(4096, 'x').ReplaceLineEndings("\r\n"))
        );

    private static string Bounce() =>
        """
            Received: from mx.sender.test (mx.sender.test [192.0.2.1]) by mx.bounces.test; Sun, 22 Nov 2026 09:14:05 +0000
            From: Mail Delivery System <MAILER-DAEMON@mx.sender.test>
            To: bounces+user=recipient.test+campaign42@bounces.test
            Subject: Undelivered Mail Returned to Sender
            Date: Sun, 22 Nov 2026 09:14:05 +0000
            Message-ID: <4Vq0@mx.sender.test>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: text/plain; charset=us-ascii

            Your message could not be delivered to one or more recipients.

            <user@recipient.test>: host mx.recipient.test[192.0.2.25] said: 550 5.1.1
                <user@recipient.test>: Recipient address rejected: User unknown in virtual
                mailbox table (in reply to RCPT TO command)

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.sender.test
            Arrival-Date: Sun, 22 Nov 2026 09:14:03 +0000

            Original-Recipient: rfc822;user@recipient.test
            Final-Recipient: rfc822; user@recipient.test
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.recipient.test
            Diagnostic-Code: smtp; 550 5.1.1 <user@recipient.test>: Recipient address
                rejected: User unknown in virtual mailbox table

            --b
            Content-Type: message/rfc822

            From: News <news@sender.test>
            To: <user@recipient.test>
            Subject: News
            Date: Sun, 22 Nov 2026 09:14:02 +0000
            Message-ID: <42@sender.test>
            List-Id: <news.sender.test>
            Feedback-ID: 42:news:sender


            """;

    private static string Ordinary() =>
        """
            From: A person <person@elsewhere.test>
            To: bounces@bounces.test
            Subject: Lunch?
            Message-ID: <lunch@elsewhere.test>

            Shall we have lunch on Tuesday?

            """;
}
