using BounceMx.Smtp.Tests.Dialogues;

namespace BounceMx.Smtp.Tests.Fuzzing;

/// <summary>
/// A second reading of RFC 5321, as plain as can be and sharing nothing with the server: walks through all that was sent with all that was
/// answered in hand. Every command has one reply, of a kind that fits it; MAIL, RCPT and 354 are granted only in their order; what is stored
/// is what stands between a 354, or in the chunks, and the 250 to it.
/// </summary>
internal sealed class SessionModel(FuzzDialogue dialogue, string sent, IReadOnlyList<Reply> replies, bool isClosed)
{
    private const int MaxLine = 2048;
    private const int MaxEndlessLine = 64 * 1024;

    // The codes that each command may be answered with (RFC 5321 section 4.3.2), besides 421 and 500.
    private static readonly Dictionary<string, string> Answers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["EHLO"] = "250 501",
        ["HELO"] = "250 501",
        ["MAIL"] = "250 451 452 501 503 552 553 555",
        ["RCPT"] = "250 451 452 501 503 550 553 555",
        ["DATA"] = "354 501 503 554",
        ["BDAT"] = "250 451 452 501 502 503 550 552 554",
        ["RSET"] = "250 501",
        ["NOOP"] = "250",
        ["HELP"] = "214",
        ["VRFY"] = "252 501",
        ["EXPN"] = "502",
        ["ETRN"] = "502",
        ["AUTH"] = "502",
        ["QUIT"] = "221 501",
        ["STARTTLS"] = "454 501",
    };

    private readonly List<(string Text, bool HasBareLineEnds)> _stored = [];
    private readonly List<string> _chunks = [];
    private int _at;

    // The greeting is read already.
    private int _next = 1;

    private bool _isGreeted;
    private bool _hasSender;
    private bool _isBinary;
    private bool _isExtended;
    private int _recipients;

    /// <summary>The messages that must have been stored.</summary>
    /// <exception cref="FuzzException">An answer that RFC 5321 does not allow.</exception>
    public IReadOnlyList<(string Text, bool HasBareLineEnds)> Stored()
    {
        while (TakeLine() is { } line && Answer(line)) { }
        int left = replies.Count - _next;
        Require(left == 0 || (left == 1 && replies[^1].Code == "421" && isClosed), "A reply to nothing.");
        return _stored;
    }

    // Whether the session goes on.
    private bool Answer(Line line)
    {
        (string verb, string argument) = line.Split();
        string chunk = "";
        bool isOffered = _isExtended || !_isGreeted;
        if (verb.Equals("BDAT", StringComparison.OrdinalIgnoreCase) && isOffered && !line.IsBroken && ChunkSize(argument) is { } size)
        {
            if (sent.Length - _at < size)
                return false;
            chunk = sent.Substring(_at, size);
            _at += size;
        }
        if (TakeReply() is not { } reply)
            return false;
        if (reply.Code == "421")
            return Ends(reply);
        if (line.IsBroken || line.Text.Length + 2 > MaxLine)
        {
            Require(reply.Summary == "500 5.5.2", "A line that is none needs 500 5.5.2.");
            return line.IsBroken ? Ends(reply) : true;
        }
        Require(
            reply.Code == "500" || !Answers.TryGetValue(verb, out string? codes) || codes.Contains(reply.Code, StringComparison.Ordinal),
            $"{verb}?"
        );
        Require((reply.Status.Length == 0) == IsPlain(verb, reply), "RFC 2034 section 4: an enhanced code too few, or too many.");
        Follow(verb.ToUpperInvariant(), argument, reply, chunk);
        return reply.Code == "354" ? ReadMessage() : reply.Code != "221" || Ends(reply);
    }

    private void Follow(string verb, string argument, Reply reply, string chunk)
    {
        bool isPositive = reply.Code[0] == '2';
        switch (verb)
        {
            case "EHLO" or "HELO" when isPositive:
                _isGreeted = true;
                _isExtended = verb == "EHLO";
                EndTransaction();
                break;
            case "RSET" when isPositive:
                EndTransaction();
                break;
            case "MAIL" when isPositive:
                Require(_isGreeted && !_hasSender, "MAIL was accepted out of order.");
                _hasSender = true;
                _isBinary = argument.Contains("BINARYMIME", StringComparison.OrdinalIgnoreCase);
                break;
            case "RCPT" when isPositive:
                Require(_hasSender && _chunks.Count == 0, "RCPT was accepted out of order.");
                _recipients++;
                break;
            case "DATA" when reply.Code == "354":
                Require(_hasSender && _recipients > 0 && _chunks.Count == 0, "DATA was accepted out of order.");
                break;
            case "BDAT" when ChunkSize(argument) is not null:
                TakeChunk(chunk, argument.EndsWith("LAST", StringComparison.OrdinalIgnoreCase), reply);
                break;
        }
    }

    private void TakeChunk(string chunk, bool isLast, Reply reply)
    {
        bool isPositive = reply.Code == "250";
        Require(!isPositive || (_hasSender && _recipients > 0), "BDAT was accepted out of order.");
        if (!_hasSender || _recipients == 0)
            return;
        _chunks.Add(chunk);
        if (isPositive && isLast)
            Deliver(string.Concat(_chunks), reply);
        if (isLast || !isPositive)
            EndTransaction();
    }

    private bool ReadMessage()
    {
        if (DataModel.Read(sent[_at..]) is not { } message)
            return false;
        _at += message.Length;
        if (TakeReply() is not { } reply)
            return false;
        Deliver(message.Text, reply);
        EndTransaction();
        return reply.Code != "421" || Ends(reply);
    }

    private void Deliver(string text, Reply reply)
    {
        bool isBare = text.Replace("\r\n", "", StringComparison.Ordinal).AsSpan().ContainsAny('\r', '\n');
        Require(reply.Status.Length > 0, "RFC 2034 section 4: no enhanced code.");
        if (reply.Code != "250")
            return;
        Require(text.Length <= dialogue.Options.MaxMessageSize, "A message over the limit was accepted.");
        Require(!isBare || _isBinary || !dialogue.Options.RefuseBareLineEnds, "A message with bare CR or LF was accepted.");
        _stored.Add((text, isBare));
    }

    private void EndTransaction()
    {
        _hasSender = false;
        _recipients = 0;
        _chunks.Clear();
    }

    // A line, or what is none and never will be; null when it may still become one.
    private Line? TakeLine()
    {
        int end = sent.AsSpan(_at).IndexOfAny("\r\n\0");
        if (end < 0 || (end == sent.Length - _at - 1 && sent[^1] == '\r'))
            return sent.Length - _at - (end < 0 ? 0 : 1) > MaxEndlessLine ? new Line("", IsBroken: true) : null;
        bool isBroken = end > MaxEndlessLine || sent[_at + end] != '\r' || sent[_at + end + 1] != '\n';
        var line = new Line(sent.Substring(_at, end), isBroken);
        _at += end + 2;
        return line;
    }

    private Reply? TakeReply()
    {
        if (_next < replies.Count)
            return replies[_next++];
        Require(isClosed, "A command without a reply.");
        return null;
    }

    // A reply that closes the connection is the last.
    private bool Ends(Reply reply)
    {
        Require(isClosed && _next == replies.Count, $"{reply} did not close the connection.");
        return false;
    }

    private static bool IsPlain(string verb, Reply reply) =>
        reply.Code == "354" || (reply.Code is "250" or "501" && verb.ToUpperInvariant() is "EHLO" or "HELO");

    // RFC 3030 section 2: a number, and LAST or nothing.
    private int? ChunkSize(string argument)
    {
        if (!dialogue.Options.Chunking)
            return null;
        string[] words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        bool isChunk = words.Length == 1 || (words.Length == 2 && words[1].Equals("LAST", StringComparison.OrdinalIgnoreCase));
        return isChunk && words[0].All(char.IsAsciiDigit) && int.TryParse(words[0], out int size) ? size : null;
    }

    private void Require(bool holds, string rule)
    {
        if (!holds)
            throw new FuzzException($"{rule} Reply {_next - 1} of {replies.Count}, octet {_at} of {sent.Length}.");
    }

    private readonly record struct Line(string Text, bool IsBroken)
    {
        public (string Verb, string Argument) Split()
        {
            string line = Text.TrimEnd(' ');
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            return space < 0 ? (line, "") : (line[..space], line[space..].TrimStart(' '));
        }
    }
}

/// <summary>Something that must never happen has happened.</summary>
internal sealed class FuzzException(string message) : Exception(message);
