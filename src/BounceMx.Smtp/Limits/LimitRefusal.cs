namespace BounceMx.Smtp.Limits;

/// <summary>Why a connection is not admitted.</summary>
internal enum LimitRefusal
{
    /// <summary>It is admitted.</summary>
    None,

    /// <summary><see cref="SmtpLimitOptions.MaxConnections"/>.</summary>
    Connections,

    /// <summary><see cref="SmtpLimitOptions.MaxConnectionsPerAddress"/>.</summary>
    ConnectionsPerAddress,

    /// <summary><see cref="SmtpLimitOptions.MaxConnectionsPerNetwork"/>.</summary>
    ConnectionsPerNetwork,

    /// <summary><see cref="SmtpLimitOptions.ErrorsPerMinute"/>.</summary>
    ErrorRate,
}
