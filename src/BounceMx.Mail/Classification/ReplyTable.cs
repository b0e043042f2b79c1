namespace BounceMx.Mail.Classification;

/// <summary>
/// What an SMTP reply code says where neither words nor an enhanced status code are telling.
/// <para>Does: give a reason by code and, because 550 and 554 mean what the command asked for, by the command that was refused.</para>
/// <para>Does not: make a recipient unknown for a bare 550, which serves for everything.</para>
/// <para>Standards: RFC 5321 section 4.2.3, RFC 4954 section 6 (530 to 538), RFC 7504 (521, 556).</para>
/// </summary>
internal static class ReplyTable
{
    /// <summary>A row: command <c>null</c> for any; a row with its own command goes before one without. Specific codes go before generic status codes.</summary>
    private static readonly (int Reply, string? Command, BounceReason Reason, bool Specific)[] Rows =
    [
        (421, null, BounceReason.SystemError, false),
        (421, "CONN", BounceReason.Blocked, false),
        (432, null, BounceReason.SecurityError, true),
        (450, null, BounceReason.OnHold, false),
        (451, null, BounceReason.SystemError, false),
        (452, null, BounceReason.SystemFull, false),
        (454, null, BounceReason.FailedStarttls, false), // RFC 3207: TLS not available
        (455, null, BounceReason.SyntaxError, true),
        (500, null, BounceReason.SyntaxError, true),
        (501, null, BounceReason.SyntaxError, true),
        (502, null, BounceReason.SyntaxError, true),
        (503, null, BounceReason.SyntaxError, true),
        (504, null, BounceReason.SyntaxError, true),
        (521, null, BounceReason.NotAccept, true),
        (530, null, BounceReason.SecurityError, true),
        (534, null, BounceReason.SecurityError, true),
        (535, null, BounceReason.SecurityError, true),
        (538, null, BounceReason.SecurityError, true),
        (550, "CONN", BounceReason.Blocked, false),
        (550, "EHLO", BounceReason.Blocked, false),
        (550, "MAIL", BounceReason.Rejected, false),
        (551, null, BounceReason.HasMoved, false),
        (552, null, BounceReason.MailboxFull, false),
        (552, "DATA", BounceReason.EmailTooLarge, false),
        (552, "MAIL", BounceReason.EmailTooLarge, false), // RFC 1870 section 6.1
        (553, "MAIL", BounceReason.Rejected, false),
        (553, "RCPT", BounceReason.UserUnknown, false),
        (554, "CONN", BounceReason.Blocked, false), // RFC 5321 section 3.1: no service here
        (554, "EHLO", BounceReason.Blocked, false),
        (554, "MAIL", BounceReason.Rejected, false),
        (555, null, BounceReason.SyntaxError, true),
        (556, null, BounceReason.NotAccept, true),
    ];

    /// <summary>The reason of a reply, and whether it says more than a generic status code; <c>null</c> where the table has none.</summary>
    /// <param name="reply">The code.</param>
    /// <param name="command">The command that was refused, upper case; <c>null</c> when not known.</param>
    public static (BounceReason Reason, bool Specific)? Find(ReplyCode reply, string? command)
    {
        (BounceReason, bool)? found = null;
        foreach ((int code, string? at, BounceReason reason, bool specific) in Rows)
        {
            if (code != reply.Value)
                continue;
            if (at == command)
                return (reason, specific);
            if (at is null)
                found = (reason, specific);
        }
        return found;
    }
}
