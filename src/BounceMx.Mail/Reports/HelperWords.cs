namespace BounceMx.Mail.Reports;

/// <summary>
/// Tells from an address, and from the words around it, that it is that of somebody who helps, who was told, or whom to write to instead: not of
/// who failed.
/// </summary>
internal static class HelperWords
{
    /// <summary>What is no longer between two addresses, <c>or</c>, has the second mean what the first does.</summary>
    private const int MaxConjunction = 4;

    /// <summary>Local parts of those whom texts name for help (RFC 2142).</summary>
    private static readonly string[] _roles = ["postmaster", "mailer-daemon", "abuse", "support", "helpdesk", "hostmaster"];

    /// <summary>Words that come before the address somewhere in its sentence.</summary>
    private static readonly Phrases _before = new(
        "ask ",
        "contact",
        "question",
        "help",
        "assist",
        "support",
        "write to",
        "kontakt",
        "wenden",
        "fragen",
        "contat",
        "dúvida",
        "duda",
        "ayuda",
        "ajuda",
        "soporte",
        "suporte",
        "domande",
        "vragen",
        "обратитесь",
        "обращайтесь",
        "вопрос",
        "問い合わせ",
        "問合せ",
        "联系",
        "聯絡",
        "咨询",
        "疑问",
        "疑問",
        "문의"
    );

    /// <summary>Words right before the address, on its line or at the end of the line before.</summary>
    private static readonly byte[][] _rightBefore =
    [
        "administrator"u8.ToArray(),
        "admin"u8.ToArray(),
        "postmaster"u8.ToArray(),
        "webmaster"u8.ToArray(),
        "owner"u8.ToArray(),
        "moderator"u8.ToArray(),
        "helpdesk"u8.ToArray(),
        "contact"u8.ToArray(),
        "write to"u8.ToArray(),
        "please send mail to"u8.ToArray(),
        "please send email to"u8.ToArray(),
        "please send an email to"u8.ToArray(),
        "please send an e-mail to"u8.ToArray(),
        "please email"u8.ToArray(),
        "please e-mail"u8.ToArray(),
        "wenden sie sich an"u8.ToArray(),
        "wenden sie sich bitte an"u8.ToArray(),
        "kontaktieren sie"u8.ToArray(),
        "contacter"u8.ToArray(),
        "contactez"u8.ToArray(),
        "escriba a"u8.ToArray(),
        "contattare"u8.ToArray(),
        // Of whom the recipient's mail goes to now (RFC 5321 section 4.2.3, 551).
        "please try"u8.ToArray(),
        "please use"u8.ToArray(),
        "moved to"u8.ToArray(),
        "changed to"u8.ToArray(),
        "new address is"u8.ToArray(),
        "new e-mail address is"u8.ToArray(),
        "new email address is"u8.ToArray(),
        "neue adresse lautet"u8.ToArray(),
        "verwenden sie bitte"u8.ToArray(),
    ];

    /// <summary>Words right behind the address.</summary>
    private static readonly byte[][] _rightBehind =
    [
        "has been notified"u8.ToArray(),
        "has been informed"u8.ToArray(),
        "was notified"u8.ToArray(),
        "was informed"u8.ToArray(),
        "for help"u8.ToArray(),
        "for assistance"u8.ToArray(),
        "for further"u8.ToArray(),
        "for more"u8.ToArray(),
        "for support"u8.ToArray(),
        "if you "u8.ToArray(),
        "wurde informiert"u8.ToArray(),
        "wurde benachrichtigt"u8.ToArray(),
    ];

    /// <summary>Whether it is an address that texts name for help: seldom a recipient, if others are named, too.</summary>
    public static bool IsRole(string address)
    {
        ReadOnlySpan<char> localPart = address.AsSpan(0, Math.Max(address.LastIndexOf('@'), 0));
        foreach (string role in _roles)
        {
            if (localPart.Equals(role, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }

    /// <summary>Whether an address is that of a helper.</summary>
    /// <param name="before">The text up to it, from behind the address before it.</param>
    /// <param name="behind">The text behind it.</param>
    /// <param name="isAfterHelper">Whether the address before it was that of a helper.</param>
    public static bool StandAround(ReadOnlySpan<byte> before, ReadOnlySpan<byte> behind, bool isAfterHelper)
    {
        ReadOnlySpan<byte> sentence = before[(before.LastIndexOf(". "u8) + 1)..].TrimEnd(" \t<([\"':"u8);
        return (isAfterHelper && sentence.Trim(" \t>,"u8).Length <= MaxConjunction)
            || Announce(sentence)
            || _before.StandIn(sentence)
            || Begins(behind.TrimStart(" \t>)]\"'"u8));
    }

    /// <summary>Whether a text ends with words that announce a helper's address.</summary>
    public static bool Announce(ReadOnlySpan<byte> text)
    {
        foreach (byte[] word in _rightBefore)
        {
            if (text.Length >= word.Length && text[^word.Length..].StartsWithIgnoreCase(word))
                return true;
        }

        return false;
    }

    private static bool Begins(ReadOnlySpan<byte> text)
    {
        foreach (byte[] words in _rightBehind)
        {
            if (text.StartsWithIgnoreCase(words))
                return true;
        }

        return false;
    }
}
