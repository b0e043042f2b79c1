using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Decides whether the text of a message bears out the signs of a bounce in its header. The weaker the signs, the more the text must hold: who
/// did not get the message, in words of its own rather than quoted ones; the returned message; a server's reply. Lures that look like a
/// bounce (<c>5 messages could not be delivered, click here</c>) name nobody but the addressee, return nothing, and hold a link.
/// </summary>
internal static class BounceEvidence
{
    /// <summary>How many addresses of a text are looked at.</summary>
    private const int MaxAddresses = 100;

    /// <summary>How far a part is searched for a link.</summary>
    private const int MaxProbe = 64 * 1024;

    /// <summary>What the text may hold.</summary>
    [Flags]
    private enum Holds
    {
        Nothing = 0,

        /// <summary>A returned message.</summary>
        Original = 1,

        /// <summary>A failed recipient who is neither the addressee nor the author, not within a quotation.</summary>
        Recipient = 2,

        /// <summary>A reply next to that recipient.</summary>
        ReplyToRecipient = 4,

        /// <summary>A reply anywhere.</summary>
        Reply = 8,

        /// <summary>Any address of somebody else, not within a quotation.</summary>
        Address = 16,

        /// <summary>No link to the web.</summary>
        NoLink = 32,

        /// <summary>The fields of a delivery status.</summary>
        Fields = 64,
    }

    /// <summary>Which signs are enough together with what.</summary>
    private static readonly (Signs Signs, Holds Holds)[] _enough =
    [
        (Signs.FailedRecipients, Holds.Nothing),
        (Signs.ReportType, Holds.Nothing),
        (Signs.Daemon, Holds.Recipient),
        (Signs.Daemon, Holds.Original),
        (Signs.Daemon | Signs.NullSender, Holds.Reply),
        (Signs.Daemon | Signs.UnknownSender, Holds.Reply),
        (Signs.Daemon, Holds.NoLink),
        (Signs.Postmaster, Holds.Original),
        (Signs.Postmaster | Signs.Subject, Holds.Recipient),
        (Signs.Postmaster | Signs.NullSender, Holds.Recipient),
        (Signs.Postmaster | Signs.NullSender, Holds.Address),
        (Signs.Postmaster | Signs.NullSender | Signs.Subject, Holds.Reply),
        (Signs.Postmaster | Signs.NullSender | Signs.Subject, Holds.NoLink),
        (Signs.Postmaster | Signs.UnknownSender, Holds.Recipient | Holds.Reply),
        (Signs.Postmaster, Holds.ReplyToRecipient),
        (Signs.NullSender | Signs.Subject, Holds.Original),
        (Signs.NullSender | Signs.Subject, Holds.Recipient),
        (Signs.NullSender, Holds.Original),
        (Signs.NullSender, Holds.ReplyToRecipient | Holds.NoLink),
        (Signs.Subject, Holds.ReplyToRecipient),
        (Signs.Subject, Holds.Recipient | Holds.Reply),
        (Signs.Subject, Holds.Recipient | Holds.Original),
        (Signs.Subject | Signs.UnknownSender, Holds.Recipient),
        (Signs.Subject | Signs.UnknownSender, Holds.Original),
        (Signs.Forward, Holds.Fields),
    ];

    private static readonly Phrases _fields = new("final-recipient:");

    /// <summary>Words that tell a server's reply from a number in a letter, where no enhanced status code does.</summary>
    private static readonly Phrases _servers = new(
        "smtp",
        "rcpt to",
        "<<<",
        "remote host",
        "remote server",
        "mail server",
        " said",
        "responded",
        "replied",
        "user unknown",
        "unknown user",
        "no such user",
        "mailbox",
        "relay"
    );

    private static readonly Phrases _links = new("http://", "https://");

    /// <summary>Whether what the text holds is enough, together with the signs.</summary>
    /// <param name="sign">What the header says.</param>
    /// <param name="draft">The message.</param>
    /// <param name="text">Its text for people.</param>
    /// <param name="found">The recipients that were found in it.</param>
    /// <param name="original">The header of the returned message, if any.</param>
    public static bool Suffices(BounceSign sign, ReportDraft draft, HumanText text, TextRecipients found, HeaderBlock? original)
    {
        Holds holds = original is null ? Holds.Nothing : Holds.Original;
        // Most bounces need no more than that; the rest costs a look at the whole text.
        return IsEnough(sign.Signs, holds) || IsEnough(sign.Signs, holds | InText(draft, text, found));
    }

    private static bool IsEnough(Signs signs, Holds holds)
    {
        foreach ((Signs wanted, Holds with) in _enough)
        {
            if ((signs & wanted) == wanted && (holds & with) == with)
                return true;
        }

        return false;
    }

    private static Holds InText(ReportDraft draft, HumanText text, TextRecipients found)
    {
        Holds holds = text.Replies.Count > 0 || IsReply(draft, text.AnyReply(out _).Span) ? Holds.Reply : Holds.Nothing;
        if (text.ContainsAny(_fields))
            holds |= Holds.Fields;
        if (!HasLink(draft.Parts))
            holds |= Holds.NoLink;
        HashSet<string> others = OthersNamed(draft.Root.Headers, text);
        if (others.Count > 0)
            holds |= Holds.Address;
        if (found.Source != RecipientSource.Text || found.Recipients.FirstOrDefault(others.Contains) is not { } recipient)
            return holds;
        holds |= Holds.Recipient;
        return IsReply(draft, text.Paragraphs.WithReply(recipient).Span) ? holds | Holds.ReplyToRecipient : holds;
    }

    /// <summary>Whether the text around what looks like a reply code reads as a server's, where the envelope leads back to a person.</summary>
    private static bool IsReply(ReportDraft draft, ReadOnlySpan<byte> text) =>
        !text.IsEmpty && (draft.HasNullSender != false || ReplyText.TryFindStatus(text, reply: -1, out _, out _) || _servers.StandIn(text));

    /// <summary>The first addresses that the text names outside of quotations, without those in From, Reply-To and To.</summary>
    private static HashSet<string> OthersNamed(HeaderBlock headers, HumanText text)
    {
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        AddAddresses(headers.RawValue("From"u8).Span, known);
        AddAddresses(headers.RawValue("Reply-To"u8).Span, known);
        AddAddresses(headers.RawValue("To"u8).Span, known);
        HashSet<string> others = new(StringComparer.OrdinalIgnoreCase);
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            var lines = new LineReader(part.Span);
            while (others.Count < MaxAddresses && lines.MoveNext())
            {
                if (lines.Line.Contains((byte)'@') && !lines.Line.StartsWith(">"u8))
                    AddAddresses(lines.Line, others);
            }
        }

        others.ExceptWith(known);
        return others;
    }

    private static void AddAddresses(ReadOnlySpan<byte> text, HashSet<string> addresses)
    {
        while (addresses.Count < MaxAddresses && AddressText.Find(text, out Range where) is { } address)
        {
            addresses.Add(address);
            text = text[where.End..];
        }
    }

    private static bool HasLink(ReportParts parts)
    {
        foreach (MimePart part in parts.Texts())
        {
            ReadOnlySpan<byte> text = part.Text.Span;
            if (_links.StandIn(text[..Math.Min(text.Length, MaxProbe)]))
                return true;
        }

        return false;
    }
}
