using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Finds the recipients of a bounce without delivery status, in the order of <see cref="Search"/>; the first place that has any wins.</summary>
internal sealed class TextRecipients(HeaderBlock headers, HumanText text)
{
    private readonly List<string> _recipients = [];
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the line is indented that named the recipient of the current paragraph; -1 when there is none.</summary>
    private int _paragraphIndent = -1;

    /// <summary>What was found, at most <see cref="StatusFields.MaxRecipients"/>.</summary>
    public List<string> Recipients => _recipients;

    /// <summary>Where.</summary>
    public RecipientSource Source { get; private set; } = RecipientSource.Text;

    /// <summary>Whether there were more.</summary>
    public bool Limited { get; private set; }

    /// <summary>Searches the places, the surest first.</summary>
    /// <param name="original">The header of the returned message, if any.</param>
    public void Search(HeaderBlock? original)
    {
        Source = RecipientSource.Header;
        AddAll(headers.RawValue("X-Failed-Recipients"u8).Span);
        if (_recipients.Count > 0)
            return;
        Source = RecipientSource.Text;
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } author)
            _seen.Add(author);
        ForEachLine(AddLeading);
        if (_recipients.Count == 0)
            ForEachLine(AddFailing);
        if (_recipients.Count > 0 || original is null)
            return;
        Source = RecipientSource.Header;
        AddAll(original.RawValue("To"u8).Span);
    }

    private delegate void LineReading(ReadOnlySpan<byte> line);

    private void ForEachLine(LineReading read)
    {
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            var lines = new LineReader(part.Span);
            _paragraphIndent = -1;
            while (!Limited && lines.MoveNext())
            {
                if (lines.Line.TrimBlank().IsEmpty)
                    _paragraphIndent = -1;
                else if (lines.Line.Contains((byte)'@'))
                    read(lines.Line);
            }
        }
    }

    /// <summary>A line that begins with an address, behind bullets, quotes and a reply code.</summary>
    private void AddLeading(ReadOnlySpan<byte> line)
    {
        int indent = line.Length - line.TrimStart(" \t"u8).Length;
        // A reply that Postfix has wrapped may quote other addresses at the start of an indented line.
        if (_paragraphIndent >= 0 && indent > _paragraphIndent)
            return;
        line = line.TrimStart(" \t*-•>\"'"u8);
        if (ReplyText.TryFind(line, out _, out int at) && at == 0)
            line = line[3..].TrimStart("- .0123456789"u8);
        if (line.StartsWithIgnoreCase("RCPT TO:"u8))
            line = line[8..];
        else if (LabelLength(line) is var label and > 0)
            line = line[label..].TrimStart(" \t"u8);
        if (AddressText.Find(line, out Range where) is { } address && line[..where.Start].IndexOfAnyExcept(" <\"'("u8) < 0)
        {
            Add(address);
            _paragraphIndent = indent;
        }
    }

    /// <summary><c>Recipient:</c>, <c>Recipient address:</c>, <c>Failed Recipient:</c>.</summary>
    private static int LabelLength(ReadOnlySpan<byte> line)
    {
        int colon = line.IndexOf((byte)':');
        return colon is > 0 and < 40 && line[..colon].ContainsIgnoreCase("recipient"u8) ? colon + 1 : 0;
    }

    /// <summary>A line that holds both an address and a reply or the wording of a failure.</summary>
    private void AddFailing(ReadOnlySpan<byte> line)
    {
        if (ReplyText.TryFind(line, out _, out _) || FailureWording.Failed.StandIn(line))
            AddAll(line);
    }

    private void AddAll(ReadOnlySpan<byte> line)
    {
        while (!Limited && AddressText.Find(line, out Range where) is { } address)
        {
            Add(address);
            line = line[where.End..];
        }
    }

    private void Add(string address)
    {
        if (!AddressText.IsMailbox(address) || !_seen.Add(address))
            return;
        if (_recipients.Count == StatusFields.MaxRecipients)
            Limited = true;
        else
            _recipients.Add(address);
    }
}
