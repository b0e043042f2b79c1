using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using BounceMx.Smtp.Limits;

namespace BounceMx.Smtp.Proxy;

/// <summary>
/// The line of version 1 (section 2.1): <c>PROXY TCP4 192.0.2.1 198.51.100.1 56324 25</c> CR LF, or <c>PROXY UNKNOWN</c> and whatever follows.
/// Read to the letter: one space between words, upper case, decimals without leading zeros.
/// </summary>
internal static class ProxyVersion1
{
    /// <summary>Octets of the line, CR LF included: that of two IPv6 addresses without a zero.</summary>
    public const int MaxLength = 107;

    /// <summary>What it begins with.</summary>
    public static ReadOnlySpan<byte> Signature => "PROXY "u8;

    /// <summary>Reads a header whose beginning is that of the signature.</summary>
    /// <param name="start">What has arrived, up to <see cref="MaxLength"/> octets.</param>
    /// <param name="header">The header.</param>
    public static OperationStatus Parse(ReadOnlySpan<byte> start, out ProxyHeader header)
    {
        header = default;
        // A line that could still end well has its CR LF within the limit.
        int end = start.IndexOfAny("\r\n"u8);
        if (end < 0 ? start.Length >= MaxLength - 1 : end > MaxLength - 2 || start[end] == '\n')
            return OperationStatus.InvalidData;
        if (end < 0 || end + 1 == start.Length)
            return OperationStatus.NeedMoreData;
        if (start[end + 1] != '\n' || !TryParse(start[..end], out IPEndPoint? source))
            return OperationStatus.InvalidData;
        header = new ProxyHeader(end + 2, source);
        return OperationStatus.Done;
    }

    private static bool TryParse(ReadOnlySpan<byte> octets, out IPEndPoint? source)
    {
        source = null;
        Span<char> line = stackalloc char[octets.Length];
        Encoding.Latin1.GetChars(octets, line);
        if (line is "PROXY UNKNOWN" || line.StartsWith("PROXY UNKNOWN "))
            return true;
        // One more than there may be.
        Span<Range> words = stackalloc Range[7];
        if (((ReadOnlySpan<char>)line).Split(words, ' ') != 6)
            return false;
        AddressFamily family = FamilyOf(line[words[1]]);
        if (
            !TryParseAddress(line[words[2]], family, out IPAddress? address)
            || !TryParseAddress(line[words[3]], family, out _)
            || !TryParsePort(line[words[4]], out ushort port)
            || !TryParsePort(line[words[5]], out _)
        )
            return false;
        source = new IPEndPoint(address.Unmapped(), port);
        return true;
    }

    private static AddressFamily FamilyOf(ReadOnlySpan<char> word) =>
        word switch
        {
            "TCP4" => AddressFamily.InterNetwork,
            "TCP6" => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unknown,
        };

    private static bool TryParseAddress(ReadOnlySpan<char> word, AddressFamily family, [NotNullWhen(true)] out IPAddress? address) =>
        StrictAddress.TryParse(word, out address) && address.AddressFamily == family;

    private static bool TryParsePort(ReadOnlySpan<char> word, out ushort port) =>
        ushort.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out port) && (word.Length == 1 || word[0] != '0');
}
