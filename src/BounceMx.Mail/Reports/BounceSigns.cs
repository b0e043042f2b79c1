using System.Buffers;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds in a header what speaks for a bounce. One sign alone is weak: automatic answers have a null Return-Path too, people write about
/// failures, postmasters write letters, parcels are undeliverable; so <see cref="BounceEvidence"/> asks what in the text bears the signs out.
/// Mail of lists, answers and notices that only sound like a bounce have no sign, unless a mailer daemon wrote them.
/// </summary>
internal static class BounceSigns
{
    /// <summary>Names and local parts under which only mail systems write.</summary>
    private static readonly Phrases _daemons = new(
        "mailer-daemon",
        "mailerdaemon",
        "mailer_daemon",
        "mail-daemon",
        "mail delivery s",
        "mail deliver s",
        "mail.delivery.system",
        "<mailer@"
    );

    /// <summary>Names and local parts under which mail systems write, and people who run them.</summary>
    private static readonly Phrases _postmasters = new(
        "postmaster",
        "post_master",
        "system administrator",
        "ndr administrator",
        "mail administrator",
        "microsoftexchange",
        "microsoft exchange",
        "interscan",
        "content-filter",
        "antispam firewall",
        "spam firewall"
    );

    /// <summary>What mail programs put before the subject of an answer, in English, German, Scandinavian, Romance and Slavic languages.</summary>
    private static readonly SearchValues<string> _answers = Starts(
        "re:",
        "re :",
        "aw:",
        "sv:",
        "vs:",
        "odp:",
        "antw:",
        "ynt:",
        "ang:",
        "回复:",
        "答复:",
        "回覆:"
    );

    /// <summary>What mail programs put before the subject of a forwarded message.</summary>
    private static readonly SearchValues<string> _forwards = Starts(
        "fwd:",
        "fw:",
        "wg:",
        "tr:",
        "rv:",
        "i:",
        "doorst:",
        "vb:",
        "vl:",
        "pd:",
        "enc:",
        "转发:",
        "轉寄:"
    );

    private static readonly SearchValues<string> _failures = Starts(
        "undeliver",
        "delivery status",
        "delivery failure",
        "delivery has failed",
        "delivery failed",
        "delivery notification",
        "delivery error",
        "delivery problem",
        "delivery report",
        "failure notice",
        "failure delivery",
        "failed delivery",
        "failed mail",
        "failed message",
        "returned mail",
        "returned to sender",
        "mail system error",
        "mail delivery fail",
        "mail delivery stat",
        "mail delivery sub",
        "mail delivery sys",
        "mail delivery err",
        "mail delivery prob",
        "could not be delivered",
        "couldn't be delivered",
        "non delivery",
        "non-delivery",
        "nondeliver",
        "not delivered",
        "error sending your mail",
        "message blocked",
        "blocked message",
        "message you sent blocked",
        "rejected mail",
        "mail rejected",
        "message rejected",
        "rejected message",
        "virus found in",
        "virus detected in",
        "in mail from you",
        "in email from you",
        "banned contents from you",
        "considered unsolicited bulk email from you",
        "delayed mail",
        "mail delayed",
        "delivery delay",
        "delivery is delayed",
        "delivery of your message delayed",
        "warning: message",
        "warning: could not send",
        "unzustellbar",
        "nicht zustellbar",
        "nicht zugestellt",
        "zustellung fehlgeschlagen",
        "unzustellbarkeit",
        "zustellungsfehler",
        "non remis",
        "non distribu",
        "non délivr",
        "échec de la remise",
        "echec de la remise",
        "no se puede entregar",
        "no entregado",
        "no se pudo entregar",
        "mensaje devuelto",
        "correo devuelto",
        "não é possível entregar",
        "não entregue",
        "mensagem devolvida",
        "não pôde ser entregue",
        "mancato recapito",
        "mancata consegna",
        "non recapitabile",
        "impossibile recapitare",
        "messaggio non recapitato",
        "onbestelbaar",
        "kan niet worden bezorgd",
        "kan inte levereras",
        "gick inte att leverera",
        "kan ikke leveres",
        "kunne ikke leveres",
        "uleverbar",
        "ei voi toimittaa",
        "toimitus epäonnistui",
        "niedostarczon",
        "nie można dostarczyć",
        "wiadomosc odrzucona",
        "wiadomość odrzucona",
        "nedoručiteln",
        "nelze doručit",
        "недоставлен",
        "не доставлен",
        "невозможно доставить",
        "не удалось доставить",
        "недоставлене",
        "配信不能",
        "配信できません",
        "配送できません",
        "送信できません",
        "届けられません",
        "配信エラー",
        "配信に失敗",
        "送信エラー",
        "无法投递",
        "未送达",
        "退信",
        "投递失败",
        "無法傳遞",
        "無法投遞",
        "傳遞失敗",
        "배달할 수 없",
        "배달되지",
        "반송",
        "전송 실패",
        "teslim edilemedi",
        "iletilemedi",
        "kézbesíthetetlen",
        "nem kézbesíthető",
        "nelivrat",
        "nu poate fi livrat",
        "δεν παραδόθηκε",
        "αδύνατη η παράδοση",
        "לא ניתן למסור",
        "تعذر التسليم",
        "تعذر تسليم"
    );

