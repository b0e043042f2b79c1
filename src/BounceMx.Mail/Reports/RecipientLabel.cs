namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells whether a line puts an address behind a label, and which: <c>Recipient address: user@example.org</c>, <c>Addressed To: …</c>,
/// <c>宛先：…</c>, the cells of a table. A label for whoever sent, or for whoever helps, is none.
/// </summary>
internal static class RecipientLabel
{
    /// <summary>No label in use is longer.</summary>
    private const int MaxLength = 60;

    /// <summary>Words in labels that MTAs put before the address that failed.</summary>
    private static readonly Phrases _words = new(
        "recipient",
        "rcpt",
        "address",
        "sent to",
        "deliver to",
        "delivered to",
        "delivery to",
        "message to",
        "mail to",
        "user",
        "mailbox",
        "empfänger",
        "destinat",
        "ontvanger",
        "mottagare",
        "modtager",
        "odbiorc",
        "adresat",
        "příjemc",
        "получател",
        "адресат",
        "alıcı",
        "címzett",
        "宛先",
        "あて先",
        "送信先",
        "受信者",
        "収信人",
        "收件",
        "收信",
        "받는",
        "수신"
    );

    private static readonly Phrases _others = new(
        "from",
        "sender",
        "reply",
        "return",
        "contact",
        "postmaster",
        "admin",
        "support",
        "help",
        "report",
        "your ",
        "absender",
        "expéditeur",
        "remitente",
        "remetente",
        "mittente",
        "afzender",
        "nadawc",
        "отправител",
        "送信者",
        "差出人",
        "发件",
        "寄件",
        "보낸"
    );

    /// <summary>The label of the original's header: right as a rule, but with an expanded alias it is not who failed.</summary>
    private static readonly byte[][] _headers =
    [
        "to"u8.ToArray(),
        "an"u8.ToArray(),
        "à"u8.ToArray(),
        "para"u8.ToArray(),
        "a"u8.ToArray(),
        "aan"u8.ToArray(),
        "till"u8.ToArray(),
        "til"u8.ToArray(),
        "do"u8.ToArray(),
        "кому"u8.ToArray(),
        "至"u8.ToArray(),
    ];

    /// <summary>How long the label is, with its colon; 0 when the line has none that announces a recipient.</summary>
    public static int Length(ReadOnlySpan<byte> line)
    {
        int end = End(line, out int next);
        return end > 0 && _words.StandIn(line[..end]) && !_others.StandIn(line[..end]) ? next : 0;
    }

    /// <summary>How long the label is where it is that of the field To; else 0.</summary>
    public static int LengthOfTo(ReadOnlySpan<byte> line)
    {
        int end = End(line, out int next);
        ReadOnlySpan<byte> label = line[..Math.Max(end, 0)].TrimBlank();
        foreach (byte[] header in _headers)
        {
            if (label.Length == header.Length && label.StartsWithIgnoreCase(header))
                return next;
        }

        return 0;
    }

    /// <summary>Where the label ends: at a colon, full-width or not, an equals sign or the tab between the cells of a table.</summary>
    private static int End(ReadOnlySpan<byte> line, out int next)
    {
        int end = line[..Math.Min(line.Length, MaxLength)].IndexOfAny((byte)':', (byte)'\t', (byte)'=');
        int wide = line[..Math.Min(line.Length, MaxLength)].IndexOf("："u8);
        if (wide >= 0 && (end < 0 || wide < end))
        {
            next = wide + 3;
            return wide;
        }

        next = end + 1;
        return end > 0 && line[..end].Contains((byte)'@') ? -1 : end;
    }
}
