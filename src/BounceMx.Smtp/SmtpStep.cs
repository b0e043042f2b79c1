namespace BounceMx.Smtp;

/// <summary>What a session says to a command, and what follows.</summary>
/// <param name="Reply">The reply; <c>null</c> when it comes only behind the chunk that is read next.</param>
/// <param name="Next">What is to be read after it.</param>
/// <param name="IsDelayed">Whether the reply is to be held back for <see cref="SmtpServerOptions.ErrorDelay"/>.</param>
internal readonly record struct SmtpStep(SmtpReply? Reply, SmtpNext Next, bool IsDelayed = false);

/// <summary>What comes after a reply.</summary>
internal enum SmtpNext : byte
{
    /// <summary>Another command.</summary>
    Command,

    /// <summary>A message, up to its final dot.</summary>
    Data,

    /// <summary>The octets of a BDAT; its reply comes behind them.</summary>
    Chunk,

    /// <summary>A TLS handshake.</summary>
    StartTls,

    /// <summary>Nothing: the connection is closed.</summary>
    Close,
}
