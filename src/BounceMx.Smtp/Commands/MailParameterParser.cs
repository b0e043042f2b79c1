using System.Text;

namespace BounceMx.Smtp.Commands;

/// <summary>Reads what stands behind the path of MAIL (RFC 5321 section 4.1.1.11): <c>SIZE</c>, <c>BODY</c>, <c>SMTPUTF8</c>.</summary>
internal static class MailParameterParser
{
    private delegate SmtpFault Reader(ReadOnlySpan<byte> value, ref MailParameters parameters);

    private static readonly (string Keyword, Reader Read)[] Keywords = [("SIZE", ReadSize), ("BODY", ReadBody), ("SMTPUTF8", ReadSmtpUtf8)];

    /// <summary>Reads parameters.</summary>
    /// <param name="text">Empty, or beginning with the space behind the path.</param>
    /// <param name="parameters">What was read; of no use when a fault is returned.</param>
    public static SmtpFault Read(ReadOnlySpan<byte> text, out MailParameters parameters)
    {
        parameters = default;
        if (text is not ([] or [(byte)' ', ..]))
            return SmtpFault.BadArgument;
        foreach (Range range in text.Split((byte)' '))
        {
            ReadOnlySpan<byte> parameter = text[range];
            if (parameter.IsEmpty)
                continue;
            parameters = parameters with { Any = true };
            SmtpFault fault = ReadOne(parameter, ref parameters);
            if (fault != SmtpFault.None)
                return fault;
        }
        return SmtpFault.None;
    }

    private static SmtpFault ReadOne(ReadOnlySpan<byte> parameter, ref MailParameters parameters)
    {
        int equals = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> keyword = equals < 0 ? parameter : parameter[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : parameter[(equals + 1)..];
        foreach ((string known, Reader read) in Keywords)
        {
            if (Ascii.EqualsIgnoreCase(keyword, known))
                return equals == parameter.Length - 1 ? SmtpFault.BadParameter : read(value, ref parameters);
        }
        return SmtpFault.UnknownParameter;
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
        parameters = parameters with { EightBitMime = Ascii.EqualsIgnoreCase(value, "8BITMIME"u8) };
        return parameters.EightBitMime || Ascii.EqualsIgnoreCase(value, "7BIT"u8) ? SmtpFault.None : SmtpFault.UnknownParameter;
    }

    private static SmtpFault ReadSmtpUtf8(ReadOnlySpan<byte> value, ref MailParameters parameters)
    {
        parameters = parameters with { SmtpUtf8 = true };
        return value.IsEmpty ? SmtpFault.None : SmtpFault.BadParameter;
    }
}
