using System.Text.RegularExpressions;

namespace BounceMx.Smtp.Tests.Dialogues;

/// <summary>A reply as a strict client reads it (RFC 5321 section 4.2, RFC 2034 section 4).</summary>
/// <param name="Code">Three digits.</param>
/// <param name="Status">The enhanced code; empty when there is none.</param>
/// <param name="Text">Lines separated by LF.</param>
internal sealed partial record Reply(string Code, string Status, string Text)
{
    private const int MaxLine = 512;

    /// <summary>Code and enhanced code.</summary>
    public string Summary => Status.Length == 0 ? Code : $"{Code} {Status}";

    public override string ToString() => $"{Summary} {Text}";

    public bool Matches(string expected) => expected == Summary || expected == ToString();

    /// <summary>Takes one reply off what came.</summary>
    /// <returns><c>null</c> when none is complete yet.</returns>
    /// <exception cref="FormatException">No client could read this.</exception>
    public static Reply? Take(ref string received)
    {
        List<Match> lines = [];
        int at = 0;
        do
        {
            int end = received.IndexOf("\r\n", at, StringComparison.Ordinal);
            if (end < 0)
                return received.Length - at < MaxLine ? null : throw new FormatException("A line is over 512 octets.");
            if (end + 2 - at > MaxLine)
                throw new FormatException("A line is over 512 octets.");
            Match line = Line().Match(received[at..end]);
            if (!line.Success)
                throw new FormatException($"No reply line: {received[at..end]}");
            lines.Add(line);
            at = end + 2;
        } while (lines[^1].Groups["more"].Value == "-");
        received = received[at..];

        string code = lines[0].Groups["code"].Value;
        string status = lines[0].Groups["status"].Value;
        if (lines.Exists(line => line.Groups["code"].Value != code || line.Groups["status"].Value != status))
            throw new FormatException($"The lines of a reply {code} disagree.");
        if (status.Length > 0 && status[0] != code[0])
            throw new FormatException($"{code} with {status}.");
        return new Reply(code, status, string.Join('\n', lines.Select(line => line.Groups["text"].Value)));
    }

    [GeneratedRegex(
        @"\A(?<code>[2345][0-5][0-9])(?<more>[ -])((?<status>[245]\.(0|[1-9][0-9]{0,2})\.(0|[1-9][0-9]{0,2})) )?(?<text>[\x20-\x7e]*)\z",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Line();
}
