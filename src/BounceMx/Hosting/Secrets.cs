using System.Text.RegularExpressions;

namespace BounceMx.Hosting;

/// <summary>Keeps passwords out of what is shown.</summary>
internal static partial class Secrets
{
    /// <summary>The value with its password replaced by <c>***</c>.</summary>
    public static string Mask(string key, string value) =>
        key.Equals("Redis:Configuration", StringComparison.OrdinalIgnoreCase)
            ? Password().Replace(UserInfo().Replace(value, "***"), "${name}=***")
            : value;

    [GeneratedRegex("(?<name>password)\\s*=[^,]*", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Password();

    // Of a URL, which is not allowed but may be tried.
    [GeneratedRegex("(?<=://).*(?=@)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex UserInfo();
}
