namespace BounceMx.Smtp.Commands;

/// <summary>Why a command line is refused before its meaning is looked at. <see cref="SmtpFaults"/> holds the answer to each.</summary>
internal enum SmtpFault : byte
{
    /// <summary>Nothing is wrong with the line.</summary>
    None,
    UnknownCommand,
    LineTooLong,

    /// <summary>64 KiB without CR LF.</summary>
    EndlessLine,

    /// <summary>A bare CR, a bare LF or a NUL in the line.</summary>
    BadLineEnd,
    InvalidUtf8,

    /// <summary>A line of HTTP.</summary>
    NotSmtp,

    /// <summary>BDAT without a size that can be read: what follows is no command, and we do not know how much of it there is.</summary>
    BadChunk,

    /// <summary>EHLO or HELO without a usable argument.</summary>
    NoDomain,
    UnexpectedArgument,
    BadArgument,
    BadReversePath,
    BadForwardPath,
    BadParameter,
    UnknownParameter,
}

/// <summary>The answers to faults.</summary>
internal static class SmtpFaults
{
    /// <summary>The reply to a fault, and whether the connection ends with it.</summary>
    public static (SmtpReply Reply, bool Closes) Answer(SmtpFault fault) =>
        fault switch
        {
            SmtpFault.UnknownCommand => (SmtpReplies.UnknownCommand, false),
            SmtpFault.LineTooLong => (SmtpReplies.LineTooLong, false),
            SmtpFault.EndlessLine => (SmtpReplies.LineTooLong, true),
            SmtpFault.BadLineEnd => (SmtpReplies.BadLineEnd, true),
            SmtpFault.InvalidUtf8 => (SmtpReplies.InvalidUtf8, false),
            SmtpFault.NotSmtp => (SmtpReplies.NotSmtp, true),
            SmtpFault.BadChunk => (SmtpReplies.BadArgument, true),
            SmtpFault.NoDomain => (SmtpReplies.NoDomain, false),
            SmtpFault.UnexpectedArgument => (SmtpReplies.UnexpectedArgument, false),
            SmtpFault.BadArgument => (SmtpReplies.BadArgument, false),
            SmtpFault.BadReversePath => (SmtpReplies.BadReversePath, false),
            SmtpFault.BadForwardPath => (SmtpReplies.BadForwardPath, false),
            SmtpFault.BadParameter => (SmtpReplies.BadParameter, false),
            SmtpFault.UnknownParameter => (SmtpReplies.UnknownParameter, false),
            _ => throw new ArgumentOutOfRangeException(nameof(fault), fault, message: null),
        };
}
