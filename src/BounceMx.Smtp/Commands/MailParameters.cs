using System.Text;

namespace BounceMx.Smtp.Commands;

/// <summary>The parameters of MAIL (RFC 5321 section 4.1.1.11).</summary>
/// <param name="Size">SIZE in octets, at most <see cref="long.MaxValue"/> whatever was written (RFC 1870).</param>
/// <param name="Body">BODY (RFC 6152, RFC 3030).</param>
/// <param name="SmtpUtf8">SMTPUTF8 (RFC 6531).</param>
/// <param name="Ret">RET (RFC 3461).</param>
/// <param name="EnvelopeId">ENVID, decoded (RFC 3461).</param>
internal readonly record struct MailParameters(long? Size, BodyType? Body, bool SmtpUtf8, Ret Ret, string? EnvelopeId)
{
    /// <summary>Octets of ENVID as sent (RFC 3461 section 4.4).</summary>
    public const int MaxEnvelopeId = 100;

    private static readonly (string, EsmtpParameters.Reader<MailParameters>)[] Keywords =
    [
        ("SIZE", ReadSize),
        ("BODY", ReadBody),
        ("SMTPUTF8", ReadSmtpUtf8),
        ("RET", ReadRet),
        ("ENVID", ReadEnvelopeId),
    ];

    /// <summary>Whether there was one at all.</summary>
    public bool Any => this != default;

    /// <inheritdoc cref="EsmtpParameters.Read"/>
    public static SmtpFault Read(ReadOnlySpan<byte> text, out MailParameters parameters)
    {
        parameters = default;
        return EsmtpParameters.Read(text, Keywords, ref parameters);
    }

    // RFC 1870 section 4 allows 20 digits, more than a long holds: what is too big for us saturates and is refused as too big.
    private static SmtpFault ReadSize(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        if (value.IsEmpty || value.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return SmtpFault.BadParameter;
        long size = 0;
        foreach (byte digit in value)
            size = size > (long.MaxValue - 9) / 10 ? long.MaxValue : (size * 10) + digit - '0';
        parameters = parameters with { Size = size };
        return SmtpFault.None;
    }

    private static SmtpFault ReadBody(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        if (value.IsEmpty)
            return SmtpFault.BadParameter;
        BodyType? body =
            Ascii.EqualsIgnoreCase(value, "7BIT"u8) ? BodyType.SevenBit
            : Ascii.EqualsIgnoreCase(value, "8BITMIME"u8) ? BodyType.EightBitMime
            : Ascii.EqualsIgnoreCase(value, "BINARYMIME"u8) ? BodyType.BinaryMime
            : null;
        parameters = parameters with { Body = body };
        return body is null ? SmtpFault.UnknownParameter : SmtpFault.None;
    }

    private static SmtpFault ReadSmtpUtf8(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        parameters = parameters with { SmtpUtf8 = true };
        return value.IsEmpty ? SmtpFault.None : SmtpFault.BadParameter;
    }

    private static SmtpFault ReadRet(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        Ret ret =
            Ascii.EqualsIgnoreCase(value, "FULL"u8) ? Ret.Full
            : Ascii.EqualsIgnoreCase(value, "HDRS"u8) ? Ret.Headers
            : Ret.Unspecified;
        parameters = parameters with { Ret = ret };
        return ret == Ret.Unspecified ? SmtpFault.BadParameter : SmtpFault.None;
    }

    private static SmtpFault ReadEnvelopeId(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        if (value.Length > MaxEnvelopeId || !Xtext.TryDecode(value, out string envelopeId))
            return SmtpFault.BadParameter;
        parameters = parameters with { EnvelopeId = envelopeId };
        return SmtpFault.None;
    }
}
