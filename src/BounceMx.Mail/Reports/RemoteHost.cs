namespace BounceMx.Mail.Reports;

/// <summary>
/// Finds in what an MTA writes around a reply the name of the host that gave it: Postfix's <c>host mx.example.org[192.0.2.1] said:</c>, Exim's
/// <c>host mx.example.org [192.0.2.1]:</c>, Sendmail's <c>... while talking to mx.example.org.:</c>. A host that is given by its address is not found.
/// </summary>
internal static class RemoteHost
{
    /// <summary>RFC 1035 section 2.3.4.</summary>
    private const int MaxLength = 255;

    private static readonly byte[][] _leads =
    [
        "talking to "u8.ToArray(),
        "host "u8.ToArray(),
        "connect to "u8.ToArray(),
        "server "u8.ToArray(),
    ];

    /// <summary>The host, without a closing dot; <c>null</c> when none is named.</summary>
    /// <param name="text">UTF-8; may be folded.</param>
    public static string? Find(ReadOnlySpan<byte> text)
    {
        foreach (byte[] lead in _leads)
        {
            int at = text.IndexOfIgnoreCase(lead);
            if (at >= 0 && Name(text[(at + lead.Length)..].TrimStart(" \t\r\n<"u8)) is { } name)
                return name;
        }

        return null;
    }

    private static string? Name(ReadOnlySpan<byte> text)
    {
        text = text[..Math.Min(text.Length, MaxLength)];
        bool hasLetter = false;
        int length = 0;
        while (
            length < text.Length && (char.IsAsciiLetterOrDigit((char)text[length]) || text[length] is (byte)'.' or (byte)'-' or (byte)'_')
        )
            hasLetter |= char.IsAsciiLetter((char)text[length++]);
        ReadOnlySpan<byte> name = text[..length].TrimEnd("."u8);
        return hasLetter && name.IndexOf((byte)'.') > 0 ? System.Text.Encoding.ASCII.GetString(name) : null;
    }
}
