namespace BounceMx.Smtp.Metrics;

/// <summary>Why a TLS handshake came to nothing.</summary>
internal enum TlsFailure
{
    /// <summary>No agreement on version, cipher or certificate, or what came was no TLS.</summary>
    Refused,

    /// <summary>The peer hung up.</summary>
    HungUp,

    /// <summary>The deadline of the handshake passed.</summary>
    TimedOut,
}
