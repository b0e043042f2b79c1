using System.Buffers;
using System.Text;
using BounceMx.Mail;

namespace BounceMx.Smtp.Commands;

/// <summary>
/// Reads the path of MAIL and RCPT (RFC 5321 section 4.1.2), angle brackets included: null path, source route (checked and dropped),
/// quoted local part, address literal, bare <c>Postmaster</c>, UTF-8 (RFC 6531 section 3.3; that it is valid is the caller's business).
/// Looser than the RFC where senders are: dots may stand anywhere in a local part (addresses of old Japanese mobile carriers come back
/// in VERP as <c>a..b=</c> and <c>a.=</c>), and a domain may hold an underscore. It does not judge whether a domain or address exists.
/// Limits: local part 128 octets (64 in the RFC; real VERP addresses are longer), domain 255, path 256.
/// </summary>
internal static class PathParser
{
    public const int MaxLocalPart = 128;
    public const int MaxDomain = 255;
    public const int MaxPath = 256;

    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static readonly SearchValues<byte> DotStringOctets = WithNonAscii(Alphanumeric + ".!#$%&'*+-/=?^_`{|}~");
    private static readonly SearchValues<byte> DomainOctets = WithNonAscii(Alphanumeric + ".-_");

    // dcontent: printable but for the brackets and the backslash (RFC 5321 section 4.1.3).
    private static readonly SearchValues<byte> LiteralOctets = SearchValues.Create([
        .. Enumerable.Range('!', '~' - '!' + 1).Where(c => c is not ('[' or '\\' or ']')).Select(c => (byte)c),
    ]);

    /// <summary>Reads a path from the start of <paramref name="text"/>.</summary>
    /// <param name="text">Octets that begin with the path; on success, moved behind it.</param>
    /// <param name="mailbox"><c>null</c> for <c>&lt;&gt;</c>; without a domain for <c>&lt;Postmaster&gt;</c>.</param>
    /// <returns><c>false</c> when no path stands there, or one over the limits.</returns>
    public static bool TryRead(ref ReadOnlySpan<byte> text, out Mailbox? mailbox)
    {
        mailbox = null;
        ReadOnlySpan<byte> rest = text;
        if (!TrySkip(ref rest, (byte)'<'))
            return false;
        if (!TrySkip(ref rest, (byte)'>'))
        {
            if (!TrySkipRoute(ref rest) || !TryReadMailbox(ref rest, out mailbox) || !TrySkip(ref rest, (byte)'>'))
                return false;
        }
        if (text.Length - rest.Length > MaxPath)
            return false;
        text = rest;
        return true;
    }

    // "@one.example,@two.example:", deprecated since RFC 5321: appendix F.2 says to accept and ignore it.
    private static bool TrySkipRoute(ref ReadOnlySpan<byte> rest)
    {
        if (rest is not [(byte)'@', ..])
            return true;
        do
        {
            if (!TrySkip(ref rest, (byte)'@') || !TryReadDomain(ref rest, out _))
                return false;
        } while (TrySkip(ref rest, (byte)','));
        return TrySkip(ref rest, (byte)':');
    }

    private static bool TryReadMailbox(ref ReadOnlySpan<byte> rest, out Mailbox? mailbox)
    {
        mailbox = null;
        if (!TryReadLocalPart(ref rest, out string localPart))
            return false;
        string domain = "";
        bool isComplete = TrySkip(ref rest, (byte)'@')
            ? TryReadDomain(ref rest, out domain)
            : localPart.Equals("postmaster", StringComparison.OrdinalIgnoreCase);
        mailbox = new Mailbox(localPart, domain);
        return isComplete;
    }

    private static bool TryReadLocalPart(ref ReadOnlySpan<byte> rest, out string localPart)
    {
        if (TrySkip(ref rest, (byte)'"'))
            return TryReadQuoted(ref rest, out localPart);
        ReadOnlySpan<byte> octets = Take(ref rest, DotStringOctets);
        localPart = Encoding.UTF8.GetString(octets);
        return octets.Length is > 0 and <= MaxLocalPart;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<byte> rest, out string content)
    {
        content = "";
        Span<byte> unquoted = stackalloc byte[MaxLocalPart];
        int length = 0;
        for (int at = 0; at < rest.Length; at++)
        {
            byte octet = rest[at];
            if (octet == '"')
            {
                rest = rest[(at + 1)..];
                content = Encoding.UTF8.GetString(unquoted[..length]);
                return true;
            }
            if (octet == '\\' && ++at < rest.Length)
                octet = rest[at];
            if (octet is < (byte)' ' or 0x7f || length == unquoted.Length)
                return false;
            unquoted[length++] = octet;
        }
        return false;
    }

    private static bool TryReadDomain(ref ReadOnlySpan<byte> rest, out string domain)
    {
        ReadOnlySpan<byte> octets = rest;
        bool isWellFormed;
        if (TrySkip(ref rest, (byte)'['))
        {
            isWellFormed = Take(ref rest, LiteralOctets).Length > 0 && TrySkip(ref rest, (byte)']');
            octets = octets[..^rest.Length];
        }
        else
        {
            octets = Take(ref rest, DomainOctets);
            isWellFormed = octets.Length > 0 && octets[0] != '.' && octets[^1] != '.' && octets.IndexOf(".."u8) < 0;
        }
        domain = Encoding.UTF8.GetString(octets);
        return isWellFormed && octets.Length <= MaxDomain;
    }

    private static ReadOnlySpan<byte> Take(scoped ref ReadOnlySpan<byte> rest, SearchValues<byte> octets)
    {
        int length = rest.IndexOfAnyExcept(octets);
        ReadOnlySpan<byte> taken = length < 0 ? rest : rest[..length];
        rest = rest[taken.Length..];
        return taken;
    }

    private static bool TrySkip(ref ReadOnlySpan<byte> rest, byte octet)
    {
        if (rest.IsEmpty || rest[0] != octet)
            return false;
        rest = rest[1..];
        return true;
    }

    private static SearchValues<byte> WithNonAscii(string ascii) =>
        SearchValues.Create([.. Encoding.ASCII.GetBytes(ascii), .. Enumerable.Range(0x80, 0x80).Select(octet => (byte)octet)]);
}
