using System.Globalization;
using BounceMx.Mail;

namespace BounceMx.Smtp;

/// <summary>
/// Writes a reply as it goes over the wire (RFC 5321 section 4.2.1). Text may quote the peer, so whatever is not printable ASCII becomes
/// a question mark and cannot begin a line of its own; a line that would exceed 512 octets goes on in the next.
/// The enhanced code stands on every line (RFC 2034 section 4).
/// </summary>
internal static class ReplyEncoder
{
    /// <summary>Octets of a reply line, CRLF included (RFC 5321 section 4.5.3.1.5).</summary>
    public const int MaxLineLength = 512;

    /// <summary>Encodes a reply, the last line's CRLF included.</summary>
    public static byte[] Encode(ReplyCode code, EnhancedStatusCode? status, string text)
    {
        string enhanced = status is null ? "" : $"{status} ";
        int room = MaxLineLength - "250 ".Length - enhanced.Length - "\r\n".Length;
        string[] lines = [.. text.Split('\n').SelectMany(line => Fold(line, room))];
        var wire = new List<byte>(text.Length + (lines.Length * 16));
        for (int i = 0; i < lines.Length; i++)
        {
            char separator = i == lines.Length - 1 ? ' ' : '-';
            string line = string.Create(CultureInfo.InvariantCulture, $"{code}{separator}{enhanced}{lines[i]}");
            wire.AddRange(line.Select(c => c is >= ' ' and <= '~' ? (byte)c : (byte)'?'));
            wire.AddRange("\r\n"u8);
        }
        return [.. wire];
    }

    private static IEnumerable<string> Fold(string line, int room) =>
        line.Length == 0 ? [""] : line.Chunk(room).Select(chunk => new string(chunk));
}
