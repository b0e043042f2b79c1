using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells an automatic answer of somebody who is away from one of a mailbox that nobody will read again: <c>this address is no longer in use</c>,
/// <c>she has left the company</c>. The second reports, in prose, what a 5.2.1 would have said, so it is a failure of that recipient; consumers
/// who only count bounces would else mail a dead mailbox for ever. A mailbox that is <em>not monitored</em> is none: it is so by design.
/// A notice that speaks of an absence besides is about that absence, and somebody else has left.
/// </summary>
internal static class GivenUpMailbox
{
    private const int MaxOctets = 4096;

    /// <summary>What is said of a mailbox, in a sentence that names one.</summary>
    private static readonly Phrases _states = new(
        "no longer in use",
        "no longer used",
        "no longer active",
        "no longer valid",
        "no longer exist",
        "no longer available",
        "no longer monitored",
        "no longer being monitored",
        "no longer checked",
        "not in use any more",
        "not in use anymore",
        "not valid any more",
        "not valid anymore",
        "not active anymore",
        "been deactivated",
        "been closed",
        "been disabled",
        "been discontinued",
        "been decommissioned",
        "been shut down",
        "been retired",
        "is inactive",
        "does not exist any more",
        "does not exist anymore",
        "nicht mehr gültig",
        "nicht mehr aktiv",
        "nicht mehr verwendet",
        "nicht mehr genutzt",
        "nicht mehr in gebrauch",
        "nicht mehr gelesen",
        "existiert nicht mehr",
        "wurde deaktiviert",
        "n'est plus utilisé",
        "n'est plus valide",
        "n'est plus activ",
        "n'est plus en service",
        "n'existe plus",
        "a été désactivé",
        "ya no está en uso",
        "ya no existe",
        "ya no es válid",
        "ya no está activ",
        "não está mais em uso",
        "não existe mais",
        "não é mais válid",
        "foi desativad",
        "non è più attiv",
        "non è più in uso",
        "non è più valid",
        "non esiste più",
        "è stato disattivato",
        "è stata disattivata",
        "niet meer in gebruik",
        "niet meer actief",
        "niet meer geldig",
        "används inte längre",
        "är inte längre aktiv",
        "er ikke længere aktiv",
        "brukes ikke lenger",
        "ei ole enää käytössä",
        "nie jest już używan",
        "nie jest już aktywn",
        "již není používán",
        "již neexistuje",
        "больше не используется",
        "больше не существует",
        "більше не використовується",
        "使用しておりません",
        "使われておりません",
        "利用されておりません",
        "廃止",
        "已停用",
        "不再使用",
        "더 이상 사용되지",
        "더 이상 사용하지",
        "artık kullanılmamaktadır",
        "már nem használ"
    );

    /// <summary>Words for a mailbox.</summary>
    private static readonly Phrases _mailboxes = new(
        "address",
        "mailbox",
        "inbox",
        "account",
        "e-mail",
        "email",
        "mail",
        "adress",
        "postfach",
        "konto",
        "boîte",
        "compte",
        "correo",
        "dirección",
        "endereço",
        "caixa",
        "casella",
        "indirizzo",
        "adres",
        "postlåda",
        "sähköposti",
        "poczt",
        "schránk",
        "адрес",
        "почт",
        "ящик",
        "アドレス",
        "メール",
        "邮箱",
        "信箱",
        "邮件",
        "메일",
        "posta",
        "@"
    );

    /// <summary>What is said of a person.</summary>
    private static readonly Phrases _departures = new(
        "no longer with ",
        "no longer works ",
        "no longer work ",
        "no longer working ",
        "no longer employed",
        "no longer an employee",
        "has left the company",
        "have left the company",
        "has left the organi",
        "have left the organi",
        "has left our company",
        "left the firm",
        "nicht mehr im unternehmen",
        "nicht mehr bei uns",
        "nicht mehr für das unternehmen",
        "nicht mehr für uns",
        "das unternehmen verlassen",
        "unsere firma verlassen",
        "ne travaille plus",
        "ne fait plus partie",
        "a quitté l'entreprise",
        "a quitté la société",
        "ya no trabaja",
        "ya no forma parte",
        "não trabalha mais",
        "não faz mais parte",
        "non lavora più",
        "non fa più parte",
        "werkt niet meer",
        "niet meer werkzaam",
        "arbetar inte längre",
        "har slutat på",
        "arbeider ikke lenger",
        "arbejder ikke længere",
        "ei työskentele enää",
        "nie pracuje już",
        "již nepracuje",
        "больше не работает",
        "退職",
        "已离职",
        "已離職",
        "퇴사"
    );

    private static readonly Phrases _absences = new(
        "out of the office",
        "out of office",
        "vacation",
        "holiday",
        "on leave",
        "until",
        "urlaub",
        "abwesend",
        "congé",
        "vacances",
        "vacaciones",
        "férias",
        "ferie",
        "vakantie",
        "semester",
        "отпуск",
        "休暇",
        "休假"
    );

    /// <summary>Reads the notice.</summary>
    /// <returns>The mailbox that is given up; <c>null</c> when the answer says no such thing.</returns>
    public static RecipientStatus? Read(ReportDraft draft)
    {
        using var human = new HumanText(draft.Parts);
        foreach (ReadOnlyMemory<byte> text in human.Texts)
        {
            ReadOnlySpan<byte> plain = Unwrap(text.Span[..Math.Min(text.Length, MaxOctets)]);
            ReadOnlySpan<byte> sentence = Telling(plain);
            if (!sentence.IsEmpty && !_absences.StandIn(plain) && Recipient(draft, sentence) is { } recipient)
                return recipient with { Action = DsnAction.Failed, Diagnostic = DiagnosticText.Read(sentence) };
        }

        return null;
    }

    /// <summary>Makes one space of white space, and one line end of an empty line: mail wraps sentences anywhere.</summary>
    private static byte[] Unwrap(ReadOnlySpan<byte> text)
    {
        var plain = new List<byte>(text.Length + 1);
        var lines = new LineReader(text);
        while (lines.MoveNext())
        {
            ReadOnlySpan<byte> line = lines.Line.TrimBlank();
            plain.AddRange(line);
            plain.Add(line.IsEmpty ? (byte)'\n' : (byte)' ');
        }

        return [.. plain];
    }

    /// <summary>The sentence that gives the mailbox up; empty when none does.</summary>
    private static ReadOnlySpan<byte> Telling(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            ReadOnlySpan<byte> sentence = text[..SentenceLength(text)];
            if (_departures.StandIn(sentence) || (_states.StandIn(sentence) && _mailboxes.StandIn(sentence)))
                return sentence;
            text = text[sentence.Length..];
        }

        return default;
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

    /// <summary>Whom the sentence names; else who is to be answered instead of a machine, or who answers.</summary>
    private static RecipientStatus? Recipient(ReportDraft draft, ReadOnlySpan<byte> sentence)
    {
        if (AddressText.Find(sentence, out _) is { } named)
            return new RecipientStatus { Recipient = named, RecipientSource = RecipientSource.Text };
        HeaderBlock headers = draft.Root.Headers;
        return
            (AddressText.Find(headers.RawValue("Reply-To"u8).Span, out _) ?? AddressText.Find(headers.RawValue("From"u8).Span, out _))
                is { } who
            ? new RecipientStatus { Recipient = who, RecipientSource = RecipientSource.Header }
            : null;
    }
}
