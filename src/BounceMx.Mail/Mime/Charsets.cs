using System.Buffers;
using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace BounceMx.Mail.Mime;

/// <summary>
/// Charsets by the names that mail uses for them, right and wrong. What is valid UTF-8 is read as UTF-8 whatever its label says, for no
/// longer text in another charset is so by chance; the rest by its label, else as windows-1252.
/// Known gap: UTF-7 is not decoded (.NET has dropped it for good reasons); its label is mostly put on plain ASCII.
/// </summary>
internal static class Charsets
{
    /// <summary>No registered name is longer.</summary>
    private const int MaxNameLength = 45;

    private const int Windows1252 = 1252;
    private const int Iso2022Jp = 50220;
    private const int Utf8CodePage = 65001;

    /// <summary>ISO-2022 shifts with it, and is ASCII otherwise (RFC 1468).</summary>
    private const byte Escape = 0x1B;

    /// <summary>Names that .NET's code pages do not know, or know as something narrower than what is sent under them.</summary>
    private static readonly FrozenDictionary<string, int> _codePages = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase)
    {
        ["utf-8"] = Utf8CodePage,
        ["utf8"] = Utf8CodePage,
        ["uft-8"] = Utf8CodePage,
        ["utf-7"] = Utf8CodePage,
        ["unicode-1-1-utf-7"] = Utf8CodePage,
        ["unicode-1-1-utf-8"] = Utf8CodePage,
        ["us-ascii"] = Windows1252,
        ["ascii"] = Windows1252,
        ["ansi_x3.4-1968"] = Windows1252,
        ["646"] = Windows1252,
        ["iso-8859-1"] = Windows1252,
        ["iso8859-1"] = Windows1252,
        ["iso_8859-1"] = Windows1252,
        ["latin1"] = Windows1252,
        ["8bit"] = Windows1252,
        ["unknown"] = Windows1252,
        ["x-unknown"] = Windows1252,
        ["unknown-8bit"] = Windows1252,
        ["utf-16"] = 1200,
        ["utf-16le"] = 1200,
        ["utf-16be"] = 1201,
        ["iso-2022-jp-1"] = Iso2022Jp,
        ["iso-2022-jp-2"] = Iso2022Jp,
        ["iso-2022-jp-ms"] = Iso2022Jp,
        ["jis"] = Iso2022Jp,
        ["sjis"] = 932,
        ["shift-jis"] = 932,
        ["x-shift-jis"] = 932,
        ["windows-31j"] = 932,
        ["eucjp"] = 51932,
        ["ujis"] = 51932,
        ["eucjp-win"] = 51932,
        ["eucjp-ms"] = 51932,
        ["gb2312"] = 54936,
        ["gbk"] = 54936,
        ["x-gbk"] = 54936,
        ["euckr"] = 949,
        ["ks_c_5601-1987"] = 949,
        ["uhc"] = 949,
        ["tis-620"] = 874,
        ["koi8"] = 20866,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _lookup = _codePages.GetAlternateLookup<
        ReadOnlySpan<char>
    >();

    /// <summary>The text of <paramref name="octets"/>.</summary>
    /// <param name="octets">Octets in any charset.</param>
    /// <param name="charset">The label; may be empty or wrong.</param>
    public static string Decode(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> charset) => Choose(octets, charset).GetString(octets);

    /// <summary>The octets as UTF-8: the input itself where it is UTF-8 already, which is nearly always.</summary>
    /// <param name="octets">Octets in any charset.</param>
    /// <param name="charset">The label; may be empty or wrong.</param>
    public static ReadOnlyMemory<byte> ToUtf8(ReadOnlyMemory<byte> octets, ReadOnlySpan<byte> charset)
    {
        Encoding encoding = Choose(octets.Span, charset);
        if (ReferenceEquals(encoding, Encoding.UTF8))
            return octets;
        char[] text = ArrayPool<char>.Shared.Rent(encoding.GetMaxCharCount(octets.Length));
        byte[] utf8 = Encoding.UTF8.GetBytes(text, 0, encoding.GetChars(octets.Span, text));
        ArrayPool<char>.Shared.Return(text);
        return utf8;
    }

    /// <summary>Whether a charset of this name is known.</summary>
    public static bool IsKnown(ReadOnlySpan<byte> charset) => Find(charset) is not null;

    private static Encoding Choose(ReadOnlySpan<byte> octets, ReadOnlySpan<byte> charset)
    {
        bool isUtf8 = Utf8.IsValid(octets);
        bool isShifted = isUtf8 && octets.Contains(Escape);
        if (isUtf8 && !isShifted && !IsWide(charset))
            return Encoding.UTF8;
        Encoding? labelled = Find(charset);
        if (labelled is not null and not { CodePage: Utf8CodePage or Windows1252 })
            return labelled;
        if (isShifted && IsIso2022Jp(octets))
            return CodePage(Iso2022Jp)!;
        return isUtf8 ? Encoding.UTF8 : CodePage(Windows1252)!;
    }

    /// <summary>UTF-16 text in a Western language is valid UTF-8, full of NULs.</summary>
    private static bool IsWide(ReadOnlySpan<byte> charset) => charset.Length > 5 && Ascii.EqualsIgnoreCase(charset[..6], "utf-16"u8);

    /// <summary>JIS X 0208 is announced by ESC $ B or ESC $ @ (RFC 1468).</summary>
    private static bool IsIso2022Jp(ReadOnlySpan<byte> octets) => octets.IndexOf("\x1B$B"u8) >= 0 || octets.IndexOf("\x1B$@"u8) >= 0;

    private static Encoding? Find(ReadOnlySpan<byte> charset)
    {
        charset = charset.Trim(" \t\r\n\"'\\"u8);
        // RFC 2231 section 5 lets a language follow: utf-8*en.
        int language = charset.IndexOf((byte)'*');
        if (language >= 0)
            charset = charset[..language];
        if (charset.IsEmpty || charset.Length > MaxNameLength || !Ascii.IsValid(charset))
            return null;
        Span<char> name = stackalloc char[charset.Length];
        Encoding.ASCII.GetChars(charset, name);
        if (_lookup.TryGetValue(name, out int codePage))
            return CodePage(codePage);
        return CodePagesEncodingProvider.Instance.GetEncoding(name.ToString()) ?? CodePage(NumberOf(name));
    }

    /// <summary>The number in <c>cp932</c>, <c>windows-1251</c>, <c>x-cp1250</c>; 0 where there is none.</summary>
    private static int NumberOf(ReadOnlySpan<char> name)
    {
        int digits = name.LastIndexOfAnyExceptInRange('0', '9') + 1;
        return
            (name.Contains("cp", StringComparison.OrdinalIgnoreCase) || name.Contains("windows", StringComparison.OrdinalIgnoreCase))
            && int.TryParse(name[digits..], NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            && number <= ushort.MaxValue
            ? number
            : 0;
    }

    private static Encoding? CodePage(int number) =>
        number switch
        {
            0 => null,
            Utf8CodePage => Encoding.UTF8,
            1200 => Encoding.Unicode,
            1201 => Encoding.BigEndianUnicode,
            _ => CodePagesEncodingProvider.Instance.GetEncoding(number),
        };
}
