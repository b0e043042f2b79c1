using System.Net;
using BounceMx.Mail;
using BounceMx.Smtp.Tls;

namespace BounceMx.Smtp;

/// <summary>A mail transaction (RFC 5321 section 3.3): from MAIL to the reply that ends it.</summary>
public sealed record MailTransaction
{
    /// <summary>The argument of MAIL FROM.</summary>
    public required ReversePath ReversePath { get; init; }

    /// <summary>What the client called itself in EHLO or HELO: as sent, control characters excluded by syntax, at most 255 octets.</summary>
    public required string Helo { get; init; }

    /// <summary>Whether the session began with EHLO.</summary>
    public required bool Extended { get; init; }

    /// <summary>The client's address.</summary>
    public required IPAddress RemoteAddress { get; init; }

    /// <summary>The SIZE parameter in octets (RFC 1870); <c>null</c> when not given.</summary>
    public long? DeclaredSize { get; init; }

    /// <summary>The BODY parameter (RFC 6152, RFC 3030).</summary>
    public BodyType Body { get; init; }

    /// <summary>Whether SMTPUTF8 was given (RFC 6531).</summary>
    public bool SmtpUtf8 { get; init; }

    /// <summary>The RET parameter (RFC 3461).</summary>
    public Ret Ret { get; init; }

    /// <summary>The ENVID parameter, decoded: 1 to 100 printable ASCII characters; <c>null</c> when not given (RFC 3461).</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>The TLS session that the message comes in; <c>null</c> in clear text.</summary>
    public TlsParameters? Tls { get; init; }

    /// <summary>
    /// Whether the message holds a CR or LF that is not part of a CR LF (RFC 5321 section 2.3.8). Known, and set, only in the
    /// transaction that <see cref="IMailHandler.DataAsync"/> gets.
    /// </summary>
    public bool HasBareLineEnds { get; init; }
}

/// <summary>What kind of octets a message holds, as its sender says: BODY.</summary>
public enum BodyType
{
    /// <summary>7BIT, or nothing said.</summary>
    SevenBit,

    /// <summary>8BITMIME (RFC 6152).</summary>
    EightBitMime,

    /// <summary>BINARYMIME (RFC 3030): lines of any length, bare CR, LF and NUL; comes by BDAT only.</summary>
    BinaryMime,
}
