using System.Globalization;
using System.Text;
using System.Text.Unicode;
using BounceMx.Mail;

namespace BounceMx.Smtp.Commands;

/// <summary>
/// Reads one command line (RFC 5321 section 4.1.1). It knows the syntax of every command, but not whether one fits the session, and
/// checks no limit on the line: <see cref="CommandLineReader"/> did. It never throws and allocates only the strings that a command keeps.
/// </summary>
internal static class SmtpCommandParser
{
    /// <summary>RFC 5321 section 4.5.3.1.2 limits a domain to 255 octets.</summary>
    public const int MaxDomain = 255;

    private delegate SmtpCommand ArgumentParser(SmtpVerb verb, ReadOnlySpan<byte> argument);

    // The most frequent first: the search is linear.
    private static readonly (string Name, SmtpVerb Verb, ArgumentParser Parse)[] Verbs =
    [
        ("RCPT", SmtpVerb.Rcpt, Rcpt),
        ("MAIL", SmtpVerb.Mail, Mail),
        ("DATA", SmtpVerb.Data, Nothing),
        ("EHLO", SmtpVerb.Ehlo, Hello),
        ("QUIT", SmtpVerb.Quit, Nothing),
        ("RSET", SmtpVerb.Rset, Nothing),
        ("NOOP", SmtpVerb.Noop, Anything),
        ("HELO", SmtpVerb.Helo, Hello),
        ("VRFY", SmtpVerb.Vrfy, Something),
        ("HELP", SmtpVerb.Help, Anything),
        ("EXPN", SmtpVerb.Expn, Anything),
        ("ETRN", SmtpVerb.Etrn, Anything),
        ("AUTH", SmtpVerb.Auth, Anything),
        ("STARTTLS", SmtpVerb.StartTls, Nothing),
        ("BDAT", SmtpVerb.Bdat, Bdat),
    ];

    // RFC 9110 section 9.3, and PRI of HTTP/2's preface. Browsers can be made to speak to any port.
    private static readonly string[] HttpMethods = ["GET", "POST", "HEAD", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH", "PRI"];

    /// <summary>Reads a command.</summary>
    /// <param name="line">A line without its CR LF.</param>
    public static SmtpCommand Parse(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)' ');
        int space = line.IndexOf((byte)' ');
        ReadOnlySpan<byte> name = space < 0 ? line : line[..space];
        ReadOnlySpan<byte> argument = space < 0 ? default : line[space..].TrimStart((byte)' ');
        foreach ((string known, SmtpVerb verb, ArgumentParser parse) in Verbs)
        {
            if (Ascii.EqualsIgnoreCase(name, known))
                return parse(verb, argument);
        }
        return new SmtpCommand(SmtpVerb.Unknown, IsHttp(name) ? SmtpFault.NotSmtp : SmtpFault.UnknownCommand);
    }

    private static bool IsHttp(ReadOnlySpan<byte> name)
    {
        // "Host:", and any other header field.
        if (name is [.., (byte)':'])
            return true;
        foreach (string method in HttpMethods)
        {
            if (Ascii.Equals(name, method))
                return true;
        }
        return false;
    }

    private static SmtpCommand Anything(SmtpVerb verb, ReadOnlySpan<byte> argument) => new(verb);

    private static SmtpCommand Nothing(SmtpVerb verb, ReadOnlySpan<byte> argument) =>
        new(verb, argument.IsEmpty ? SmtpFault.None : SmtpFault.UnexpectedArgument);

    private static SmtpCommand Something(SmtpVerb verb, ReadOnlySpan<byte> argument) =>
        new(verb, argument.IsEmpty ? SmtpFault.BadArgument : SmtpFault.None);

    // Hosts call themselves all sorts of things that are no domain, and it proves nothing: any printable text will do.
    private static SmtpCommand Hello(SmtpVerb verb, ReadOnlySpan<byte> argument) =>
        argument.Length is 0 or > MaxDomain || argument.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? new SmtpCommand(verb, SmtpFault.NoDomain)
            : new SmtpCommand(verb) { Domain = Encoding.ASCII.GetString(argument) };

    private static SmtpCommand Mail(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        SmtpFault fault = ReadPath("FROM:", SmtpFault.BadReversePath, ref argument, out Mailbox? mailbox, out bool isInternational);
        if (fault != SmtpFault.None)
            return new SmtpCommand(verb, fault);
        if (mailbox is { Domain: "" })
            return new SmtpCommand(verb, SmtpFault.BadReversePath);
        fault = MailParameters.Read(argument, out MailParameters parameters);
        return fault != SmtpFault.None
            ? new SmtpCommand(verb, fault)
            : new SmtpCommand(verb)
            {
                Mailbox = mailbox,
                IsInternational = isInternational,
                Parameters = parameters,
            };
    }

    private static SmtpCommand Rcpt(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        SmtpFault fault = ReadPath("TO:", SmtpFault.BadForwardPath, ref argument, out Mailbox? mailbox, out bool isInternational);
        if (fault != SmtpFault.None)
            return new SmtpCommand(verb, fault);
        if (mailbox is null)
            return new SmtpCommand(verb, SmtpFault.BadForwardPath);
        fault = RecipientParameterParser.Read(argument, out RecipientParameters parameters);
        return fault != SmtpFault.None
            ? new SmtpCommand(verb, fault)
            : new SmtpCommand(verb)
            {
                Mailbox = mailbox,
                IsInternational = isInternational,
                Recipient = parameters,
            };
    }

    // RFC 3030 section 2. A size that cannot be read leaves nobody knowing where the next command begins.
    private static SmtpCommand Bdat(SmtpVerb verb, ReadOnlySpan<byte> argument)
    {
        int space = argument.IndexOf((byte)' ');
        ReadOnlySpan<byte> size = space < 0 ? argument : argument[..space];
        ReadOnlySpan<byte> last = space < 0 ? default : argument[space..].TrimStart((byte)' ');
        return
            size.IsEmpty
            || size.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out long octets)
            || !(last.IsEmpty || Ascii.EqualsIgnoreCase(last, "LAST"u8))
            ? new SmtpCommand(verb, SmtpFault.BadChunk)
            : new SmtpCommand(verb) { ChunkSize = octets, IsLast = !last.IsEmpty };
    }

    private static SmtpFault ReadPath(
        string keyword,
        SmtpFault badPath,
        ref ReadOnlySpan<byte> argument,
        out Mailbox? mailbox,
        out bool isInternational
    )
    {
        mailbox = null;
        isInternational = false;
        if (argument.Length < keyword.Length || !Ascii.EqualsIgnoreCase(argument[..keyword.Length], keyword))
            return SmtpFault.BadArgument;
        if (!Utf8.IsValid(argument))
            return SmtpFault.InvalidUtf8;
        // "MAIL FROM: <>" is not in the grammar, but in the wild.
        argument = argument[keyword.Length..].TrimStart((byte)' ');
        ReadOnlySpan<byte> path = argument;
        if (!PathParser.TryRead(ref argument, out mailbox))
            return badPath;
        isInternational = !Ascii.IsValid(path[..(path.Length - argument.Length)]);
        return SmtpFault.None;
    }
}
