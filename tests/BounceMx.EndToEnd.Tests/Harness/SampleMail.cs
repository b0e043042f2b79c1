namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>Mail written for these tests, in the shapes of RFC 3464, 3834 and 5965. Lines end in LF.</summary>
internal static class SampleMail
{
    /// <summary>The reports, for theories: a name makes a better test name than a mail.</summary>
    public static IReadOnlyDictionary<string, Func<string, string>> ByName { get; } =
        new Func<string, string>[] { UserUnknown, MailboxFull, Delayed, Delivered, Complaint, Vacation }.ToDictionary(sample =>
            sample.Method.Name
        );

    /// <summary>A failure, as an MTA reports the refusal of RCPT.</summary>
    public static string UserUnknown(string recipient) =>
        DeliveryStatus(
            "Undelivered Mail Returned to Sender",
            $"""
            Your message could not be delivered.

            <{recipient}>: host mx.recipient.example[192.0.2.25] said: 550 5.1.1
                <{recipient}>: Recipient address rejected: User unknown in virtual
                mailbox table (in reply to RCPT TO command)
            """,
            $"""
            Original-Recipient: rfc822;{recipient}
            Final-Recipient: rfc822; {recipient}
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.recipient.example
            Diagnostic-Code: smtp; 550 5.1.1 <{recipient}>: Recipient address rejected:
                User unknown in virtual mailbox table
            Last-Attempt-Date: Sat, 21 Nov 2026 09:14:05 +0100
            """,
            recipient
        );

    /// <summary>A failure that may pass: the mailbox is over its quota.</summary>
    public static string MailboxFull(string recipient) =>
        DeliveryStatus(
            "Mail delivery failed",
            "The recipient's mailbox is over its quota.",
            $"""
            Final-Recipient: rfc822; {recipient}
            Action: failed
            Status: 5.2.2
            Remote-MTA: dns; mx.recipient.example
            Diagnostic-Code: smtp; 552 5.2.2 The mailbox is over quota
            """,
            recipient
        );

    /// <summary>A warning: it is still being tried.</summary>
    public static string Delayed(string recipient) =>
        DeliveryStatus(
            "Delayed Mail (still being retried)",
            "This is a warning only. You do not need to send your message again.",
            $"""
            Final-Recipient: rfc822; {recipient}
            Action: delayed
            Status: 4.4.1
            Diagnostic-Code: smtp; 451 4.4.1 Connection timed out
            Will-Retry-Until: Thu, 26 Nov 2026 09:14:04 +0100
            """,
            recipient
        );

    /// <summary>A success, as NOTIFY=SUCCESS asks for.</summary>
    public static string Delivered(string recipient) =>
        DeliveryStatus(
            "Successful Mail Delivery Report",
            "Your message was delivered.",
            $"""
            Final-Recipient: rfc822; {recipient}
            Action: delivered
            Status: 2.0.0
            """,
            recipient
        );

    /// <summary>A feedback report (RFC 5965).</summary>
    public static string Complaint(string recipient) =>
        $"""
            From: <feedback@recipient.example>
            To: <abuse@sender.example>
            Date: Sat, 21 Nov 2026 10:00:00 +0100
            Subject: FW: Our news of November
            Message-ID: <report.{recipient}>
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=feedback-report;
             boundary="feedback"

            --feedback
            Content-Type: text/plain; charset=us-ascii

            This is an abuse report for a message from your server.

            --feedback
            Content-Type: message/feedback-report

            Feedback-Type: abuse
            User-Agent: ExampleFBL/1.0
            Version: 1
            Original-Rcpt-To: <{recipient}>
            Arrival-Date: Sat, 21 Nov 2026 09:14:04 +0100
            Source-IP: 198.51.100.7

            --feedback
            Content-Type: message/rfc822

            {Original(recipient)}
            --feedback--

            """;

    /// <summary>An answer written by a machine (RFC 3834).</summary>
    public static string Vacation(string recipient) =>
        $"""
            From: <{recipient}>
            To: <news@sender.example>
            Date: Sat, 21 Nov 2026 09:14:10 +0100
            Subject: Out of office: Our news of November
            Message-ID: <vacation.{recipient}>
            Auto-Submitted: auto-replied
            In-Reply-To: <campaign42.{recipient}>

            I am out of the office until Monday and will answer then.

            """;

    /// <summary>Mail that is no report at all.</summary>
    public static string Ordinary(string subject) =>
        $"""
            From: A person <person@elsewhere.example>
            To: <bounces@bounces.example.test>
            Date: Sat, 21 Nov 2026 09:14:10 +0100
            Subject: {subject}
            Message-ID: <{Guid.NewGuid():N}@elsewhere.example>

            Shall we have lunch on Tuesday? The new place by the river is said to be good.

            """;

    private static string DeliveryStatus(string subject, string text, string recipientFields, string recipient) =>
        $"""
            From: Mail Delivery System <MAILER-DAEMON@mx.sender.example>
            To: <bounces@bounces.example.test>
            Date: Sat, 21 Nov 2026 09:14:06 +0100
            Subject: {subject}
            Message-ID: <dsn.{recipient}>
            Auto-Submitted: auto-replied
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status;
             boundary="report"

            --report
            Content-Type: text/plain; charset=us-ascii

            {text}

            --report
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.sender.example
            Arrival-Date: Sat, 21 Nov 2026 09:14:04 +0100

            {recipientFields}

            --report
            Content-Type: message/rfc822

            {Original(recipient)}
            --report--

            """;

    private static string Original(string recipient) =>
        $"""
            From: Shop <news@sender.example>
            To: <{recipient}>
            Date: Sat, 21 Nov 2026 09:14:03 +0100
            Subject: Our news of November
            Message-ID: <campaign42.{recipient}>
            List-Id: The news <news.sender.example>
            Feedback-ID: 42:news:sender

            Here is what is new.

            """;
}
