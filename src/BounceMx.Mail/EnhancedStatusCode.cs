using System.Globalization;

namespace BounceMx.Mail;

/// <summary>An enhanced mail system status code, <c>5.1.1</c> (RFC 3463 section 2).</summary>
/// <param name="Class">2 success, 4 persistent transient failure, 5 permanent failure.</param>
/// <param name="Subject">0 to 999: 1 addressing, 2 mailbox, 3 mail system, 4 network, 5 protocol, 6 content, 7 policy.</param>
/// <param name="Detail">0 to 999.</param>
public readonly record struct EnhancedStatusCode(int Class, int Subject, int Detail)
{
    /// <summary>Reads a code that fills the whole of <paramref name="text"/> but for surrounding white space.</summary>
    /// <param name="text">ASCII, such as <c>5.1.1</c>.</param>
    /// <param name="code">The code; default when the result is <c>false</c>.</param>
    /// <returns><c>false</c> when the text is no code: wrong class, more than three digits, anything behind it.</returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out EnhancedStatusCode code)
    {
        text = text.Trim(" \t\r\n"u8);
        return TryParsePrefix(text, out code, out int length) && length == text.Length;
    }

    /// <summary>Reads a code from the start of <paramref name="text"/>.</summary>
    /// <param name="text">ASCII that may go on behind the code, such as <c>5.1.1 User unknown</c>.</param>
    /// <param name="code">The code; default when the result is <c>false</c>.</param>
    /// <param name="length">How many octets the code takes.</param>
    /// <returns><c>false</c> when no code stands there, or a digit or another dot and digit follows it (an IP address).</returns>
    public static bool TryParsePrefix(ReadOnlySpan<byte> text, out EnhancedStatusCode code, out int length)
    {
        code = default;
        length = 0;
        if (text.Length < 5 || text[0] is not ((byte)'2' or (byte)'4' or (byte)'5') || text[1] != '.')
            return false;
        int at = 2;
        if (!TryNumber(text, ref at, out int subject) || at >= text.Length || text[at++] != '.' || !TryNumber(text, ref at, out int detail))
            return false;
        if (at + 1 < text.Length && text[at] == '.' && char.IsAsciiDigit((char)text[at + 1]))
            return false;
        code = new EnhancedStatusCode(text[0] - '0', subject, detail);
        length = at;
        return true;
    }

    private static bool TryNumber(ReadOnlySpan<byte> text, ref int at, out int number)
    {
        int start = at;
        number = 0;
        while (at < text.Length && char.IsAsciiDigit((char)text[at]))
            number = Math.Min((number * 10) + text[at++] - '0', 1000);
        return at - start is >= 1 and <= 3;
    }

    /// <summary>The code as it stands on the wire, <c>5.1.1</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Class}.{Subject}.{Detail}");
}
