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
    private static readonly Phrases _fails = new(" failed.", " failed:", " failed,", " failed;", " failed (", " failed with", " failed because");

    private readonly List<string> _recipients = [];

    /// <summary>Those that may only be named for help; taken when nobody else is.</summary>
    private readonly List<string> _helpers = [];

    /// <summary>Those of a role that are named in passing; one is taken when nobody else can be who failed.</summary>
    private readonly HashSet<string> _roles = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Who is written to, and who wrote the original: named in prose, they are not who failed.</summary>
    private readonly HashSet<string> _senders = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the line is indented that named the recipient of the current paragraph; -1 when there is none.</summary>
    private int _paragraphIndent = -1;

    /// <summary>What the heading above says of the addresses under it.</summary>
    private DsnAction _heading;

    /// <summary>Who waits, as a heading says.</summary>
    private HashSet<string>? _waiting;

    /// <summary>Whether the lines are what an Exchange server repeats for its administrators.</summary>
    private bool _isRepetition;

    /// <summary>Whether the line before said whose address comes: not a recipient's.</summary>
    private bool _announcesSender;

    private delegate void LineReading(ReadOnlySpan<byte> line);

    /// <summary>What was found, at most <see cref="StatusFields.MaxRecipients"/>.</summary>
    public List<string> Recipients => _recipients;

    /// <summary>Where.</summary>
    public RecipientSource Source { get; private set; } = RecipientSource.Text;

    /// <summary>Whether there were more.</summary>
    public bool Limited { get; private set; }

    /// <summary>Whether a recipient stands under a heading of its own that says that the message will still be tried.</summary>
    public bool IsWaiting(string recipient) => _waiting is not null && _waiting.Contains(recipient) && _waiting.Count < _recipients.Count;

    /// <summary>Searches the places, the surest first.</summary>
    /// <param name="original">The header of the returned message, if any.</param>
    public void Search(HeaderBlock? original)
    {
        Source = RecipientSource.Header;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Is("X-Failed-Recipients"u8))
                AddAll(headers[i].RawValue.Span);
        }

        if (_recipients.Count > 0)
            return;
        Source = RecipientSource.Text;
        if (AddressText.Find(headers.RawValue("From"u8).Span, out _) is { } author)
            _seen.Add(author);
        AddSenders(original);
        if (Found(AddLeading) || Found(AddFailing) || FoundInSentences())
            return;
        _recipients.AddRange(_helpers);
        if (_recipients.Count > 0 || Found(AddAddressee))
            return;
        Source = RecipientSource.Header;
        ReadOnlySpan<byte> subject = headers.RawValue("Subject"u8).Span;
        if (subject.Contains((byte)'@') && (FailureWording.Failed.StandIn(subject) || _refused.StandIn(subject)))
            AddAllBut(subject, _senders);
        if (_recipients.Count == 0 && original is not null)
            AddOriginal(original);
        if (_recipients.Count > 0)
            return;
        Source = RecipientSource.Text;
        // Whoever stands anywhere, if it is but one: of several, it is not known who failed.
        if (Found(AddNamed) && _recipients.Count > 1)
            _recipients.Clear();
        else if (_recipients.Count == 0 && _roles.Count == 1)
            _recipients.AddRange(_roles);
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
                AddAllBut(line[where], _senders);
            line = line[where.End..];
        }
    }

    private bool Found(LineReading read)
    {
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            var lines = new LineReader(part.Span);
            _paragraphIndent = -1;
            (_isRepetition, _announcesSender, _heading) = (false, false, DsnAction.None);
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

        _heading = DsnAction.None;
        return _recipients.Count > 0;
    }

    private void ReadHeading(ReadOnlySpan<byte> line)
    {
        _isRepetition |= _recipients.Count > 0 && IsForAdministrators(line);
        if (ListHeading.Read(line) is not DsnAction.None and var heading)
            _heading = heading;
    }

    /// <summary>Whether a line is of the list of those who have got the message; then they are nowhere taken for recipients that failed.</summary>
    private bool HasMessage(ReadOnlySpan<byte> line)
    {
        if (_heading == DsnAction.Delivered && TellsOfFailure(line))
            _heading = DsnAction.None;
        if (_heading != DsnAction.Delivered)
            return false;
        for (; AddressText.Find(line, out Range where) is { } address; line = line[where.End..])
            _seen.Add(address);
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
        if (!entry.IsLabelled && _senders.Contains(address) && IsOfSender(entry))
            return;
        _paragraphIndent = indent;
        if (entry.Arrived)
            _seen.Add(address);
        else if (entry.IsLabelled || !HelperWords.IsRole(address) || entry.IsSubject)
            AddWithNeighbours(address, entry.Rest);
        else if (_helpers.Count < MaxHelpers && !_helpers.Contains(address))
            _helpers.Add(address);
    }

    /// <summary>The addresses of an entry that names several: <c>a@example.org, b@example.org</c>, <c>a@example.org (host down), b@example.org (full)</c>.</summary>
    private void AddWithNeighbours(string address, ReadOnlySpan<byte> rest)
    {
        int count = _recipients.Count;
        Add(address);
        // What names those again who are known already is a list of the addressees.
        if (_recipients.Count == count)
            return;
        for (; !Limited && AddressText.TryFind(rest, out Range where); rest = rest[where.End..])
        {
            ReadOnlySpan<byte> gap = rest[..where.Start].TrimEnd(" \t<"u8);
            if (gap.IsEmpty || gap[^1] is not ((byte)',' or (byte)';') || gap.TrimStart(" \t>"u8) is not ([_] or [(byte)'(', .., (byte)')', _]))
                return;
            AddAllBut(rest[where], _senders);
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

        return _recipients.Count > 0;
    }

    private void AddSentence(ReadOnlySpan<byte> sentence)
    {
        if (sentence.Contains((byte)'@') && !IsQuotedBesides(sentence) && TellsOfFailure(sentence))
            AddFailed(sentence);
    }

    /// <summary>Whether a text is of a quotation, where the report has said in its own words who failed.</summary>
    private bool IsQuotedBesides(ReadOnlySpan<byte> text) => _recipients.Count > 0 && text.StartsWith(">"u8);

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
                    AddAllBut(rest[where], _senders);
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
            AddAll(line[label..]);
    }

    /// <summary>The returned message's addressee; where there are several, the one that the last server received it for, or none: one of them failed.</summary>
    private void AddOriginal(HeaderBlock original)
    {
        AddAll(original.RawValue("To"u8).Span);
        if (_recipients.Count == 1)
            return;
        foreach (string addressee in _recipients)
            _seen.Remove(addressee);
        _recipients.Clear();
        ReadOnlySpan<byte> received = original.RawValue("Received"u8).Span;
        int at = received.IndexOf(" for <"u8);
        if (at >= 0 && AddressText.Find(received[at..], out _) is { } one)
            Add(one);
    }

    private void AddSenders(HeaderBlock? original)
    {
        AddSender(headers.RawValue("To"u8));
        if (original is null)
            return;
        AddSender(original.RawValue("From"u8));
        AddSender(original.RawValue("Return-Path"u8));
    }

    private void AddSender(ReadOnlyMemory<byte> field)
    {
        if (AddressText.Find(field.Span, out _) is { } sender)
            _senders.Add(sender);
    }

    private void AddAll(ReadOnlySpan<byte> line) => AddAllBut(line, except: null);

    private void AddAllBut(ReadOnlySpan<byte> line, HashSet<string>? except)
    {
        while (!Limited && AddressText.Find(line, out Range where) is { } address)
        {
            if (except is null || !(except.Contains(address) || HelperWords.IsRole(address)))
                Add(address);
            else if (!except.Contains(address) && !_seen.Contains(address))
                _roles.Add(address);
            line = line[where.End..];
        }
    }

    private void Add(string address)
    {
        if (!AddressText.IsMailbox(address) || !_seen.Add(address))
            return;
        if (_recipients.Count == StatusFields.MaxRecipients)
        {
            Limited = true;
            return;
        }

        _recipients.Add(address);
        if (_heading == DsnAction.Delayed)
            (_waiting ??= new(StringComparer.OrdinalIgnoreCase)).Add(address);
    }
}
