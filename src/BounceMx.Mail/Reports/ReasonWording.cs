namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells a sentence that gives a reason from the politeness around it. It decides which paragraph of a text becomes the diagnostic; what the
/// reason is, is left to classification.
/// </summary>
internal static class ReasonWording
{
    private static readonly Phrases _english = new(
        "is full",
        "are full",
        "box full",
        "full mailbox",
        "no mailbox",
        "box is",
        "locked",
        "quota",
        "exceed",
        "size limit",
        "too large",
        "too big",
        "too long",
        "too many",
        "over limit",
        "no space",
        "insufficient",
        "storage",
        "unknown",
        "not found",
        "wasn't found",
        "find a",
        "find any",
        "no such",
        "not exist",
        "n't exist",
        "nt exist",
        "not recogni",
        "not listed",
        "not known",
        "existent",
        "invalid",
        "not valid",
        "no valid",
        "illegal",
        "disabled",
        "suspended",
        "inactive",
        "deactivated",
        "expired",
        "closed",
        "no longer",
        "denied",
        "refused",
        "reject",
        "blacklist",
        "prohibited",
        "forbidden",
        "not allowed",
        "not permitted",
        "not accept",
        "n't accept",
        "not authori",
        "unauthori",
        "permission",
        "restricted",
        "relaying",
        "spam",
        "virus",
        "infected",
        "malware",
        "unsolicited",
        "reputation",
        "timed out",
        "timeout",
        "not respond",
        "reachable",
        "unable to connect",
        "no route",
        "lookup",
        "mx record",
        "loop",
        "hop count",
        "unrout",
        "configured",
        "not available",
        "unavailable",
        "pipe to |",
        // Google Groups writes in forty languages, and in each names the page that explains why.
        "groups.google.com/support",
        "out of",
        "not deliver for",
        "delivered within"
    );

    private static readonly Phrases _others = new(
        // Japanese, Chinese, Korean
        "見つかり",
        "存在し",
        "容量",
        "いっぱい",
        "拒否",
        "超え",
        "超過",
        "不明",
        "無効",
        "不存在",
        "已满",
        "已滿",
        "拒绝",
        "拒絕",
        "被拒",
        "超过",
        "超過",
        "垃圾邮件",
        "停用",
        "禁用",
        "존재하지",
        "초과",
        "거부",
        "휴면",
        // German, Dutch
        "unbekannt",
        "existiert nicht",
        "nicht gefunden",
        "ist voll",
        "überschritten",
        "abgelehnt",
        "verweigert",
        "gesperrt",
        "bestaat niet",
        "onbekend",
        // French, Spanish, Portuguese, Italian
        "inconnu",
        "n'existe pas",
        "n’existe pas",
        "introuvable",
        "plein",
        "refus",
        "dépass",
        "no existe",
        "não existe",
        "desconocid",
        "desconhecid",
        "no encontr",
        "não encontr",
        "llen",
        "cheia",
        "rechaz",
        "rejeitad",
        "excedid",
        "inválid",
        "non esiste",
        "inesistente",
        "sconosciut",
        "rifiutat",
        // Russian, Polish
        "не существует",
        "не найден",
        "неизвест",
        "переполнен",
        "отклонен",
        "отклонён",
        "заблокирован",
        "nie istnieje",
        "nieznan",
        "przepełn",
        "odrzucon"
    );

    /// <summary>What MTAs write whatever the reason is.</summary>
    private static readonly Phrases _advice = new(
        "automatically",
        "reply to this",
        "please ",
        "if you ",
        "if the problem",
        "no action is required",
        "for more information",
        "further assistance",
        "learn more",
        "this is the ",
        "i'm sorry",
        "original message was received",
        "original mail",
        "your message:"
    );

    /// <summary>Whether a text gives a reason.</summary>
    public static bool StandIn(ReadOnlySpan<byte> text) => _english.StandIn(text) || _others.StandIn(text);

    /// <summary>
    /// How much a paragraph sounds like a reason; 0 when it does not. Mail systems that write in two languages translate the general
    /// sentence and leave the telling one in English.
    /// </summary>
    public static int Rank(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
            return 0;
        int rank = _english.StandIn(text) ? 3 : 0;
        if (rank == 0 && _others.StandIn(text))
            rank = 2;
        return rank > 0 && _advice.StandIn(text) ? rank - 1 : rank;
    }
}
