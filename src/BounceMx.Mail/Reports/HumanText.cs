using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// The report's text for people, as far as it tells more than the fields do: the remote reply that an MTA quotes there, and Sendmail's
/// transcript. Only the first 64 KiB of each text are looked at, and 16 texts at most, so that 1,000 recipients stay cheap.
/// </summary>
internal sealed class HumanText
{
    private const int MaxOctets = 64 * 1024;
    private const int MaxTexts = 16;

    /// <summary>How often an address is looked for before it is given up.</summary>
    private const int MaxMentions = 16;

    /// <summary>How far a paragraph about a recipient reaches.</summary>
    private const int MaxParagraph = 2048;

    private readonly List<ReadOnlyMemory<byte>> _texts = [];
    private List<TranscriptReply>? _replies;

    public HumanText(ReportParts parts)
    {
        foreach (MimePart part in parts.Texts())
        {
            if (_texts.Count == MaxTexts)
                break;
            ReadOnlyMemory<byte> text = part.Text;
            text = text[..Math.Min(text.Length, MaxOctets)];
            if (part.ContentType.Is("text/html"u8))
                text = HtmlText.Strip(text.Span);
            int original = InlineOriginal.Find(text.Span, out int header);
            if (original >= 0)
            {
                InlineHeader ??= HeaderBlock.Read(text[header..], new MimeBudget(MimeLimits.Default), out _);
                text = text[..original];
            }

            _texts.Add(text);
        }
    }

    /// <summary>The header of the original message where it is pasted into a text.</summary>
    public HeaderBlock? InlineHeader { get; }

    /// <summary>The texts, UTF-8.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Texts => _texts;

    /// <summary>The failure replies of all transcripts.</summary>
    public IReadOnlyList<TranscriptReply> Replies
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

    /// <summary>Whether one of the phrases stands in a text, in any case.</summary>
    public bool ContainsAny(byte[][] phrases)
    {
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            if (text.Span.ContainsAny(phrases))
                return true;
        }

        return false;
    }

    /// <summary>The transcript's reply that tells why a recipient failed; <c>null</c> when there is none.</summary>
    /// <param name="recipient">The address.</param>
    /// <param name="known">The reply code that the fields give, if they do.</param>
    public TranscriptReply? ReplyTo(string recipient, ReplyCode? known)
    {
        TranscriptReply? best = null;
        int bestRank = 0;
        byte[] address = Encoding.UTF8.GetBytes(recipient.ToLowerInvariant());
        foreach (TranscriptReply reply in Replies)
        {
            if (known is { } code && reply.Code != code)
                continue;
            // What the remote MTA said beats what ours made of it, and naming the recipient beats both.
            int rank = 1 + (reply.IsRemote ? 2 : 0) + (reply.Text.Span.ContainsIgnoreCase(address) ? 4 : 0) - (IsSequel(reply) ? 1 : 0);
            if (rank > bestRank)
                (best, bestRank) = (reply, rank);
        }

        return best;
    }

    /// <summary>The paragraph about a recipient that holds a reply; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ParagraphWithReply(string recipient)
    {
        byte[] address = Encoding.UTF8.GetBytes(recipient.ToLowerInvariant());
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            int from = 0;
            for (int mention = 0; mention < MaxMentions; mention++)
            {
                int found = text.Span[from..].IndexOfIgnoreCase(address);
                if (found < 0)
                    break;
                from += found + address.Length;
                ReadOnlyMemory<byte> paragraph = ParagraphFrom(text[from..]);
                if (ReplyText.TryFind(paragraph.Span, out _, out _))
                    return paragraph;
            }
        }

        return default;
    }

    /// <summary>The first paragraph about a recipient; empty when the text does not name it.</summary>
    public ReadOnlyMemory<byte> Paragraph(string recipient)
    {
        byte[] address = Encoding.UTF8.GetBytes(recipient.ToLowerInvariant());
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            if (text.Span.IndexOfIgnoreCase(address) is var found and >= 0)
                return ParagraphFrom(text[(found + address.Length)..]).TrimStart(" \t\r\n>:,"u8);
        }

        return default;
    }

    /// <summary>The first reply anywhere in the texts, to the end of its paragraph.</summary>
    public ReadOnlyMemory<byte> AnyReply(out ReplyCode? reply)
    {
        foreach (ReadOnlyMemory<byte> text in _texts)
        {
            if (!ReplyText.TryFind(text.Span, out ReplyCode code, out int at))
                continue;
            reply = code;
            return ParagraphFrom(text[at..]);
        }

        reply = null;
        return default;
    }

    /// <summary>RFC 5321's 503 is what follows from the refusal before it.</summary>
    private static bool IsSequel(TranscriptReply reply) => reply.Code.Value == 503;

    private static ReadOnlyMemory<byte> ParagraphFrom(ReadOnlyMemory<byte> text)
    {
        text = text[..Math.Min(text.Length, MaxParagraph)];
        var lines = new LineReader(text.Span);
        bool any = false;
        while (lines.MoveNext())
        {
            bool blank = lines.Line.TrimBlank().IsEmpty || lines.Line.TrimBlank().StartsWith("---"u8);
            if (blank && any)
                return text[..lines.Start];
            // The first line is the rest of the one that holds the address.
            any |= !blank && lines.Start > 0 || lines.Line.Length > 8;
        }

        return text;
    }
}
