using System.Buffers;
using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// The report's text for people, as far as it tells more than the fields do: the remote reply that an MTA quotes there, and Sendmail's
/// transcript. Only the first 128 KiB are looked at, of 16 texts at most.
/// </summary>
internal sealed class HumanText : IDisposable
{
    private const int MaxOctets = 128 * 1024;
    private const int MaxTexts = 16;

    /// <summary>How many recipients that are pipes, files or bare names are looked for in the transcript.</summary>
    private const int MaxPlain = 4;

    private readonly List<ReadOnlyMemory<byte>> _texts = new(1);
    private List<TranscriptReply>? _replies;
    private AddressIndex? _named;
    private int _plain;

    /// <summary>Whether a reply names a reported recipient, by its number.</summary>
    private bool[] _namesReported = [];

    /// <summary>A pooled array; <c>null</c> until it is needed.</summary>
    private char[]? _flat;
    private int _flatLength;
    private TextParagraphs? _paragraphs;
    private bool _isCut;

    public HumanText(ReportParts parts)
    {
        int left = MaxOctets;
        foreach (MimePart part in parts.Texts())
        {
            if (_texts.Count == MaxTexts || left == 0)
                break;
            bool isCut = part.Text.Length > left;
            ReadOnlyMemory<byte> text = QuotedText.Unquote(part.Text[..Math.Min(part.Text.Length, left)]);
            left -= text.Length;
            if (part.ContentType.Is("text/html"u8))
                text = HtmlText.Strip(text.Span);
            int original = InlineOriginal.Find(text.Span, out int header);
            if (original >= 0)
            {
                InlineHeader ??= HeaderBlock.Read(text[header..], part.Budget, out _);
                text = text[..original];
            }

            // Where the original was found, nothing of the report was cut off.
            _isCut |= isCut && original < 0;
            _texts.Add(text);
        }
    }

    /// <summary>The header of the original message where it is pasted into a text.</summary>
    public HeaderBlock? InlineHeader { get; }

    /// <summary>The texts, UTF-8.</summary>
    public List<ReadOnlyMemory<byte>> Texts => _texts;

    /// <summary>The paragraphs of the texts.</summary>
    public TextParagraphs Paragraphs => _paragraphs ??= new TextParagraphs(_texts);

    /// <summary>Whether a limit cut the reading short.</summary>
    public bool Limited => _isCut || _paragraphs?.Limited == true || _named?.Limited == true;

    /// <summary>The failure replies of all transcripts.</summary>
    public List<TranscriptReply> Replies
    {
        get
        {
            if (_replies is null)
            {
                _replies = [];
                foreach (ReadOnlyMemory<byte> text in _texts)
                    Transcript.Read(text, _replies);
            }

            return _replies;
        }
    }

    /// <summary>Whose replies those are that name one of them and not another recipient; read only where there are replies.</summary>
    public IEnumerable<string> Reported { private get; set; } = [];

    /// <summary>Whether the texts say that the message is not tried any more, not only that it will not be for ever.</summary>
    public bool IsGivenUp =>
        ContainsAny(FailureWording.GivenUp) || (ContainsAny(FailureWording.Ending) && !ContainsAny(FailureWording.StillTried));

    /// <summary>Whether one of the phrases stands in a text, in any case and across line ends.</summary>
    public bool ContainsAny(Phrases phrases)
    {
        _flat ??= Flatten(out _flatLength);
        return phrases.AreIn(_flat.AsSpan(0, _flatLength));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_flat is not null)
            ArrayPool<char>.Shared.Return(_flat);
        _flat = null;
    }

    /// <summary>All texts on one line, octets widened to characters: MTAs wrap their sentences anywhere.</summary>
    private char[] Flatten(out int flatLength)
    {
        int room = _texts.Count;
        foreach (ReadOnlyMemory<byte> text in _texts)
            room += text.Length;
        char[] flat = ArrayPool<char>.Shared.Rent(room);
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

        flatLength = length;
        return flat;
    }

    /// <summary>The transcript's reply that tells why a recipient failed; <c>null</c> when there is none.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="known">The reply code that the fields give, if they do.</param>
    /// <param name="diagnostic">The reply that the fields give, or its first line.</param>
    public TranscriptReply? ReplyTo(string recipient, ReplyCode? known, ReadOnlySpan<byte> diagnostic)
    {
        if (Replies.Count == 0)
            return null;
        TranscriptReply? best = null;
        int bestRank = 0;
        _named ??= IndexReplies();
        Span<bool> isNamed = stackalloc bool[Transcript.MaxReplies];
        foreach (AddressIndex.Mention mention in _named.Find(recipient))
            isNamed[mention.Number] = true;
        bool isPlain = !AddressText.IsMailbox(recipient) && _plain++ < MaxPlain;
        byte[] plain = isPlain ? Encoding.UTF8.GetBytes(recipient.ToLowerInvariant()) : [];
        for (int i = 0; i < Replies.Count; i++)
        {
            TranscriptReply reply = Replies[i];
            if (known is { } code && reply.Code != code)
                continue;
            bool isAbout =
                recipient.Equals(reply.Recipient, StringComparison.OrdinalIgnoreCase)
                || isNamed[i]
                || (isPlain && reply.Text.Span.ContainsIgnoreCase(plain));
            // What the remote MTA said beats what ours made of it; naming the recipient beats both, and being in the fields beats all.
            int rank =
                1
                + (reply.IsRemote ? 2 : 0)
                + (isAbout ? 4 : 0)
                - (!isAbout && (reply.Recipient is not null || _namesReported[i]) ? 4 : 0)
                + (!diagnostic.IsEmpty && reply.Text.Span.StartsWith(diagnostic) ? 8 : 0)
                - (IsSequel(reply) ? 1 : 0);
            if (rank > bestRank)
                (best, bestRank) = (reply, rank);
        }

        return best;
    }

    /// <summary>The first reply anywhere in the texts, to the end of its paragraph.</summary>
    public ReadOnlyMemory<byte> AnyReply(out ReplyCode? reply)
    {
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            if (!ReplyText.TryFind(text.Span, out ReplyCode code, out int at))
                continue;
            reply = code;
            return TextParagraphs.From(text[at..], recipient: null);
        }

        reply = null;
        return default;
    }

    /// <summary>The first text, where its language may be one of which we know no wording; else empty.</summary>
    public ReadOnlyMemory<byte> InUnknownLanguage() =>
        _texts is [var first, ..] && !Ascii.IsValid(first.Span) ? first.TrimStart(" \t\r\n"u8) : default;

    /// <summary>The command that failed, where the text names it apart from the reply: m-FILTER's <c>-------SMTP command</c>, <c>DATA</c>.</summary>
    public string? StatedCommand()
    {
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            int at = text.Span.IndexOfIgnoreCase("smtp command"u8);
            if (at >= 0 && CommandText.OfLine(text.Span[(at + 12)..].TrimStart(" \t\r\n:"u8)) is { } command)
                return command;
        }

        return null;
    }

    private AddressIndex IndexReplies()
    {
        var index = new AddressIndex();
        for (int i = 0; i < Replies.Count; i++)
            index.Add(Replies[i].Text, i);
        _namesReported = new bool[Replies.Count];
        foreach (string recipient in Reported)
        {
            foreach (AddressIndex.Mention mention in index.Find(recipient))
                _namesReported[mention.Number] = true;
        }

        return index;
    }

    /// <summary>RFC 5321's 503 is what follows from the refusal before it.</summary>
    private static bool IsSequel(TranscriptReply reply) => reply.Code.Value == 503;
}
