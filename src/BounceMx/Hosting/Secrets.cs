using System.Text.RegularExpressions;

namespace BounceMx.Hosting;

/// <summary>Keeps passwords out of what is shown.</summary>
internal static partial class Secrets
{
    /// <summary>The value with what must not be seen replaced by <c>***</c>: Redis' password, and the user information of any URL.</summary>
    public static string Mask(string key, string value)
    {
        bool isRedis = key.Equals("Redis:Configuration", StringComparison.OrdinalIgnoreCase);
        // The password first: it may hold the @ that the other looks for.
        return UserInfo().Replace(isRedis ? Password().Replace(value, "${name}=***") : value, "***");
    }

    [GeneratedRegex("(?<name>password)\\s*=[^,]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Password();

    // No setting allows it, but it may be tried. A password may hold anything, even the @ behind which it ends.
    [GeneratedRegex("(?<=://).*(?=@)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
