using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>Finds the recipients of a bounce without delivery status, in the order of <see cref="Search"/>; the first place that has any wins.</summary>
internal sealed class TextRecipients(HeaderBlock headers, HumanText text)
{
    /// <summary>How much of a paragraph is looked at as one sentence.</summary>
    private const int MaxSentence = 1024;

    /// <summary>A text names one or two whom to ask.</summary>
    private const int MaxHelpers = 10;

    /// <summary>What says, of a subject that names an address, that it is a recipient's; besides the wordings of a text.</summary>
    private static readonly Phrases _refused = new("rejected", "refused", "blocked");

    /// <summary>What is said of an address, <c>Delivery to a@example.org failed.</c>, and of much else where none is named.</summary>
    private static readonly Phrases _fails = new(
        " failed.",
        " failed:",
        " failed,",
        " failed;",
        " failed (",
        " failed with",
        " failed because"
    );

    private readonly FoundRecipients _found = new();

    /// <summary>Those that may only be named for help; taken when nobody else is.</summary>
    private readonly List<string> _helpers = [];

    /// <summary>How far the line is indented that named the recipient of the current paragraph; -1 when there is none.</summary>
    private int _paragraphIndent = -1;

    /// <summary>Whether the lines are what an Exchange server repeats for its administrators.</summary>
    private bool _isRepetition;

    /// <summary>Whether the line before said whose address comes: not a recipient's.</summary>
    private bool _announcesSender;

    private delegate void LineReading(ReadOnlySpan<byte> line);

    /// <summary>What was found, at most <see cref="StatusFields.MaxRecipients"/>.</summary>
    public List<string> Recipients => _found.All;

    /// <summary>Where.</summary>
    public RecipientSource Source { get; private set; } = RecipientSource.Text;

    /// <summary>Whether there were more.</summary>
    public bool Limited => _found.Limited;

    /// <summary>Whether a recipient stands under a heading of its own that says that the message will still be tried.</summary>
    public bool IsWaiting(string recipient) => _found.IsWaiting(recipient);

