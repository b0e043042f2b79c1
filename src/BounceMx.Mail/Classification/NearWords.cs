using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Classification;

/// <summary>
/// What turns words that sound final, because it stands close to them: they are said of the sender, his host or his message rather than of the
/// recipient (<c>Sender address rejected: User unknown</c>, <c>your domain does not exist</c>, <c>SPF record not found</c>), or another cause is
/// named (<c>Mailbox unavailable: quota exceeded</c>). Servers say such things in answer to RCPT, so the command does not tell, and no recipient
/// must be removed for them.
/// <para>Does not: touch a reason that is not hard, or one that the status code bears out.</para>
/// </summary>
internal static class NearWords
{
    /// <summary>How far before the words of a rule it counts, in characters.</summary>
    private const int Before = 48;

    /// <summary>How far behind them.</summary>
    private const int Behind = 32;

    /// <summary>Words for the sender, his host, his message and how he proves who he is.</summary>
    private static readonly string[] Sender =
    [
        "sender",
        "mail from",
        "from address",
        "from header",
        "header from",
        "return-path",
        "return path",
        "envelope from",
        "helo",
        "ehlo",
        "your ip",
        "your domain",
        "your server",
        "your host",
        "ip address unknown",
        "client host",
        "reverse dns",
        "rdns",
        " ptr",
        "spf",
        "dkim",
        "dmarc",
        "certificate",
        "password",
        "authentication",
        "email header",
        "email attachment",
        "you are not",
        "absender",
        "ip-adresse",
        "expéditeur",
        "expediteur",
        "adresse ip",
        "remitente",
        "remetente",
        "mittente",
        "afzender",
        "nadawc",
        "отправител",
        "送信者",
        "发件人",
        "寄件人",
    ];

    /// <summary>A row: the words, what they make of a hard reason, and how evidence names them.</summary>
    private static readonly (SubjectPhrases Words, BounceReason Meant, string About)[] Rows =
    [
        (new(Sender), BounceReason.Rejected, "of the sender"),
        (new("quota", "mailbox full", "mailbox is full"), BounceReason.MailboxFull, "beside a quota"),
        (new("spam", "junk mail", "quarantine"), BounceReason.SpamDetected, "beside spam"),
        (new("virus", "malware"), BounceReason.VirusDetected, "beside a virus"),
        (new(" mb", " kb", " bytes", "message size"), BounceReason.EmailTooLarge, "beside a size"),
    ];

    /// <summary>What a hard reason means here, and why; <c>null</c> where nothing turns it.</summary>
    /// <param name="text">The diagnostic.</param>
    /// <param name="start">Where the words of the rule begin.</param>
    /// <param name="end">Where they end, exclusive.</param>
    /// <param name="status">The status code, which can settle it: x.1.7 and x.1.8 name the sender, x.1.1 and its like the recipient (RFC 3463 section 3.2).</param>
    public static (BounceReason Meant, string About)? Turn(ReadOnlySpan<char> text, int start, int end, EnhancedStatusCode? status)
    {
        switch (status)
        {
            case { Subject: 1, Detail: 7 or 8 }:
                return (Rows[0].Meant, Rows[0].About);
            case { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 }:
                return null;
        }
        int from = Math.Max(0, start - Before);
        ReadOnlySpan<char> near = text[from..Math.Min(text.Length, end + Behind)];
        foreach ((SubjectPhrases words, BounceReason meant, string about) in Rows)
        {
            if (words.StandIn(near))
                return (meant, about);
        }
        return null;
    }
}
