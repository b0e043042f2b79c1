using System.Diagnostics.CodeAnalysis;

namespace BounceMx.Smtp.Tls;

/// <summary>How a TLS handshake came out.</summary>
/// <param name="Transport">The session; <c>null</c> when there is none.</param>
/// <param name="Fault">Why there is none.</param>
/// <param name="Detail">The same in words, for the log; it may quote what the TLS library said.</param>
internal readonly record struct TlsHandshake(TlsTransport? Transport, TlsFault Fault, string Detail)
{
    /// <summary>Whether there is a session.</summary>
    [MemberNotNullWhen(true, nameof(Transport))]
    public bool Succeeded => Transport is not null;
}

/// <summary>Why a handshake failed.</summary>
internal enum TlsFault
{
    /// <summary>It did not.</summary>
    None,

    /// <summary>What came was no TLS, or nothing that both sides can do; the peer was sent an alert where TLS has one for it.</summary>
    Failed,

    /// <summary>The peer hung up.</summary>
    HungUp,

    /// <summary>It took too long.</summary>
    TimedOut,
}
