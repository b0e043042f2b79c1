using System.Buffers;
using System.Text.RegularExpressions;

namespace BounceMx.Hosting;

/// <summary>Keeps passwords and keys out of what is shown.</summary>
internal static partial class Secrets
{
    /// <summary>
    /// The value with what must not be seen replaced by <c>***</c>: Redis' password, the user information of any URL, the secret of a key of bounce
    /// addresses, also where the key stands in place of its file.
    /// </summary>
    public static string Mask(string key, string value)
    {
        if (key.StartsWith("Verp:Key", StringComparison.OrdinalIgnoreCase))
            return MaskKey(value, isFile: key.Equals("Verp:KeyFile", StringComparison.OrdinalIgnoreCase));
        bool isRedis = key.Equals("Redis:Configuration", StringComparison.OrdinalIgnoreCase);
        // The password first: it may hold the @ that the other looks for.
        return UserInfo().Replace(isRedis ? Password().Replace(value, "${name}=***") : value, "***");
    }

    private static string MaskKey(string value, bool isFile)
    {
        // Whoever mistyped a key still sees its id; a path is shown, unless it looks like a key: C:\verp.keys does not.
        string text = value.Trim();
        bool hasId = text is [_, ':', ..];
        bool isKey = hasId ? text is not [_, ':', '/' or '\\', ..] : text.Length >= 16 && text.AsSpan().IndexOfAnyExcept(HexDigits) < 0;
        return text.Length == 0 || (isFile && !isKey) ? value
            : hasId ? text[..2] + "***"
            : "***";
    }

    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    [GeneratedRegex("(?<name>password)\\s*=[^,]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Password();

    // No setting allows it, but it may be tried. A password may hold anything, even the @ behind which it ends.
    [GeneratedRegex("(?<=://).*(?=@)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