    /// <summary>
    /// Subjects of what mail systems write besides bounces: Postfix's notices of protocol errors to its own postmaster, success, quota,
    /// quarantine, receipts without a part of their own, recalls, aggregate reports.
    /// </summary>
    private static readonly SearchValues<string> _notices = Starts(
        "postfix smtp server: errors from",
        "postfix smtp client: errors from",
        "successful mail delivery",
        "delivered:",
        "relayed:",
        "expanded:",
        "report domain:",
        "message recall",
        "recall:",
        "read:",
        "not read:",
        "gelesen:",
        "ungelesen:",
        "lu :",
        "leído:",
        "quarantine",
        "spam quarantine",
        "spam digest",
        "spam report",
        "end user digest",
        "your mailbox",
        "mailbox usage",
        "mailbox quota"
    );

    /// <summary>Programs with which people write.</summary>
    private static readonly Phrases _clients = new(
        "thunderbird",
        "mozilla",
        "outlook",
        "apple mail",
        "iphone mail",
        "ipad mail",
        "the bat!",
        "evolution",
        "kmail",
        "mutt",
        "claws mail",
        "sylpheed",
        "airmail",
        "roundcube",
        "squirrelmail",
        "foxmail"
    );

    /// <summary>The signs that a header gives; <c>null</c> when there is none.</summary>
    public static BounceSign? Find(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        Signs signs = FromOf(headers);
        string subject = headers.Decode("Subject"u8) ?? "";
        if ((signs & Signs.Daemon) == 0 && IsOfList(headers))
            return null;
        if (headers.Contains("X-Failed-Recipients"u8))
            signs |= Signs.FailedRecipients;
        if (SubjectOf(headers, signs, subject) is not { } read)
            return null;
        if (signs == Signs.Postmaster && read == Signs.None && draft.HasNullSender == false && headers.Contains("In-Reply-To"u8))
            return null; // A letter of the person who is postmaster.
        signs |= read;
        if (draft.HasNullSender == true)
            signs |= Signs.NullSender;
        else if (draft.HasNullSender is null && signs != Signs.None)
            signs |= Signs.UnknownSender;
        headers.TryGet("Content-Type"u8, out HeaderField type);
        if (type.RawValue.Span.ContainsIgnoreCase("delivery-status"u8))
            signs |= Signs.ReportType;
        return signs == Signs.None ? null : new BounceSign(signs);
    }

    /// <summary>Whether a mail system is in the From field, or the postmaster.</summary>
    public static bool IsMailSystem(HeaderBlock headers) => FromOf(headers) != Signs.None;

    /// <summary>Whether the subject is that of a failure or a delay.</summary>
    public static bool TellsOfFailure(string subject) => subject.AsSpan().IndexOfAny(_failures) >= 0;

    private static Signs FromOf(HeaderBlock headers)
    {
        ReadOnlySpan<byte> from = headers.RawValue("From"u8).Span;
        if (_daemons.StandIn(from) || from.EndsWith("<>"u8))
            return Signs.Daemon;
        return _postmasters.StandIn(from) ? Signs.Postmaster : Signs.None;
    }

    /// <summary>What the subject adds; <c>null</c> when it says that the message is something else.</summary>
    private static Signs? SubjectOf(HeaderBlock headers, Signs from, string subject)
    {
        if (StartsWith(subject, _notices))
            return null;
        bool fails = TellsOfFailure(subject);
        if (from != Signs.None)
            return fails ? Signs.Subject : Signs.None;
        if (StartsWith(subject, _forwards))
            return fails ? Signs.Forward : Signs.None;
        return fails && !headers.Contains("In-Reply-To"u8) && !StartsWith(subject, _answers) && !IsWrittenByHand(headers)
            ? Signs.Subject
            : Signs.None;
    }

    private static bool IsOfList(HeaderBlock headers) =>
        headers.Contains("List-Id"u8)
        || headers.Contains("List-Unsubscribe"u8)
        || headers.Contains("List-Post"u8)
        || headers.RawValue("Precedence"u8).Span.StartsWithIgnoreCase("list"u8);

    private static bool IsWrittenByHand(HeaderBlock headers) =>
        _clients.StandIn(headers.RawValue("User-Agent"u8).Span) || _clients.StandIn(headers.RawValue("X-Mailer"u8).Span);

    private static SearchValues<string> Starts(params ReadOnlySpan<string> phrases) =>
        SearchValues.Create(phrases, StringComparison.OrdinalIgnoreCase);

    private static bool StartsWith(string subject, SearchValues<string> phrases) => subject.AsSpan().IndexOfAny(phrases) == 0;
}
