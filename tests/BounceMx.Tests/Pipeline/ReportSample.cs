namespace BounceMx.Tests.Pipeline;

/// <summary>Mail of each kind that comes to bounce addresses.</summary>
internal static class ReportSample
{
    public const string Ordinary = """
        From: A person <person@elsewhere.test>
        To: bounces@bounces.test
        Subject: Lunch?
        Date: Sun, 22 Nov 2026 09:14:05 +0000
        Message-ID: <lunch@elsewhere.test>

        Shall we have lunch on Tuesday?
        """;

    public const string AutoReply = """
        From: <user@recipient.test>
        To: <news@sender.test>
        Subject: Out of office: News
        Auto-Submitted: auto-replied

        Back on Monday.
        """;

    public const string Complaint = """
        From: feedback@recipient.test
        To: abuse@sender.test
        Subject: FW: News
        MIME-Version: 1.0
        Content-Type: multipart/report; report-type=feedback-report; boundary="b"

        --b
        Content-Type: text/plain

        An abuse report.

        --b
        Content-Type: message/feedback-report

        Feedback-Type: abuse
        User-Agent: Example/1.0
        Version: 1
        Original-Rcpt-To: <user@recipient.test>

        --b
        Content-Type: text/rfc822-headers

        From: news@sender.test
        To: user@recipient.test

        --b--
        """;

    public static string Bounce(params string[] recipients) =>
        Report(
            string.Join(
                "\n\n",
                recipients.Select(recipient =>
                    $"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 User unknown"
                )
            )
        );

    public static string Report(string recipients) =>
        $"""
            From: MAILER-DAEMON@mx.sender.test
            Subject: Delivery report
            MIME-Version: 1.0
            Content-Type: multipart/report; report-type=delivery-status; boundary="b"

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.sender.test

            {recipients}

            --b--
            """;
}
