using System.Text;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>
/// RFC 5321 section 4.5.2 in the simplest words, to compare the server with: lines between CR LF; a line of one dot ends the message;
/// of any other line a first dot is dropped.
/// </summary>
/// <param name="Text">The message, an octet a character.</param>
/// <param name="Length">How many of the octets sent were the message and its end.</param>
internal sealed record DataModel(string Text, int Length)
{
    public bool HasBareLineEnds => Text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');

    /// <summary>Reads what was sent behind a 354.</summary>
    /// <returns><c>null</c> when the end of data has not been sent.</returns>
    public static DataModel? Read(string sent)
    {
        var text = new StringBuilder();
        int at = 0;
        while (true)
        {
            int end = sent.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end < 0)
                return null;
            string line = sent[at..end];
            at = end + 2;
            if (line == ".")
                return new DataModel(text.ToString(), at);
            text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        }
    }

    /// <summary>A message as it is sent behind a 354, its end included.</summary>
    public static string Write(string message)
    {
        string[] lines = message.Split("\r\n");
        lines[^1].ShouldBeEmpty("Only BDAT can send a message without CR LF at its end.");
        return string.Concat(lines[..^1].Select(line => (line.StartsWith('.') ? "." : "") + line + "\r\n")) + ".\r\n";
    }
}
