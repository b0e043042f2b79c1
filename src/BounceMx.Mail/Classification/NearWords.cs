using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Classification;

/// <summary>
/// What turns words that sound final, because it stands close to them: they are said of the sender, his host or his message rather than of the
/// recipient (<c>Sender address rejected: User unknown</c>, <c>your domain does not exist</c>, <c>SPF record not found</c>), or another cause is
/// named (<c>Mailbox unavailable: quota exceeded</c>), one that passes as well (<c>Mailbox unavailable: maintenance</c>). Servers say such things in answer to RCPT, so the command does not tell, and no recipient
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
        "contraseña",
        "senha",
        "mot de passe",
        "passwort",
        "kennwort",
        "authentication",
        "email header",
        "email attachment",
        "you are not",
        "your account",
        "your address",
        "your mailbox",
        "reply-to",
        "return address",
        "bounce address",
        "originator",
        "hostname of",
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
        "odesílatel",
        "odesilatel",
        "feladó",
        "gönderen",
        "avsändar",
        "afsender",
        "avsender",
        "lähettäj",
        "відправник",
        "подател",
        "αποστολέ",
        "người gửi",
        "pengirim",
        "送信者",
        "送信元",
        "差出人",
        "发件人",
        "发信人",
        "寄件人",
        "寄件者",
        "발신",
        "보낸",
    ];

    /// <summary>Words for what passes; none that is a mere courtesy, such as "please try again".</summary>
    private static readonly string[] Passing =
    [
        "maintenance",
        "migration",
        "migrated",
        "upgrade",
        "being moved",
        "offline",
        "temporarily",
        "temporary",
        "at this time",
        "at the moment",
        "currently unavailable",
        "currently not",
        "try again later",
        "try later",
        "in progress",
        "vorübergehend",
        "temporairement",
        "temporalmente",
        "temporariamente",
        "temporaneamente",
        "временно",
        "一時的",
        "暂时",
    ];

    /// <summary>A row: the words, what they make of a hard reason, and how evidence names them.</summary>
    private static readonly (SubjectPhrases Words, BounceReason Meant, string About)[] Rows =
    [
        (new(Sender), BounceReason.Rejected, "of the sender"),
        (new("header"), BounceReason.NotCompliantRfc, "of a header"),
        (
            new("quota", "mailbox full", "mailbox is full", "storage limit", "espacio", "espaço", "spazio", "espace"),
            BounceReason.MailboxFull,
            "beside a quota"
        ),
        (new("suppress", "previously bounced"), BounceReason.Suppressed, "beside a list of addresses not to be mailed"),
        (new("blocked using", "is listed"), BounceReason.Blocked, "beside a blocklist"),
        (new("spam", "junk mail", "quarantine", "a link ", "links ", " url ", "in the body"), BounceReason.SpamDetected, "beside spam"),
        (new("virus", "malware"), BounceReason.VirusDetected, "beside a virus"),
        (new(" mb", " kb", " bytes", "message size"), BounceReason.EmailTooLarge, "beside a size"),
        (
            new("relaying denied", "relay denied", "relay access", "relaying not", "relay not", "to relay"),
            BounceReason.NoRelaying,
            "beside relaying"
        ),
        (new(Passing), BounceReason.SystemError, "beside a trouble that passes"),
    ];

    /// <summary>What a hard reason means here, and why; <c>null</c> where nothing turns it.</summary>
    /// <param name="text">The diagnostic.</param>
    /// <param name="start">Where the words of the rule begin.</param>
    /// <param name="end">Where they end, exclusive.</param>
    /// <param name="status">The status code, which can settle it: x.1.7 and x.1.8 name the sender, x.1.1 and its like the recipient (RFC 3463 section 3.2).</param>
    /// <param name="reply">The reply code: who is unknown in answer to AUTH is who logs in (RFC 4954 section 6).</param>
    public static (BounceReason Meant, string About)? Turn(
        ReadOnlySpan<char> text,
        int start,
        int end,
        EnhancedStatusCode? status,
        ReplyCode? reply
    )
    {
        if (reply is { Value: 530 or 534 or 535 or 538 })
            return (BounceReason.SecurityError, "of who logs in");
        switch (status)
        {
            case { Subject: 1, Detail: 7 or 8 }:
                return (Rows[0].Meant, Rows[0].About);
            case { Subject: 1, Detail: 1 or 2 or 3 or 6 or 10 }:
                return null;
        }
        Span<char> prose = stackalloc char[NormalizedText.MaxLength];
        TextWords.WithoutNames(text, prose);
        ReadOnlySpan<char> near = prose[Math.Max(0, start - Before)..Math.Min(text.Length, end + Behind)];
        foreach ((SubjectPhrases words, BounceReason meant, string about) in Rows)
        {
            if (words.StandIn(near))
                return (meant, about);
        }
        return null;
    }
}
