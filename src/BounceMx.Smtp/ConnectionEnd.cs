namespace BounceMx.Smtp;

/// <summary>How a connection came to its end.</summary>
internal enum ConnectionEnd
{
    /// <summary>After a reply that says so: QUIT, too many errors, a protocol error.</summary>
    Closed,

    /// <summary>There was no place for it, or no PROXY header where one is due.</summary>
    Refused,

    /// <summary>The peer hung up.</summary>
    HungUp,

    /// <summary>The peer was silent, or too slow with a message.</summary>
    TimedOut,

    /// <summary>The peer did not take our replies; nothing more can be said to it.</summary>
    Stalled,

    /// <summary>TLS did not come about.</summary>
    HandshakeFailed,

    /// <summary>The server is shutting down.</summary>
    ShutDown,

    /// <summary>A bug, told in the log.</summary>
    Failed,
}
