using System.Buffers;

namespace BounceMx.Verp;

/// <summary>
/// The text form of keys: one <c>ID:HEX</c> a line, such as <c>1:9f86d081884c7d659a2feaa0c55ad015</c>; the first signs, all verify. Empty
/// lines and lines that begin with <c>#</c> are skipped, spaces around a line too. Hex, because <c>openssl</c> and every language read it.
/// </summary>
public static class VerpKeyFile
{
    /// <summary>Reads keys. Never throws, and the fault never quotes the text, which may hold a secret.</summary>
    /// <param name="text">The file's content; lines may end in LF or CRLF; a byte order mark may come first.</param>
    /// <param name="keys">At least one key, in the order of their lines; empty with a fault.</param>
    /// <param name="fault">What is wrong first.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out IReadOnlyList<VerpKey> keys, out VerpKeyFault fault)
    {
        var found = new List<VerpKey>();
        keys = [];
        int number = 0;
        // Editors of Windows put a byte order mark before the text.
        if (text is ['\uFEFF', ..])
            text = text[1..];
        foreach (ReadOnlySpan<char> untrimmed in text.EnumerateLines())
        {
            number++;
            ReadOnlySpan<char> line = untrimmed.Trim();
            if (line.IsEmpty || line[0] == '#')
                continue;
            if (ReadLine(line, found) is { } problem)
            {
                fault = new(number, problem);
                return false;
            }
        }
        fault = found.Count > 0 ? default : new(number, "there is no key in it");
        if (found.Count > 0)
            keys = found;
        return found.Count > 0;
    }

    /// <summary>Adds the line's key; returns what is wrong, or <c>null</c>.</summary>
    private static string? ReadLine(ReadOnlySpan<char> line, List<VerpKey> keys)
    {
        if (line is not [var id, ':', .. var hex])
            return "a key is ID:HEX, such as 1:9f86d0...";
        if (!VerpKey.IsId(id))
            return "a key's id is one of 0-9 and a-v";
        byte[] secret = new byte[hex.Length / 2];
        if (hex.Length % 2 != 0 || Convert.FromHexString(hex, secret, out _, out _) is not OperationStatus.Done)
            return "the secret is not hexadecimal, two digits an octet";
        if (secret.Length < VerpKey.MinSecretLength)
            return "the secret has fewer than 16 octets (32 hexadecimal digits)";
        var key = new VerpKey(id, secret);
        if (keys.Exists(other => other.Id == key.Id))
            return $"the id {key.Id} is that of an earlier key";
        keys.Add(key);
        return null;
    }
}

/// <summary>What is wrong with a key file.</summary>
/// <param name="Line">The line, from 1; for a file without keys its last.</param>
/// <param name="Problem">What is wrong with it, in words, without the secret.</param>
public readonly record struct VerpKeyFault(int Line, string Problem);
