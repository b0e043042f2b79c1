using System.Net;
using System.Text;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Pipeline;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Tests;

/// <summary>Values that many tests need.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Received = new(2026, 11, 22, 9, 14, 5, TimeSpan.Zero);

    /// <summary>A bounce about user@recipient.test, as Postfix would write it.</summary>
    public const string Bounce = """
        From: MAILER-DAEMON@mx.sender.test
        To: bounces@bounces.test
        Subject: Undelivered Mail Returned to Sender
        Date: Sun, 22 Nov 2026 09:14:05 +0000
        Message-ID: <4Vq0@mx.sender.test>
        Auto-Submitted: auto-replied
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=delivery-status; boundary="b"

        --b
        Content-Type: text/plain

        <user@recipient.test>: host mx.recipient.test[192.0.2.25] said: 550 5.1.1
            <user@recipient.test>: User unknown (in reply to RCPT TO command)

        --b
        Content-Type: message/delivery-status

        Reporting-MTA: dns; mx.sender.test

        Final-Recipient: rfc822; user@recipient.test
        Action: failed
        Status: 5.1.1
        Remote-MTA: dns; mx.recipient.test
        Diagnostic-Code: smtp; 550 5.1.1 <user@recipient.test>: User unknown

        --b
        Content-Type: text/rfc822-headers

        From: news@sender.test
        To: user@recipient.test
        Subject: News
        Message-ID: <42@sender.test>
        List-Id: <news.sender.test>

        --b--
        """;

    public static Envelope Envelope(params AcceptedRecipient[] recipients) =>
        new()
        {
            MailFrom = "",
            RcptTo = recipients.Length == 0 ? [Verp("user@recipient.test", "campaign42")] : recipients,
            Helo = "mx.sender.test",
            RemoteIp = IPAddress.Parse("192.0.2.1"),
        };

    public static AcceptedRecipient Verp(string recipient, params string[] tags) =>
        new(
            new ForwardPath(new Mailbox(string.Join('+', ["bounces", recipient.Replace('@', '='), .. tags]), "bounces.test")),
            new VerpAddress(recipient, tags)
        );

    public static AcceptedRecipient Plain(string localPart = "bounces") =>
        new(new ForwardPath(new Mailbox(localPart, "bounces.test")), Verp: null);

    public static SpooledMessage Message(string content = Bounce, params AcceptedRecipient[] recipients) =>
        new(new SpoolId(1), Envelope(recipients), Received, Encoding.UTF8.GetBytes(content.ReplaceLineEndings("\r\n")));

    public static BounceEvent Event(string id) =>
        new()
        {
            Id = id,
            Type = EventTypes.Bounce,
            Severity = "hard",
            Reason = "user_unknown",
            Advice = "remove",
            Recipient = "user@recipient.test",
            RecipientSource = "verp",
            Action = "failed",
            Status = "5.1.1",
            Reply = "550",
            Tags = ["campaign42", "shop"],
            Trust = Trusts.Likely,
            Rule = "status",
            OccurredAt = Received,
            ReceivedAt = Received,
            Envelope = new EventEnvelope("", ["bounces+user=recipient.test+campaign42+shop@bounces.test"], "mx.sender.test", "192.0.2.1"),
            Evidence = ["null reverse path"],
            SpoolId = 1,
        };
}
