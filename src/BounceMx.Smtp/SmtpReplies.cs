using System.Globalization;
using BounceMx.Mail;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp;

/// <summary>
/// Every reply that the server can send, in the order of a session; the public ones are for handlers.
/// Each is made once, so that sending it copies octets. Codes: RFC 5321 section 4.2, enhanced codes: RFC 3463, RFC 5248, RFC 6531.
/// </summary>
public static class SmtpReplies
{
    // Connection.
    internal static SmtpReply Greeting(string hostName) => Plain(220, $"{hostName} ESMTP");

    internal static SmtpReply EarlyInput { get; } = Of(554, 5, 5, 0, "Protocol error: wait for the greeting");
    internal static SmtpReply NotSmtp { get; } = Of(554, 5, 5, 1, "This is an SMTP server");
    internal static SmtpReply IdleTooLong { get; } = Of(421, 4, 4, 2, "Timeout, closing the connection");
    internal static SmtpReply ShuttingDown { get; } = Of(421, 4, 3, 2, "Service is shutting down");
    internal static SmtpReply TooManyErrors { get; } = Of(421, 4, 7, 0, "Too many errors");
    internal static SmtpReply TooManyConnections { get; } = Of(421, 4, 3, 2, "Too many connections, try again later");
    internal static SmtpReply TooManyPeerConnections { get; } = Of(421, 4, 7, 0, "Too many connections from your network");
    internal static SmtpReply TooManyPeerErrors { get; } = Of(421, 4, 7, 0, "Too many errors from your network, try again later");
    internal static SmtpReply TooManyPeerMessages { get; } = Of(421, 4, 7, 0, "Too many messages from your network, try again later");
    internal static SmtpReply TooManyPeerRecipients { get; } = Of(421, 4, 7, 0, "Too many recipients from your network, try again later");
    internal static SmtpReply TooMuchInTransit { get; } = Of(421, 4, 3, 1, "Too much mail at once, try again later");

    /// <summary>The answer to a connection that there is no place for.</summary>
    internal static SmtpReply Refused(LimitRefusal refusal) =>
        refusal switch
        {
            LimitRefusal.Connections => TooManyConnections,
            LimitRefusal.ConnectionsPerAddress or LimitRefusal.ConnectionsPerNetwork => TooManyPeerConnections,
            LimitRefusal.ErrorRate => TooManyPeerErrors,
            _ => throw new ArgumentOutOfRangeException(nameof(refusal), refusal, message: null),
        };

    internal static SmtpReply NoHandler { get; } = Of(421, 4, 3, 0, "Local error, try again later");
    internal static SmtpReply SessionFailed { get; } = Of(421, 4, 3, 0, "Local error, closing the connection");

    // Any command.
    internal static SmtpReply UnknownCommand { get; } = Of(500, 5, 5, 1, "Command unknown");
    internal static SmtpReply NotImplemented { get; } = Of(502, 5, 5, 1, "Command not implemented");
    internal static SmtpReply LineTooLong { get; } = Of(500, 5, 5, 2, "Line too long");
    internal static SmtpReply BadLineEnd { get; } = Of(500, 5, 5, 2, "Lines end in CR LF and hold neither CR, LF nor NUL");
    internal static SmtpReply InvalidUtf8 { get; } = Of(500, 5, 5, 2, "Not UTF-8");
    internal static SmtpReply BadArgument { get; } = Of(501, 5, 5, 4, "Syntax error in the argument");
    internal static SmtpReply UnexpectedArgument { get; } = Of(501, 5, 5, 4, "The command takes no argument");
    internal static SmtpReply BadSequence { get; } = Of(503, 5, 5, 1, "Bad sequence of commands");

    // EHLO and HELO: no enhanced code in any answer to them (RFC 2034 section 4).
    internal static SmtpReply Ehlo(SmtpServerOptions options, bool offersTls)
    {
        string?[] lines =
        [
            options.HostName,
            "PIPELINING", // RFC 2920
            string.Create(CultureInfo.InvariantCulture, $"SIZE {options.MaxMessageSize}"), // RFC 1870
            offersTls ? "STARTTLS" : null, // RFC 3207
            "8BITMIME", // RFC 6152
            "ENHANCEDSTATUSCODES", // RFC 2034
            "DSN", // RFC 3461
            "SMTPUTF8", // RFC 6531
            options.Chunking ? "CHUNKING" : null, // RFC 3030
            options.Chunking && options.BinaryMime ? "BINARYMIME" : null, // RFC 3030
            string.Create(CultureInfo.InvariantCulture, $"LIMITS MAILMAX={options.MaxMessages} RCPTMAX={options.MaxRecipients}"), // RFC 9422
        ];
        return Plain(250, string.Join('\n', lines.Where(line => line is not null)));
    }

