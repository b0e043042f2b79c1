using System.Text;

namespace BounceMx.Smtp.Commands;

/// <summary>
/// Walks over what stands behind a path: <c>*(SP keyword ["=" value])</c> (RFC 5321 section 4.1.2). Which keywords there are, and what
/// their values mean, is a table of the command's own. A keyword that stands twice is an error.
/// </summary>
internal static class EsmtpParameters
{
    /// <summary>Reads the value of one parameter; empty where there is none.</summary>
    public delegate SmtpFault Reader<T>(ReadOnlySpan<byte> value, ref T parameters);

    /// <summary>Reads parameters.</summary>
    /// <param name="text">Empty, or beginning with the space behind the path.</param>
    /// <param name="keywords">At most 32.</param>
    /// <param name="parameters">What was read; of no use when a fault is returned.</param>
    public static SmtpFault Read<T>(ReadOnlySpan<byte> text, (string Keyword, Reader<T> Read)[] keywords, ref T parameters)
    {
        if (text is not ([] or [(byte)' ', ..]))
            return SmtpFault.BadArgument;
        uint seen = 0;
        foreach (Range range in text.Split((byte)' '))
        {
            ReadOnlySpan<byte> parameter = text[range];
            if (parameter.IsEmpty)
                continue;
            SmtpFault fault = ReadOne(parameter, keywords, ref seen, ref parameters);
            if (fault != SmtpFault.None)
                return fault;
        }
        return SmtpFault.None;
    }

    private static SmtpFault ReadOne<T>(
        ReadOnlySpan<byte> parameter,
        (string Keyword, Reader<T> Read)[] keywords,
        ref uint seen,
        ref T parameters
    )
    {
        int equals = parameter.IndexOf((byte)'=');
        ReadOnlySpan<byte> keyword = equals < 0 ? parameter : parameter[..equals];
        ReadOnlySpan<byte> value = equals < 0 ? default : parameter[(equals + 1)..];
        for (int i = 0; i < keywords.Length; i++)
        {
            if (!Ascii.EqualsIgnoreCase(keyword, keywords[i].Keyword))
                continue;
            bool isRepeated = (seen & (1u << i)) != 0;
            seen |= 1u << i;
            return isRepeated || equals == parameter.Length - 1 ? SmtpFault.BadParameter : keywords[i].Read(value, ref parameters);
        }
        return SmtpFault.UnknownParameter;
    }
}
