namespace BounceMx.Mail.Reports;

/// <summary>
/// A line that begins with an address, behind bullets, a number, quotes, a reply code and a label: <c>1) &lt;a@example.org&gt;: host down</c>,
/// <c>Recipient: a@example.org</c>. Does not tell whether it is a recipient's.
/// </summary>
internal readonly ref struct ListEntry
{
    /// <summary>Lists are not numbered any higher.</summary>
    private const int MaxDigits = 4;

    /// <summary>What an address may be followed by to say that its message arrived.</summary>
    private static readonly byte[][] _arrived =
    [
        "ok"u8.ToArray(),
        "sent"u8.ToArray(),
        "delivered"u8.ToArray(),
        "success"u8.ToArray(),
        "successful"u8.ToArray(),
        "delivered successfully"u8.ToArray(),
        "successfully delivered"u8.ToArray(),
    ];

    /// <summary>The address.</summary>
    public ReadOnlySpan<byte> Address { get; private init; }

    /// <summary>The line behind it.</summary>
    public ReadOnlySpan<byte> Rest { get; private init; }

    /// <summary>Whether a label says that it is a recipient's.</summary>
    public bool IsLabelled { get; private init; }

    /// <summary>Whether it is marked as an entry: indented, with a bullet, a number or a bracket.</summary>
    public bool IsMarked { get; private init; }

    /// <summary>Whether a reply code stands before it.</summary>
    public bool IsBehindReply { get; private init; }

    /// <summary>Whether what follows is said of it: <c>a@example.org: …</c>, <c>&lt;a@example.org&gt;</c>.</summary>
    public bool IsSubject => Rest is [(byte)':' or (byte)'>', ..];

    /// <summary>Whether the line says that the message arrived: <c>a@example.org  250 OK</c>.</summary>
    public bool Arrived
    {
        get
        {
            ReadOnlySpan<byte> said = Rest.TrimStart(" \t>):-,;=|"u8).TrimEnd(" \t.!"u8);
            if (ReplyText.TryFind(said, out ReplyCode code, out int at) && at == 0)
                return code.Class == 2;
            foreach (byte[] word in _arrived)
            {
                if (said.Length == word.Length && said.StartsWithIgnoreCase(word))
                    return true;
            }

            return false;
        }
    }

    /// <summary>Reads a line.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, out ListEntry entry)
    {
        entry = default;
        ReadOnlySpan<byte> text = WithoutNumber(WithoutBullets(line));
        bool isMarked = !char.IsAsciiLetterOrDigit((char)line[0]) || text.Length < line.Length;
        bool isBehindReply = ReplyText.TryFind(text, out _, out int at) && at == 0;
        if (isBehindReply)
            text = text[3..].TrimStart("- .0123456789"u8);
        int label = RecipientLabel.Length(text);
        text = text[label..].TrimStart(" \t|"u8);
        text = text[AddressText.MarkLength(text)..];
        if (!AddressText.TryFind(text, out Range where) || text[..where.Start].IndexOfAnyExcept(" <\"'("u8) >= 0)
            return false;
        entry = new ListEntry
        {
            Address = text[where],
            Rest = text[where.End..],
            IsLabelled = label > 0,
            IsMarked = isMarked,
            IsBehindReply = isBehindReply,
        };
        return true;
    }

    /// <summary>Cuts bullets and opening quotes off the begin of a line.</summary>
    public static ReadOnlySpan<byte> WithoutBullets(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t*->|\"'"u8);
        while (AddressText.MarkLength(line) is > 0 and var mark)
            line = line[mark..].TrimStart(" \t*->|\"'"u8);
        return line;
    }

    /// <summary>Cuts off the number of an entry: <c>1) a@example.org</c>, <c>[2] b@example.org</c>.</summary>
    private static ReadOnlySpan<byte> WithoutNumber(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> number = line.TrimStart("([#"u8);
        int digits = number.IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is > 0 and <= MaxDigits && number[digits..] is [(byte)')' or (byte)'.' or (byte)']', (byte)' ' or (byte)'\t', ..]
            ? number[(digits + 1)..].TrimStart(" \t"u8)
            : line;
    }
}