    /// <summary>Searches the places, the surest first.</summary>
    /// <param name="original">The header of the returned message, if any.</param>
    public void Search(HeaderBlock? original)
    {
        Source = RecipientSource.Header;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Is("X-Failed-Recipients"u8))
                _found.AddAll(headers[i].RawValue.Span);
        }

        if (_found.All.Count > 0)
            return;
        Source = RecipientSource.Text;
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } author)
            _found.Dismiss(author);
        AddSenders(original);
        if (Found(AddLeading) || Found(AddFailing) || FoundInSentences())
            return;
        _found.All.AddRange(_helpers);
        if (_found.All.Count > 0 || Found(AddAddressee))
            return;
        Source = RecipientSource.Header;
        ReadOnlySpan<byte> subject = headers.RawValue("Subject"u8).Span;
        if (subject.Contains((byte)'@') && (FailureWording.Failed.StandIn(subject) || _refused.StandIn(subject)))
            _found.AddOthers(subject);
        if (_found.All.Count == 0 && original is not null)
            AddOriginal(original);
        if (_found.All.Count > 0)
            return;
        Source = RecipientSource.Text;
        // Whoever stands anywhere, if it is but one: of several, it is not known who failed.
        if (!Found(AddNamed))
            _found.AddOnlyRole();
        else if (_found.All.Count > 1)
            _found.Clear();
    }

    /// <summary>Addresses of any line but for those of senders and of who helps.</summary>
    private void AddNamed(ReadOnlySpan<byte> line)
    {
        bool isHelper = false;
        while (!Limited && AddressText.TryFind(line, out Range where))
        {
            ReadOnlySpan<byte> before = line[..where.Start];
            isHelper = HelperWords.StandAround(before, line[where.End..], isHelper);
            if (!isHelper && !SenderWords.StandAtEnd(before, orOwner: false))
                _found.AddOthers(line[where]);
            line = line[where.End..];
        }
    }

    private bool Found(LineReading read)
    {
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            var lines = new LineReader(part.Span);
            _paragraphIndent = -1;
            (_isRepetition, _announcesSender, _found.Heading) = (false, false, DsnAction.None);
            while (!Limited && lines.MoveNext())
            {
                ReadOnlySpan<byte> line = lines.Line.TrimBlank();
                if (line.IsEmpty)
                {
                    _paragraphIndent = -1;
                    continue;
                }

                if (line.SequenceEqual("--"u8))
                    break; // A signature follows (RFC 3676 section 4.3).
                if (!line.Contains((byte)'@'))
                    ReadHeading(line);
                else if (!HasMessage(line))
                    read(lines.Line);
                _announcesSender = AnnouncesSender(line);
            }
        }

        _found.Heading = DsnAction.None;
        return _found.All.Count > 0;
    }

    private void ReadHeading(ReadOnlySpan<byte> line)
    {
        _isRepetition |= _found.All.Count > 0 && IsForAdministrators(line);
        if (ListHeading.Read(line) is not DsnAction.None and var heading)
            _found.Heading = heading;
    }

    /// <summary>Whether a line is of the list of those who have got the message; then they are nowhere taken for recipients that failed.</summary>
    private bool HasMessage(ReadOnlySpan<byte> line)
    {
        if (_found.Heading == DsnAction.Delivered && TellsOfFailure(line))
            _found.Heading = DsnAction.None;
        if (_found.Heading != DsnAction.Delivered)
            return false;
        for (; AddressText.Find(line, out Range where) is { } address; line = line[where.End..])
            _found.Dismiss(address);
        return true;
    }

    /// <summary>Whether the next address is the sender's, Exim's <c>A message sent by</c>, or that of who helps.</summary>
    private static bool AnnouncesSender(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd(" :"u8);
        return line.EndsWith("sent by"u8) || line.EndsWith("sent from"u8) || line.EndsWith("Sender"u8) || HelperWords.Announce(line);
    }

    /// <summary>Exchange's <c>Diagnostic information for administrators:</c>, in whatever language it writes.</summary>
    private static bool IsForAdministrators(ReadOnlySpan<byte> heading) =>
        heading.Length < 120 && heading.ContainsIgnoreCase("diagnos"u8) && heading.ContainsIgnoreCase("admin"u8);

    /// <summary>A line that begins with an address.</summary>
    private void AddLeading(ReadOnlySpan<byte> line)
    {
        int indent = line.Length - line.TrimStart(" \t"u8).Length;
        // A reply that Postfix has wrapped may quote other addresses at the start of an indented line.
        if (_isRepetition || _announcesSender || (_paragraphIndent >= 0 && indent > _paragraphIndent))
            return;
        if (!ListEntry.TryRead(line, out ListEntry entry))
            return;
        string address = TextCleaner.Clean(entry.Address, AddressText.MaxOctets);
        if (!entry.IsLabelled && _found.IsSender(address) && IsOfSender(entry))
            return;
        _paragraphIndent = indent;
        if (entry.Arrived)
            _found.Dismiss(address);
        else if (entry.IsLabelled || !HelperWords.IsRole(address) || entry.IsSubject)
            AddWithNeighbours(address, entry.Rest);
        else if (_helpers.Count < MaxHelpers && !_helpers.Contains(address))
            _helpers.Add(address);
    }

    /// <summary>The addresses of an entry that names several: <c>a@example.org, b@example.org</c>, <c>a@example.org (host down), b@example.org (full)</c>.</summary>
    private void AddWithNeighbours(string address, ReadOnlySpan<byte> rest)
    {
        // What names those again who are known already is a list of the addressees.
        if (!_found.Add(address))
            return;
        for (; !Limited && AddressText.TryFind(rest, out Range where); rest = rest[where.End..])
        {
            ReadOnlySpan<byte> gap = rest[..where.Start].TrimEnd(" \t<"u8);
            if (
                gap.IsEmpty
                || gap[^1] is not ((byte)',' or (byte)';')
                || gap.TrimStart(" \t>"u8) is not ([_] or [(byte)'(', .., (byte)')', _])
            )
                return;
            _found.AddOthers(rest[where]);
        }
    }

    /// <summary>A greeting, a sentence that was wrapped, or a reply about the sender: <c>550 &lt;a@example.org&gt;: Sender address rejected</c>.</summary>
    private static bool IsOfSender(ListEntry entry) =>
        entry.IsBehindReply || !(entry.IsMarked || entry.IsSubject) || entry.Rest.ContainsIgnoreCase("sender"u8);

    /// <summary>A line that holds both an address and a reply or the wording of a failure.</summary>
    private void AddFailing(ReadOnlySpan<byte> line)
    {
        if (!IsQuotedBesides(line) && (ReplyText.TryFind(line, out _, out _) || TellsOfFailure(line)))
            AddFailed(line);
    }

    /// <summary>As <see cref="AddFailing"/>, where the sentence is wrapped.</summary>
    private bool FoundInSentences()
    {
        Span<byte> sentence = stackalloc byte[MaxSentence];
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            var lines = new LineReader(part.Span);
            int length = 0;
            while (!Limited && lines.MoveNext())
            {
                ReadOnlySpan<byte> line = lines.Line.TrimBlank();
                if (line.IsEmpty)
                {
                    AddSentence(sentence[..length]);
                    length = 0;
                }
                else if (line.Length < MaxSentence - length)
                {
                    line.CopyTo(sentence[length..]);
                    length += line.Length;
                    sentence[length++] = (byte)' ';
                }
            }

            AddSentence(sentence[..length]);
        }

        return _found.All.Count > 0;
    }

    private void AddSentence(ReadOnlySpan<byte> sentence)
    {
        if (sentence.Contains((byte)'@') && !IsQuotedBesides(sentence) && TellsOfFailure(sentence))
            AddFailed(sentence);
    }

    /// <summary>Whether a text is of a quotation, where the report has said in its own words who failed.</summary>
    private bool IsQuotedBesides(ReadOnlySpan<byte> text) => _found.All.Count > 0 && text.StartsWith(">"u8);

    /// <summary>The addresses of a sentence but for the sender's, <c>The message from … to … could not be delivered</c>.</summary>
    private void AddFailed(ReadOnlySpan<byte> sentence)
    {
        bool isOneNamed = false;
        for (int pass = 0; pass < 2 && !isOneNamed; pass++)
        {
            ReadOnlySpan<byte> rest = sentence;
            bool isHelper = false;
            while (!Limited && AddressText.TryFind(rest, out Range where))
            {
                ReadOnlySpan<byte> before = rest[..where.Start];
                isHelper = HelperWords.StandAround(before, rest[where.End..], isHelper);
                if (!isHelper && !SenderWords.StandAtEnd(before, orOwner: pass == 0))
                {
                    isOneNamed = true;
                    _found.AddOthers(rest[where]);
                }

                rest = rest[where.End..];
            }
        }
    }

    private static bool TellsOfFailure(ReadOnlySpan<byte> sentence) =>
        FailureWording.Failed.StandIn(sentence) || FailureWording.FailedElsewhere.StandIn(sentence) || _fails.StandIn(sentence);

    /// <summary><c>To: …</c> in a list of the original's fields.</summary>
    private void AddAddressee(ReadOnlySpan<byte> line)
    {
        line = ListEntry.WithoutBullets(line);
        if (RecipientLabel.LengthOfTo(line) is var label and > 0)
            _found.AddAll(line[label..]);
    }

    /// <summary>The returned message's addressee; where there are several, the one that the last server received it for, or none: one of them failed.</summary>
    private void AddOriginal(HeaderBlock original)
    {
        _found.AddAll(original.RawValue("To"u8).Span);
        if (_found.All.Count == 1)
            return;
        _found.Clear();
        ReadOnlySpan<byte> received = original.RawValue("Received"u8).Span;
        int at = received.IndexOf(" for <"u8);
        if (at >= 0 && AddressText.Find(received[at..], out _) is { } one)
            _found.Add(one);
    }

    private void AddSenders(HeaderBlock? original)
    {
        _found.AddSender(headers.RawValue("To"u8));
        if (original is null)
            return;
        _found.AddSender(original.RawValue("From"u8));
        _found.AddSender(original.RawValue("Return-Path"u8));
    }
}
