using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// The report's text for people, as far as it tells more than the fields do: the remote reply that an MTA quotes there, and Sendmail's
/// transcript. Only the first 128 KiB are looked at, of 16 texts at most: each of 1,000 recipients may be looked for in all of it.
/// </summary>
internal sealed class HumanText
{
    private const int MaxOctets = 128 * 1024;
    private const int MaxTexts = 16;

    /// <summary>How many mentions of an address are looked at.</summary>
    private const int MaxMentions = 16;

    /// <summary>How far a paragraph about a recipient reaches.</summary>
    private const int MaxParagraph = 2048;

    private readonly List<ReadOnlyMemory<byte>> _texts = [];
    private List<TranscriptReply>? _replies;
    private string? _flat;
    private Dictionary<string, List<ReadOnlyMemory<byte>>>? _mentions;

    public HumanText(ReportParts parts)
    {
        int left = MaxOctets;
        foreach (MimePart part in parts.Texts())
        {
            if (_texts.Count == MaxTexts || left == 0)
                break;
            ReadOnlyMemory<byte> text = part.Text;
            text = text[..Math.Min(text.Length, left)];
            left -= text.Length;
            if (part.ContentType.Is("text/html"u8))
                text = HtmlText.Strip(text.Span);
            int original = InlineOriginal.Find(text.Span, out int header);
            if (original >= 0)
            {
                InlineHeader ??= HeaderBlock.Read(text[header..], part.Budget, out _);
                text = text[..original];
            }

            _texts.Add(text);
        }
    }

    /// <summary>The header of the original message where it is pasted into a text.</summary>
    public HeaderBlock? InlineHeader { get; }

    /// <summary>The texts, UTF-8.</summary>
    public List<ReadOnlyMemory<byte>> Texts => _texts;

    /// <summary>The failure replies of all transcripts.</summary>
    public List<TranscriptReply> Replies
    {
        get
        {
            if (_replies is null)
            {
                _replies = [];
                foreach (ReadOnlyMemory<byte> text in _texts)
                    _replies.AddRange(Transcript.Read(text));
            }

            return _replies;
        }
    }

    /// <summary>Whether one of the phrases stands in a text, in any case and across line ends.</summary>
    public bool ContainsAny(Phrases phrases)
    {
        _flat ??= Flatten();
        return phrases.IndexIn(_flat) >= 0;
    }

    /// <summary>All texts on one line, octets widened to characters: MTAs wrap their sentences anywhere.</summary>
    private string Flatten()
    {
        char[] flat = ArrayPool<char>.Shared.Rent(_texts.Sum(text => text.Length) + _texts.Count);
        int length = 0;
        bool blank = false;
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            foreach (byte octet in text.Span)
            {
                bool isBlank = octet <= ' ';
                if (!isBlank || !blank)
                    flat[length++] = isBlank ? ' ' : (char)octet;
                blank = isBlank;
            }

            flat[length++] = ' ';
        }