    internal static SmtpReply Helo(string hostName) => Plain(250, hostName);

    internal static SmtpReply NoDomain { get; } = Plain(501, "Syntax: EHLO or HELO, and a domain or address literal");

    // MAIL.

    /// <summary>The reverse path is accepted.</summary>
    public static SmtpReply SenderOk { get; } = Of(250, 2, 1, 0, "Ok");

    internal static SmtpReply BadReversePath { get; } = Of(501, 5, 1, 7, "Bad reverse path");
    internal static SmtpReply BadParameter { get; } = Of(501, 5, 5, 4, "Bad value of a parameter");
    internal static SmtpReply UnknownParameter { get; } = Of(555, 5, 5, 4, "Parameter not recognized or not offered");
    internal static SmtpReply TooManyMessages { get; } = Of(421, 4, 7, 0, "Too many messages in one session");
    internal static SmtpReply NeedsSmtpUtf8 { get; } = Of(553, 5, 6, 7, "Non-ASCII addresses need SMTPUTF8");

    /// <summary>The message, or the SIZE declared for it, is over the limit.</summary>
    public static SmtpReply MessageTooLarge { get; } = Of(552, 5, 3, 4, "Message exceeds the size limit");

    // RCPT.

    /// <summary>The recipient is accepted.</summary>
    public static SmtpReply RecipientOk { get; } = Of(250, 2, 1, 5, "Ok");

    /// <summary>The domain is ours, the mailbox is not known or cannot be decoded.</summary>
    public static SmtpReply NoSuchRecipient { get; } = Of(550, 5, 1, 1, "No such recipient here");

    /// <summary>The domain is not ours.</summary>
    public static SmtpReply NoRelaying { get; } = Of(550, 5, 7, 1, "No relaying here");

    /// <summary>The bounce address was not made by us, or has expired.</summary>
    public static SmtpReply BadSignature { get; } = Of(550, 5, 7, 1, "The address is not signed by us");

    internal static SmtpReply BadForwardPath { get; } = Of(501, 5, 1, 3, "Bad recipient address");
    internal static SmtpReply TooManyRecipients { get; } = Of(452, 4, 5, 3, "Too many recipients");

    // DATA and BDAT.
    internal static SmtpReply StartMailInput { get; } = Plain(354, "End data with <CR><LF>.<CR><LF>");
    internal static SmtpReply NoValidRecipients { get; } = Of(554, 5, 5, 1, "No valid recipients");
    internal static SmtpReply InputBehindData { get; } = Of(554, 5, 5, 0, "Protocol error: DATA ends a group of commands");
    internal static SmtpReply ChunkAccepted { get; } = Of(250, 2, 0, 0, "Ok, go on");
    internal static SmtpReply BareLineEnds { get; } = Of(550, 5, 5, 2, "Bare CR or LF in the message");

    /// <summary>A message is safe on disk.</summary>
    public static SmtpReply Accepted { get; } = Of(250, 2, 0, 0, "Ok");

    /// <summary>A fault of ours; the peer is to try again.</summary>
    public static SmtpReply LocalError { get; } = Of(451, 4, 3, 0, "Local error, try again later");

    /// <summary>There is no room on our disk; the peer is to try again.</summary>
    public static SmtpReply SystemFull { get; } = Of(452, 4, 3, 1, "Insufficient system storage, try again later");

    // The rest.
    internal static SmtpReply Ok { get; } = Of(250, 2, 0, 0, "Ok");
    internal static SmtpReply Help { get; } =
        Of(214, 2, 0, 0, "EHLO HELO STARTTLS MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT\nSee RFC 5321");
    internal static SmtpReply NotVerified { get; } = Of(252, 2, 5, 2, "Neither confirmed nor denied; send mail to find out");
    internal static SmtpReply ReadyForTls { get; } = Of(220, 2, 0, 0, "Ready to start TLS");
    internal static SmtpReply TlsNotAvailable { get; } = Of(454, 4, 7, 0, "TLS is not available");
    internal static SmtpReply InputBehindStartTls { get; } = Of(554, 5, 5, 0, "Protocol error: STARTTLS ends a group of commands");
    internal static SmtpReply Bye { get; } = Of(221, 2, 0, 0, "Bye");

    private static SmtpReply Of(int code, int @class, int subject, int detail, string text) =>
        new(new ReplyCode(code), new EnhancedStatusCode(@class, subject, detail), text);

    private static SmtpReply Plain(int code, string text) => new(new ReplyCode(code), null, text);
}
