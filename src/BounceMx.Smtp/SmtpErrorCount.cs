namespace BounceMx.Smtp;

/// <summary>What an answer does to the rest of the session.</summary>
internal enum ErrorJudgement : byte
{
    /// <summary>Nothing.</summary>
    Harmless,

    /// <summary>The peer has to wait for it.</summary>
    Delayed,

    /// <summary>The session is over.</summary>
    TooMany,
}

/// <summary>
/// The errors of a session since its last delivery, so that a peer with many messages for one connection is not cut off for a few bad ones:
/// replies of class 5, and commands that do nothing beyond a number of these.
/// </summary>
internal sealed class SmtpErrorCount(SmtpServerOptions options)
{
    private int _errors;
    private int _junkCommands;

    /// <summary>Counts an answer.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="isJunk">Whether the command did nothing.</param>
    public ErrorJudgement Count(SmtpReply reply, bool isJunk)
    {
        // A reply of class 4 is no fault of the peer, and no error.
        bool isError = reply.Code.Class == 5 || (isJunk && ++_junkCommands > options.JunkCommandLimit);
        if (!isError)
            return ErrorJudgement.Harmless;
        _errors++;
        return _errors >= options.HardErrorLimit ? ErrorJudgement.TooMany
            : _errors > options.SoftErrorLimit ? ErrorJudgement.Delayed
            : ErrorJudgement.Harmless;
    }

    /// <summary>A message was delivered.</summary>
    public void Forgive() => _errors = _junkCommands = 0;
}
