using System.Text;

namespace BounceMx.Pipeline;

/// <summary>
/// Finds the address in a From or To field whose encoded words are decoded (RFC 5322 section 3.4). Lenient: what is no address list gives
/// some text that is no address.
/// </summary>
internal static class AddressField
{
    /// <summary>
    /// The address in the last angle brackets, else the field without its comments: <c>news@example.com</c> of
    /// <c>news@example.com (Sales @ Example)</c>.
    /// </summary>
    public static string Last(string field)
    {
        string text = WithoutComments(field);
        int open = text.LastIndexOf('<');
        if (open < 0)
            return text.Trim();
        int close = text.IndexOf('>', open);
        return text[(open + 1)..(close < 0 ? text.Length : close)].Trim();
    }

    // Comments nest, and are none in quotes. One that does not end is none either: "News :(" <news@example.com> has lost its quotes.
    private static string WithoutComments(string text)
    {
        if (!text.Contains('('))
            return text;
        var kept = new StringBuilder(text.Length);
        bool isQuoted = false;
        int depth = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char character = text[i];
            if (character == '\\' && i + 1 < text.Length)
            {
                if (depth == 0)
                    kept.Append(character).Append(text[i + 1]);
                i++;
                continue;
            }
            if (character == '"' && depth == 0)
                isQuoted = !isQuoted;
            if (character == '(' && !isQuoted)
                depth++;
            if (depth == 0)
                kept.Append(character);
            if (character == ')' && depth > 0)
                depth--;
        }
        return depth == 0 ? kept.ToString() : text;
    }
}
