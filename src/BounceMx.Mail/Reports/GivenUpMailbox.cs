using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells an automatic answer of somebody who is away from one of a mailbox that nobody will read again: <c>this address is no longer in use</c>,
/// <c>she has left the company</c>. The second reports, in prose, what a 5.2.1 would have said, so it is a failure of that recipient; consumers
/// who only count bounces would else mail a dead mailbox for ever. A mailbox that is <em>not monitored</em> is none: it is so by design.
/// A notice that speaks of an absence besides is about that absence, and somebody else has left; what is said under a condition is not said.
/// Known gap: languages that put the mailbox behind what is said of it.
/// </summary>
internal static class GivenUpMailbox
{
    private const int MaxOctets = 4096;

    private static ReadOnlySpan<byte> Marks => " ,;:()<>\"'\n"u8;

    /// <summary>Reads the notice.</summary>
    /// <returns>The mailbox that is given up; <c>null</c> when the answer says no such thing.</returns>
    public static RecipientStatus? Read(ReportDraft draft)
    {
        using var human = new HumanText(draft.Parts);
        foreach (ReadOnlyMemory<byte> text in human.Texts)
        {
            ReadOnlySpan<byte> plain = Unwrap(text.Span[..Math.Min(text.Length, MaxOctets)]);
            ReadOnlySpan<byte> sentence = Telling(plain, out int at);
            if (!sentence.IsEmpty && !GivenUpWording.Absences.StandIn(plain) && Recipient(draft, sentence[..at]) is { } recipient)
                return recipient with { Action = DsnAction.Failed, Diagnostic = DiagnosticText.Read(sentence) };
        }

        return null;
    }

    /// <summary>Makes one space of white space, and one line end of an empty line, and puts a space before each word: mail wraps sentences anywhere.</summary>
    private static byte[] Unwrap(ReadOnlySpan<byte> text)
    {
        var plain = new List<byte>(text.Length + 2) { (byte)' ' };
        var lines = new LineReader(text);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line.TrimBlank();
            plain.AddRange(line.IsEmpty ? "\n"u8 : line);
            plain.Add((byte)' ');
        }

        return [.. plain];
    }

    /// <summary>The sentence that gives the mailbox up, and where in it that is said; empty when none does.</summary>
    private static ReadOnlySpan<byte> Telling(ReadOnlySpan<byte> text, out int at)
    {
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> sentence = text[..SentenceLength(text)];
            at = IndexOfEnd(sentence);
            if (at >= 0 && !GivenUpWording.Conditions.StandIn(sentence[..at]))
                return sentence;
            text = text[sentence.Length..];
        }

        at = -1;
        return default;
    }

    /// <summary>Where a sentence says of a person that he has left, or of a mailbox that it is no more; -1 when it does not.</summary>
    private static int IndexOfEnd(ReadOnlySpan<byte> sentence)
    {
        string widened = Encoding.Latin1.GetString(sentence);
        int departure = GivenUpWording.Departures.IndexIn(widened);
        if (departure >= 0)
            return departure;
        int state = GivenUpWording.States.IndexIn(widened);
        return state >= 0 && EndsInMailbox(sentence[..state]) ? state : -1;
    }

    /// <summary>
    /// Whether what is said next is said of a mailbox, and not of the reader's: not so in <c>the offer in your e-mail</c> is no longer valid
    /// and <c>the address of our shop in Old Street</c> does not exist any more.
    /// </summary>
    private static bool EndsInMailbox(ReadOnlySpan<byte> text)
    {
        bool found = false;
        for (text = text.TrimEnd(Marks); !text.IsEmpty; text = text.TrimEnd(Marks))
        {
            ReadOnlySpan<byte> word = text[(text.LastIndexOf((byte)' ') + 1)..];
            text = text[..^word.Length];
            string plain = Encoding.UTF8.GetString(word.TrimStart(Marks)).ToLowerInvariant();
            if (GivenUpWording.OfOthers.Contains(plain))
                return false;
            if (GivenUpWording.Mailboxes.StandIn(word))
                found = true;
            else if (found || !GivenUpWording.Between.Contains(plain))
                return found;
        }

        return found;
    }

    /// <summary>To the full stop that white space follows, or to the end of the paragraph.</summary>
    private static int SentenceLength(ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (text[at..].IndexOfAny(".!?\n"u8) is var found and >= 0)
        {
            at += found + 1;
            if (text[at - 1] == '\n' || at == text.Length || text[at] <= ' ')
                return at;
        }

        return text.Length;
    }

    /// <summary>Whom alone the sentence names, before it says what is the matter; else who is to be answered instead of a machine, or who answers.</summary>
    private static RecipientStatus? Recipient(ReportDraft draft, ReadOnlySpan<byte> before)
    {
        if (
            AddressText.Find(before, out Range where) is { } named
            && !AddressText.TryFind(before[where.End..], out _)
            && !GivenUpWording.Requests.StandIn(before[..where.Start])
        )
            return new RecipientStatus { Recipient = named, RecipientSource = RecipientSource.Text };
        HeaderBlock headers = draft.Root.Headers;
        return
            (AddressText.Find(headers.RawValue("Reply-To"u8).Span, out _) ?? AddressText.Find(headers.RawValue("From"u8).Span, out _))
                is { } who
            ? new RecipientStatus { Recipient = who, RecipientSource = RecipientSource.Header }
            : null;
    }
}
