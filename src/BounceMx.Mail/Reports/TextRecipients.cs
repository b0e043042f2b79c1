using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Finds the recipients of a bounce without delivery status, in the order of <see cref="Search"/>; the first place that has any wins.</summary>
internal sealed class TextRecipients(HeaderBlock headers, HumanText text)
{
    private readonly List<string> _recipients = [];
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What was found, at most <see cref="StatusFields.MaxRecipients"/>.</summary>
    public IReadOnlyList<string> Recipients => _recipients;

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
            while (!Limited && lines.MoveNext())
            {
                if (lines.Line.Contains((byte)'@'))
                    read(lines.Line);
            }
        }
    }

    /// <summary>A line that begins with an address, behind bullets, quotes and a reply code.</summary>
    private void AddLeading(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t*-•>\"'"u8);
        if (ReplyText.TryFind(line, out _, out int at) && at == 0)
            line = line[3..].TrimStart("- .0123456789"u8);
        if (line.StartsWithIgnoreCase("RCPT TO:"u8))
            line = line[8..];
        else if (LabelLength(line) is var label and > 0)
            line = line[label..].TrimStart(" \t"u8);
        if (AddressText.Find(line, out int start) is { } address && line[..start].IndexOfAnyExcept(" <\"'("u8) < 0)
            Add(address);
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
        if (ReplyText.TryFind(line, out _, out _) || line.ContainsAny(FailureWording.Failed))
            AddAll(line);
    }

    private void AddAll(ReadOnlySpan<byte> line)
    {
        while (!Limited && AddressText.Find(line, out int at) is { } address)
        {
            Add(address);
            line = line[Math.Min(line.Length, at + Encoding.UTF8.GetByteCount(address))..];
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
