namespace BounceMx.Mail;

/// <summary>A mailbox, <c>local-part@domain</c> (RFC 5321 section 4.1.2, RFC 6531 section 3.3).</summary>
/// <param name="LocalPart">Without quotes and backslashes: <c>"a\"b"</c> is <c>a"b</c>, so quoted and plain forms are equal.</param>
/// <param name="Domain">A domain name, or an address literal in its brackets; empty only for the bare <c>Postmaster</c>.</param>
public readonly record struct Mailbox(string LocalPart, string Domain)
{
    /// <summary>The mailbox as it stands between angle brackets, the local part quoted where it must be.</summary>
    public override string ToString()
    {
        string local = IsDotString(LocalPart)
            ? LocalPart
            : $"\"{LocalPart.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
        return Domain.Length == 0 ? local : $"{local}@{Domain}";
    }

    private static bool IsDotString(string local)
    {
        if (local.Length == 0 || local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return false;
        foreach (char c in local)
        {
            if (c is <= ' ' or '\x7f' || "()<>[]:;@\\,\"".Contains(c))
                return false;
        }
        return true;
    }
}
