using System.Buffers;
using System.Text;

namespace BounceMx.Smtp.Commands;

/// <summary>Reads the parameters of RCPT: NOTIFY and ORCPT (RFC 3461 sections 4.1 and 4.2).</summary>
internal static class RecipientParameterParser
{
    /// <summary>Octets of ORCPT as sent (RFC 3461 section 4.2).</summary>
    public const int MaxOriginalRecipient = 500;

    private static readonly (string, EsmtpParameters.Reader<RecipientParameters>)[] Keywords =
    [
        ("NOTIFY", ReadNotify),
        ("ORCPT", ReadOriginalRecipient),
    ];

    private static readonly SearchValues<byte> AtomOctets = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-/=?^_`{|}~"u8
    );

    /// <inheritdoc cref="EsmtpParameters.Read"/>
    public static SmtpFault Read(ReadOnlySpan<byte> text, out RecipientParameters parameters)
    {
        parameters = default;
        return EsmtpParameters.Read(text, Keywords, ref parameters);
    }

    private static SmtpFault ReadNotify(ReadOnlySpan<byte> value, ref RecipientParameters parameters)
    {
        Notify notify = Notify.Unspecified;
        foreach (Range range in value.Split((byte)','))
        {
            Notify one = ReadCondition(value[range]);
            if (one == Notify.Unspecified)
                return SmtpFault.BadParameter;
            notify |= one;
        }
        parameters = parameters with { Notify = notify };
        return notify.HasFlag(Notify.Never) && notify != Notify.Never ? SmtpFault.BadParameter : SmtpFault.None;
    }

    private static Notify ReadCondition(ReadOnlySpan<byte> word) =>
        Ascii.EqualsIgnoreCase(word, "NEVER"u8) ? Notify.Never
        : Ascii.EqualsIgnoreCase(word, "SUCCESS"u8) ? Notify.Success
        : Ascii.EqualsIgnoreCase(word, "FAILURE"u8) ? Notify.Failure
        : Ascii.EqualsIgnoreCase(word, "DELAY"u8) ? Notify.Delay
        : Notify.Unspecified;

    private static SmtpFault ReadOriginalRecipient(ReadOnlySpan<byte> value, ref RecipientParameters parameters)
    {
        int semicolon = value.IndexOf((byte)';');
        if (value.Length > MaxOriginalRecipient || semicolon <= 0 || value[..semicolon].ContainsAnyExcept(AtomOctets))
            return SmtpFault.BadParameter;
        string type = Encoding.ASCII.GetString(value[..semicolon]);
        ReadOnlySpan<byte> address = value[(semicolon + 1)..];
        // RFC 6533 section 3 has an encoding of its own for this type, and allows UTF-8 as it is.
        bool isInternational = type.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !address.ContainsAnyInRange((byte)0, (byte)' ');
        string decoded = isInternational ? Encoding.UTF8.GetString(address) : "";
        if (address.IsEmpty || (!isInternational && !Xtext.TryDecode(address, out decoded)))
            return SmtpFault.BadParameter;
        parameters = parameters with { OriginalRecipient = new OriginalRecipient(type, decoded) };
        return SmtpFault.None;
    }
}
