using System.Collections.Frozen;

namespace BounceMx.Mail.Reports;

/// <summary>The words by which <see cref="GivenUpMailbox"/> tells that nobody will read a mailbox again, in some twenty languages.</summary>
internal static class GivenUpWording
{
    /// <summary>What is said of a mailbox, behind the word for it.</summary>
    public static Phrases States { get; } =
        new(
            "no longer in use",
            "no longer used",
            "no longer active",
            "no longer valid",
            "no longer exist",
            "no longer available",
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
    public static Phrases Mailboxes { get; } =
        new(
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
            "주소",
            "címe",
            "@"
        );

    /// <summary>What may stand between the mailbox and what is said of it: <c>the address you wrote to is no longer in use</c>.</summary>
    public static FrozenSet<string> Between { get; } =
        Words(
            "is are was has have been being will be that which you we i wrote written write to sent mailed emailed used using trying tried reach "
                + "contact now currently permanently unfortunately therefore "
                + "ist wird wurde sind die das der sie an verwendet verwenden angeschrieben haben leider inzwischen ab sofort jetzt "
                + "que vous avez utilisée est électronique de electrónico electrónica eletrônico elettronica elettronico è is helaas er"
        );

    /// <summary>Words before the mailbox that make it the reader's, or an address of another kind.</summary>
    public static FrozenSet<string> OfOthers { get; } =
        Words(
            "your customer postal street shipping billing delivery web website ip ihr ihre dein deine votre vos tu su seu sua vostro uw je ваш"
        );

    /// <summary>What makes a condition of the words behind it, or has somebody else leave than the one who answers.</summary>
    public static Phrases Conditions { get; } =
        new(
            " if ",
            " whether ",
            " unless ",
            " in case ",
            " when ",
            " falls ",
            " wenn ",
            " sofern ",
            " sollte ",
            " si ",
            " s'il ",
            " se ",
            " als ",
            " indien ",
            " hvis ",
            " jos ",
            " jeśli ",
            " pokud ",
            " если ",
            " my colleague ",
            " mein kollege ",
            " meine kollegin "
        );

    /// <summary>What sends the reader elsewhere: an address behind it is a successor's.</summary>
    public static Phrases Requests { get; } =
        new(
            "please",
            "contact",
            "write to",
            "instead",
            "use ",
            "bitte",
            "wenden",
            "veuillez",
            "merci de",
            "por favor",
            "contat",
            "si prega",
            "gelieve",
            "vänligen",
            "venligst",
            "proszę",
            "пожалуйста",
            "请",
            "お願い"
        );

    /// <summary>What is said of a person; not what may be said of goods and links as well.</summary>
    public static Phrases Departures { get; } =
        new(
            "no longer with the company",
            "no longer with our company",
            "no longer with the organi",
            "no longer works at ",
            "no longer works here",
            "no longer works for us",
            "no longer works for the company",
            "no longer work at ",
            "no longer work here",
            "no longer work for ",
            "no longer working at ",
            "no longer working here",
            "no longer working for ",
            "no longer employed",
            "no longer an employee",
            "has left the company",
            "have left the company",
            "has left the organi",
            "have left the organi",
            "has left our company",
            "left the firm",
            "nicht mehr im unternehmen",
            "nicht mehr bei uns tätig",
            "nicht mehr bei uns beschäftigt",
            "nicht mehr bei uns angestellt",
            "nicht mehr für uns tätig",
            "nicht mehr für das unternehmen",
            "das unternehmen verlassen",
            "unsere firma verlassen",
            "ne travaille plus",
            "ne fait plus partie de l'entreprise",
            "ne fait plus partie de la société",
            "ne fait plus partie de nos effectifs",
            "a quitté l'entreprise",
            "a quitté la société",
            "ya no trabaja",
            "ya no forma parte de la empresa",
            "ya no forma parte de nuestra empresa",
            "não trabalha mais",
            "não faz mais parte da empresa",
            "não faz mais parte do quadro",
            "non lavora più",
            "non fa più parte dell'azienda",
            "non fa più parte della società",
            "werkt niet meer bij ",
            "werkt niet meer voor ",
            "niet meer werkzaam",
            "arbetar inte längre",
            "har slutat på",
            "arbeider ikke lenger",
            "arbejder ikke længere",
            "ei työskentele enää",
            "nie pracuje już",
            "již nepracuje",
            "больше не работает в ",
            "退職",
            "已离职",
            "已離職",
            "퇴사"
        );

    /// <summary>What somebody says who will be back.</summary>
    public static Phrases Absences { get; } =
        new(
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

    private static FrozenSet<string> Words(string words) => words.Split(' ').ToFrozenSet();
}