        string result = new(flat, 0, length);
        ArrayPool<char>.Shared.Return(flat);
        return result;
    }

    /// <summary>The transcript's reply that tells why a recipient failed; <c>null</c> when there is none.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="known">The reply code that the fields give, if they do.</param>
    /// <param name="diagnostic">The reply that the fields give, or its first line.</param>
    public TranscriptReply? ReplyTo(string recipient, ReplyCode? known, ReadOnlySpan<byte> diagnostic)
    {
        TranscriptReply? best = null;
        int bestRank = 0;
        byte[] address = Encoding.UTF8.GetBytes(recipient.ToLowerInvariant());
        foreach (TranscriptReply reply in Replies)
        {
            if (known is { } code && reply.Code != code)
                continue;
            // What the remote MTA said beats what ours made of it; naming the recipient beats both, and being in the fields beats all.
            int rank =
                1
                + (reply.IsRemote ? 2 : 0)
                + (reply.Text.Span.ContainsIgnoreCase(address) ? 4 : 0)
                + (!diagnostic.IsEmpty && reply.Text.Span.StartsWith(diagnostic) ? 8 : 0)
                - (IsSequel(reply) ? 1 : 0);
            if (rank > bestRank)
                (best, bestRank) = (reply, rank);
        }

        return best;
    }

    /// <summary>The paragraph about a recipient that holds a reply; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ParagraphWithReply(string recipient)
    {
        foreach (ReadOnlyMemory<byte> behind in MentionsOf(recipient))
        {
            ReadOnlyMemory<byte> paragraph = ParagraphFrom(behind, recipient);
            if (ReplyText.TryFind(paragraph.Span, out _, out _))
                return paragraph;
        }

        return default;
    }

    /// <summary>The first paragraph about a recipient; empty when the text does not name it.</summary>
    public ReadOnlyMemory<byte> Paragraph(string recipient) =>
        MentionsOf(recipient) is [var behind, ..] ? ParagraphFrom(behind, recipient).TrimStart(" \t\r\n>:,"u8) : default;

    /// <summary>What stands behind each mention of an address. All addresses are indexed at once: there may be 1,000 recipients.</summary>
    private List<ReadOnlyMemory<byte>> MentionsOf(string recipient)
    {
        _mentions ??= IndexMentions();
        return _mentions.GetValueOrDefault(recipient, []);
    }

    private Dictionary<string, List<ReadOnlyMemory<byte>>> IndexMentions()
    {
        var mentions = new Dictionary<string, List<ReadOnlyMemory<byte>>>(StringComparer.OrdinalIgnoreCase);
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            ReadOnlyMemory<byte> rest = text;
            while (AddressText.Find(rest.Span, out Range where) is { } address)
            {
                rest = rest[where.End..];
                if (!mentions.TryGetValue(address, out List<ReadOnlyMemory<byte>>? places))
                    mentions.Add(address, places = []);
                if (places.Count < MaxMentions)
                    places.Add(rest);
            }
        }

        return mentions;
    }

    /// <summary>The first reply anywhere in the texts, to the end of its paragraph.</summary>
    public ReadOnlyMemory<byte> AnyReply(out ReplyCode? reply)
    {
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            if (!ReplyText.TryFind(text.Span, out ReplyCode code, out int at))
                continue;
            reply = code;
            return ParagraphFrom(text[at..], recipient: null);
        }

        reply = null;
        return default;
    }

    /// <summary>RFC 5321's 503 is what follows from the refusal before it.</summary>
    private static bool IsSequel(TranscriptReply reply) => reply.Code.Value == 503;

    /// <summary>To the next empty line, or to a line that begins with another recipient: not all MTAs put an empty line between two.</summary>
    private static ReadOnlyMemory<byte> ParagraphFrom(ReadOnlyMemory<byte> text, string? recipient)
    {
        text = text[..Math.Min(text.Length, MaxParagraph)];
        var lines = new LineReader(text.Span);
        bool any = false;
        while (lines.MoveNext())
        {
            bool blank = lines.Line.TrimBlank().IsEmpty || lines.Line.TrimBlank().StartsWith("---"u8);
            if ((blank && any) || (recipient is not null && lines.Start > 0 && LeadsWithAnother(lines.Line, recipient)))
                return text[..lines.Start];
            // The first line is the rest of the one that holds the address.
            any |= !blank && lines.Start > 0 || lines.Line.Length > 8;
        }

        return text;
    }

    // A reply is indented by four at least where it goes on, and may name others.
    private static bool LeadsWithAnother(ReadOnlySpan<byte> line, string recipient)
    {
        ReadOnlySpan<byte> lead = line.TrimStart(" <"u8);
        return line.Length - lead.Length <= 3
            && AddressText.Find(lead, out Range where) is { } address
            && where.Start.Value == 0
            && !address.Equals(recipient, StringComparison.OrdinalIgnoreCase);
    }
}
