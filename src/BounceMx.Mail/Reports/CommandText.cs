namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells from an MTA's wording which SMTP command was refused. The table holds what Postfix, Exim, Sendmail, qmail and Exchange write
/// around the remote reply; the first entry that occurs wins, so the telling phrases stand before the vague ones.
/// </summary>
internal static class CommandText
{
    /// <summary>How far a text of several lines is read.</summary>
    private const int MaxWrapped = 2048;

    public const string Connect = "CONN";
    public const string Ehlo = "EHLO";
    public const string Mail = "MAIL";
    public const string Rcpt = "RCPT";
    public const string Data = "DATA";

    private static readonly (byte[] Phrase, string Command)[] _phrases =
    [
        ("in reply to end of data"u8.ToArray(), Data),
        ("in reply to rcpt to"u8.ToArray(), Rcpt),
        ("in reply to mail from"u8.ToArray(), Mail),
        ("in reply to data"u8.ToArray(), Data),
        ("in reply to ehlo"u8.ToArray(), Ehlo),
        ("in reply to helo"u8.ToArray(), Ehlo),
        ("while sending end of data"u8.ToArray(), Data),
        ("while sending message body"u8.ToArray(), Data),
        ("while sending rcpt to"u8.ToArray(), Rcpt),
        ("while sending mail from"u8.ToArray(), Mail),
        ("while receiving the initial server greeting"u8.ToArray(), Connect),
        ("while performing the ehlo handshake"u8.ToArray(), Ehlo),
        ("while performing the helo handshake"u8.ToArray(), Ehlo),
        ("refused to talk to me"u8.ToArray(), Connect),
        ("after end of data"u8.ToArray(), Data),
        ("after pipelined end of data"u8.ToArray(), Data),
        ("after rcpt to"u8.ToArray(), Rcpt),
        ("after pipelined rcpt to"u8.ToArray(), Rcpt),
        ("after mail from"u8.ToArray(), Mail),
        ("after pipelined mail from"u8.ToArray(), Mail),
        ("after initial connection"u8.ToArray(), Connect),
        ("after data"u8.ToArray(), Data),
        ("after ehlo"u8.ToArray(), Ehlo),
        ("after helo"u8.ToArray(), Ehlo),
        ("response to rcpt to"u8.ToArray(), Rcpt),
        ("response to mail from"u8.ToArray(), Mail),
        ("response to end of data"u8.ToArray(), Data),
        ("error on rcpt to"u8.ToArray(), Rcpt),
        ("does not like recipient"u8.ToArray(), Rcpt), // qmail-remote
        ("but sender was rejected"u8.ToArray(), Mail),
        ("after i sent the message"u8.ToArray(), Data),
        ("after rcpt command"u8.ToArray(), Rcpt),
        ("after mail command"u8.ToArray(), Mail),
        ("following rcpt command"u8.ToArray(), Rcpt),
        ("following mail command"u8.ToArray(), Mail),
        ("following data command"u8.ToArray(), Data),
        ("smtp:rcpt host"u8.ToArray(), Rcpt),
        ("smtp:mail host"u8.ToArray(), Mail),
        ("smtp:data host"u8.ToArray(), Data),
        ("smtp:ehlo host"u8.ToArray(), Ehlo),
        ("smtp:connect host"u8.ToArray(), Connect),
        ("during rcpt"u8.ToArray(), Rcpt),
        ("during data"u8.ToArray(), Data),
        ("rejected recipient"u8.ToArray(), Rcpt),
        ("connect to "u8.ToArray(), Connect),
        ("connection refused"u8.ToArray(), Connect),
    ];

    /// <summary>All of them, to see in one pass that a text holds none.</summary>
    private static readonly Phrases _any = new([.. _phrases.Select(phrase => System.Text.Encoding.ASCII.GetString(phrase.Phrase))]);

    /// <summary>The command that a text names, or <c>null</c>.</summary>
    /// <param name="text">UTF-8; may be wrapped anywhere between two words.</param>
    public static string? Find(ReadOnlySpan<byte> text)
    {
        if (text.IndexOfAny((byte)'\r', (byte)'\n') >= 0)
        {
            Span<byte> line = stackalloc byte[Math.Min(text.Length, MaxWrapped)];
            return FindInLine(line[..Octets.Collapse(text[..line.Length], line)]);
        }

        return FindInLine(text);
    }

    private static string? FindInLine(ReadOnlySpan<byte> text)
    {
        if (!_any.StandIn(text))
            return null;
        foreach ((byte[] phrase, string command) in _phrases)
        {
            if (text.ContainsIgnoreCase(phrase))
                return command;
        }

        return null;
    }

    /// <summary>The command at the start of a transcript's line, or <c>null</c>.</summary>
    /// <param name="line">Such as <c>RCPT To:&lt;a@b.test&gt;</c>.</param>
    public static string? OfLine(ReadOnlySpan<byte> line)
    {
        line = line.TrimBlank();
        if (line.StartsWithIgnoreCase("rcpt"u8))
            return Rcpt;
        if (line.StartsWithIgnoreCase("mail"u8))
            return Mail;
        if (line.StartsWithIgnoreCase("data"u8) || line.StartsWithIgnoreCase("bdat"u8) || line.SequenceEqual("."u8))
            return Data;
        return line.StartsWithIgnoreCase("ehlo"u8) || line.StartsWithIgnoreCase("helo"u8) || line.StartsWithIgnoreCase("lhlo"u8)
            ? Ehlo
            : null;
    }
}
