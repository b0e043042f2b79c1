using System.Net;
using System.Text;
using BounceMx.Intake;
using BounceMx.Mail;
using BounceMx.Mail.Classification;
using BounceMx.Pipeline;
using BounceMx.Rules;
using BounceMx.Storage;
using BounceMx.Verp;

namespace BounceMx.Tests;

/// <summary>Values that many tests need.</summary>
internal static class Sample
{
    public static readonly DateTimeOffset Received = new(2026, 11, 22, 9, 14, 5, TimeSpan.Zero);

    /// <summary>A key of 16 octets, the least there may be.</summary>
    public const string Key = "1:000102030405060708090a0b0c0d0e0f";

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

    /// <summary>A codec for bounces.test; with keys, if any are given.</summary>
    public static VerpCodec Codec(string keys = "", TimeProvider? time = null) =>
        new(new VerpOptions { Domains = ["bounces.test"], Keys = Keys(keys) }, time ?? new ManualTime("2026-11-22T09:14:05Z"));

    public static IReadOnlyList<VerpKey> Keys(string text) =>
        VerpKeyFile.TryParse(text, out IReadOnlyList<VerpKey> keys, out _) ? keys : [];

    /// <summary>A bounce address of a recipient, signed with <see cref="Key"/>.</summary>
    public static string Signed(string recipient, params string[] tags) => Codec(Key).Encode(recipient, "bounces.test", tags).Address!;

    /// <summary>A composer with the rules of the program.</summary>
    public static EventComposer Composer(VerpCodec? codec = null, params string[] senderDomains)
    {
        codec ??= Codec();
        return new(new LiveClassifier(RuleBook.Default), new RecipientMatcher(codec), new TrustJudge(codec, senderDomains));
    }

    /// <summary>An address as the door lets it in, in a server with a key where one is given.</summary>
    public static AcceptedRecipient Accepted(string address, string keys = "", DoorSettings? policy = null)
    {
        int at = address.LastIndexOf('@');
        var path = new ForwardPath(new Mailbox(address[..at], address[(at + 1)..]));
        VerpCodec codec = Codec(keys);
        VerpDecoding decoding = codec.Decode(path.Mailbox.LocalPart, path.Mailbox.Domain);
        Admission admission = new BounceDoor(codec.HasKeys, policy ?? new DoorSettings()).Judge(decoding);
        return admission.Refusal is null
            ? BounceMailHandler.Read(decoding, path, default) with
            {
                Signature = admission.Signature,
                IsMarked = admission.IsMarked,
            }
            : throw new ArgumentException(admission.Refusal.Text, nameof(address));
    }

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
