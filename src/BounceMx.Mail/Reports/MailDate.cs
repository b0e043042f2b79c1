using System.Buffers.Text;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads the dates of mail (RFC 5322 section 3.3, with the obsolete forms of 4.3): day of week optional, two-digit years, zone names,
/// ctime's order (<c>Thu Apr 29 23:34:45 2010</c>), ISO 8601. A date without zone is taken for UTC. The result is UTC.
/// </summary>
internal static class MailDate
{
    private static readonly (byte[] Name, int Hours)[] _zones =
    [
        ("EST"u8.ToArray(), -5),
        ("EDT"u8.ToArray(), -4),
        ("CST"u8.ToArray(), -6),
        ("CDT"u8.ToArray(), -5),
        ("MST"u8.ToArray(), -7),
        ("MDT"u8.ToArray(), -6),
        ("PST"u8.ToArray(), -8),
        ("PDT"u8.ToArray(), -7),
        ("JST"u8.ToArray(), 9),
    ];

    /// <summary>Reads a date.</summary>
    /// <returns><c>null</c> when the text holds no date.</returns>
    public static DateTimeOffset? Read(ReadOnlySpan<byte> text)
    {
        text = text.TrimBlank();
        text = text[..Math.Min(text.Length, 100)];
        int comment = text.IndexOf((byte)'(');
        if (comment > 0)
            text = text[..comment];
        if (text.Length >= 10 && text[4] == '-' && Utf8Parser.TryParse(text, out int isoYear, out int four) && four == 4)
            return ReadIso(text, isoYear);

        (int day, int month, int year, TimeSpan time, TimeSpan zone) = (0, 0, -1, default, default);
        while (!text.IsEmpty)
        {
            int length = text.IndexOfAny(" \t\r\n,"u8);
            ReadOnlySpan<byte> token = length < 0 ? text : text[..length];
            text = length < 0 ? default : text[(length + 1)..];
            if (token.IsEmpty)
                continue;
            if (token.Contains((byte)':'))
                time = ReadTime(token) ?? time;
            else if (token[0] is (byte)'+' or (byte)'-')
                zone = ReadZone(token) ?? zone;
            else if (!Octets.IsDigit(token[0]))
                (month, zone) = month == 0 && MonthOf(token) is var m and > 0 ? (m, zone) : (month, NamedZone(token) ?? zone);
            else if (token.IndexOf((byte)'-') > 0)
                ReadHyphenated(token, ref day, ref month, ref year);
            else if (!Utf8Parser.TryParse(token, out int number, out int used) || used != token.Length)
                continue;
            else if (day == 0 && number is >= 1 and <= 31 && token.Length <= 2)
                day = number;
            else if (year < 0)
                year = FullYear(number, token.Length);
        }

        return Make(year, month, day, time, zone);
    }

    private static DateTimeOffset? ReadIso(ReadOnlySpan<byte> text, int year)
    {
        if (
            text[7] != '-'
            || !Utf8Parser.TryParse(text[5..7], out int month, out _)
            || !Utf8Parser.TryParse(text[8..10], out int day, out _)
        )
            return null;
        ReadOnlySpan<byte> rest = text[10..].TrimStart("T "u8);
        int end = rest.IndexOfAny("+-Z "u8);
        TimeSpan time = ReadTime(end < 0 ? rest : rest[..end]) ?? default;
        TimeSpan zone = end < 0 ? default : ReadZone(rest[end..].TrimBlank()) ?? default;
        return Make(year, month, day, time, zone);
    }

    private static DateTimeOffset? Make(int year, int month, int day, TimeSpan time, TimeSpan zone)
    {
        // 1971 and 9998 keep the sum within range whatever the zone.
        if (year is < 1971 or > 9998 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
            return null;
        return new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero) + time - zone;
    }

    /// <summary>23:34, 23:34:45, 23:34:60 (a leap second), 23:34:45.678.</summary>
    private static TimeSpan? ReadTime(ReadOnlySpan<byte> token)
    {
        if (!Utf8Parser.TryParse(token, out int hour, out int used) || used >= token.Length || token[used] != ':')
            return null;
        token = token[(used + 1)..];
        if (!Utf8Parser.TryParse(token, out int minute, out used))
            return null;
        int second = 0;
        if (used < token.Length && token[used] == ':' && !Utf8Parser.TryParse(token[(used + 1)..], out second, out _))
            return null;
        return hour is >= 0 and < 24 && minute is >= 0 and < 60 && second is >= 0 and <= 60 ? new TimeSpan(hour, minute, second) : null;
    }

    private static TimeSpan? ReadZone(ReadOnlySpan<byte> token)
    {
        if (token.Length < 5 || token[0] is not ((byte)'+' or (byte)'-'))
            return null;
        ReadOnlySpan<byte> minutes = token[3] == ':' ? token[4..] : token[3..5];
        if (!Utf8Parser.TryParse(token[1..3], out int hour, out _) || !Utf8Parser.TryParse(minutes, out int minute, out _))
            return null;
        if (hour is < 0 or > 15 || minute is < 0 or > 59)
            return null;
        var zone = new TimeSpan(hour, minute, 0);
        return token[0] == '-' ? -zone : zone;
    }

    private static TimeSpan? NamedZone(ReadOnlySpan<byte> token)
    {
        foreach ((byte[] name, int hours) in _zones)
        {
            if (token.SequenceEqual(name))
                return TimeSpan.FromHours(hours);
        }

        return null;
    }

    /// <summary>29-Apr-2010.</summary>
    private static void ReadHyphenated(ReadOnlySpan<byte> token, ref int day, ref int month, ref int year)
    {
        if (!Utf8Parser.TryParse(token, out int first, out int used) || token.Length < used + 6)
            return;
        (day, month) = (first, MonthOf(token[(used + 1)..]));
        ReadOnlySpan<byte> rest = token[(used + 5)..];
        if (Utf8Parser.TryParse(rest, out int number, out int digits))
            year = FullYear(number, digits);
    }

    /// <summary>RFC 5322 section 4.3.</summary>
    private static int FullYear(int number, int digits) =>
        digits switch
        {
            2 => number < 50 ? 2000 + number : 1900 + number,
            3 => 1900 + number,
            _ => number,
        };

    private static int MonthOf(ReadOnlySpan<byte> token)
    {
        if (token.Length < 3)
            return 0;
        ReadOnlySpan<byte> names = "janfebmaraprmayjunjulaugsepoctnovdec"u8;
        int at = 0;
        for (int month = 1; month <= 12; month++, at += 3)
        {
            if (token.StartsWithIgnoreCase(names.Slice(at, 3)))
                return month;
        }

        return 0;
    }
}
