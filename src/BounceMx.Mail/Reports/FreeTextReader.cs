using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads bounces without delivery status: qmail, Exim, old Exchange and many others write for people only. Asks for two things before it
/// calls a message a bounce: a sign in the header (<see cref="BounceSigns"/>) and the wording of a failure in the text.
/// Recipients come from X-Failed-Recipients, else from the text (<see cref="TextRecipients"/>), else from the returned message. The
/// diagnostic is the reply about a recipient, else the sentence that sounds like a reason, else, where the language is not known, the whole text.
/// Knows languages, but no MTA in particular.
/// </summary>
internal static class FreeTextReader
{
    /// <summary>What is shorter than this behind an address says nothing.</summary>
    private const int MinTelling = 16;

    /// <summary>How many recipients are looked at, whether anything is said of each alone.</summary>
    private const int MaxToldAsOne = 16;

    public static bool TryRead(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        if (draft.Sign is not { } sign)
            return false;
        using var text = new HumanText(draft.Parts);
        draft.InlineHeader = text.InlineHeader;
        DsnAction action = ActionOf(draft, text, headers);
        if (action == DsnAction.None && (sign.IsPlain || (sign.TellsReplies && !text.AnyReply(out _).IsEmpty)))
            action = DsnAction.Failed;
        if (action == DsnAction.None)
            return false;

        HeaderBlock? original = OriginalMessageReader.FindHeaders(draft.Parts) ?? draft.InlineHeader;
        var found = new TextRecipients(headers, text);
        found.Search(original);
        text.Reported = found.Recipients;
        if (!BounceEvidence.Suffices(sign, draft, text, found, original))
            return false;
        bool isOne = IsToldAsOne(found.Recipients, text);
        foreach (string recipient in found.Recipients)
        {
            DsnAction own = found.IsWaiting(recipient) ? DsnAction.Delayed : action;
            draft.Recipients.Add(Build(recipient, found.Source, isOne, text, headers, own));
        }

        draft.ParseLimited |= found.Limited || text.Limited;
        bool isDelay = action == DsnAction.Delayed && !draft.Recipients.Exists(recipient => recipient.Action == DsnAction.Failed);
        draft.Kind = isDelay ? ReportKind.Delay : ReportKind.Bounce;
        draft.Evidence.Add(sign.ToString());
        draft.Evidence.Add($"wording of a {(isDelay ? "delay" : "failure")} in the text");
        return true;
    }

    private static DsnAction ActionOf(ReportDraft draft, HumanText text, HeaderBlock headers)
    {
        if ((TellsOfDelay(draft.Subject) || text.ContainsAny(FailureWording.Delayed)) && !text.IsGivenUp)
            return DsnAction.Delayed;
        return
            headers.Contains("X-Failed-Recipients"u8)
            || text.ContainsAny(FailureWording.Failed)
            || text.ContainsAny(FailureWording.FailedElsewhere)
            || text.Replies.Count > 0
            || IsDaemonsReport(text, headers)
            ? DsnAction.Failed
            : DsnAction.None;
    }

    /// <summary>Behind a colon stands the subject of the message that came back, whatever that tells, unless it is <c>Warning: message 17 delayed</c>.</summary>
    private static bool TellsOfDelay(string subject)
    {
        int colon = subject.StartsWith("warning:", StringComparison.OrdinalIgnoreCase)
            ? -1
            : subject.IndexOf(':', StringComparison.Ordinal);
        ReadOnlySpan<char> own = colon < 0 ? subject : subject.AsSpan(0, colon);
        return own.Contains("delay", StringComparison.OrdinalIgnoreCase)
            && !own.Contains("fail", StringComparison.OrdinalIgnoreCase)
            && !own.Contains("undeliver", StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A mail system that quotes a failure reply, or says so in the subject, reports a failure, whatever its words.</summary>
    private static bool IsDaemonsReport(HumanText text, HeaderBlock headers) =>
        BounceSigns.IsMailSystem(headers)
        && (FailureWording.Failed.StandIn(headers.RawValue("Subject"u8).Span) || !text.AnyReply(out _).IsEmpty);

    /// <summary>Whether what the text says is about all recipients: there is but one, or nothing is said of any alone.</summary>
    private static bool IsToldAsOne(List<string> recipients, HumanText text) =>
        recipients.Count == 1
        || (
            recipients.Count <= MaxToldAsOne
            && recipients.TrueForAll(recipient =>
                text.ReplyTo(recipient, known: null, diagnostic: default) is not { Recipient: not null }
                && text.Paragraphs.WithReply(recipient).IsEmpty
                && text.Paragraphs.Reason(recipient, isOnly: false).IsEmpty
            )
        );

    private static RecipientStatus Build(
        string recipient,
        RecipientSource source,
        bool isOnly,
        HumanText text,
        HeaderBlock headers,
        DsnAction action
    )
    {
        Said said = SaidOf(recipient, isOnly, text);
        ReadOnlyMemory<byte> diagnostic = said.Reply is null ? ReasonOf(recipient, isOnly, text, headers) : said.Text;
        string? command = said.Command ?? CommandText.Find(diagnostic.Span) ?? (isOnly ? text.StatedCommand() : null);
        bool hasStatus = ReplyText.TryFindStatus(diagnostic.Span, said.Reply is null ? -1 : 0, out EnhancedStatusCode status, out _);
        // A reply without words: 550 5.1.10
        if (diagnostic.Length < MinTelling && text.Paragraphs.Reason(recipient, isOnly) is { IsEmpty: false } reason)
            diagnostic = reason;
        return new RecipientStatus
        {
            Recipient = recipient,
            RecipientSource = source,
            // Of several recipients one may wait and another be refused. Of one, a text that tells of a delay knows better: the 550 will be tried again.
            Action = !isOnly && said.Reply is { Class: 5 } ? DsnAction.Failed : action,
            Status = hasStatus ? status : null,
            Reply = said.Reply,
            Diagnostic = DiagnosticText.Read(diagnostic.Span),
            RemoteMta = said.Host,
            Command = command,
        };
    }

    /// <summary>The reply about a recipient: that of the session in a transcript, or that in the paragraph about it.</summary>
    private static Said SaidOf(string recipient, bool isOnly, HumanText text)
    {
        TranscriptReply? transcript = text.ReplyTo(recipient, known: null, diagnostic: default);
        ReadOnlyMemory<byte> paragraph = text.Paragraphs.WithReply(recipient);
        bool isSession = transcript is { IsRemote: true } || (transcript is { Recipient: not null } && text.Replies.Count > 1);
        if (transcript is { } reply && (isSession || paragraph.IsEmpty))
            return new Said(reply.Text, reply.Code, reply.Command, reply.Host);
        if (paragraph.IsEmpty && isOnly)
            paragraph = text.AnyReply(out _);
        string? command = CommandText.Find(paragraph.Span);
        if (!ReplyText.TryFind(paragraph.Span, out ReplyCode code, out int at))
            return new Said(default, Reply: null, command, Host: null);
        ReadOnlySpan<byte> before = paragraph.Span[..at];
        return new Said(paragraph[(at - ReplyText.StatusBefore(before))..], code, command, RemoteHost.Find(before));
    }

    /// <summary>What else tells why: a sentence, the subject, what stands behind the address, or a text whose language we do not know.</summary>
    private static ReadOnlyMemory<byte> ReasonOf(string recipient, bool isOnly, HumanText text, HeaderBlock headers)
    {
        ReadOnlyMemory<byte> reason = text.Paragraphs.Reason(recipient, isOnly);
        if (!reason.IsEmpty)
            return reason;
        ReadOnlyMemory<byte> subject = headers.RawValue("Subject"u8);
        if (ReasonWording.StandIn(subject.Span))
            return subject;
        reason = text.Paragraphs.About(recipient).TrimEnd(" \t\r\n"u8);
        return reason.Length < MinTelling && isOnly && text.InUnknownLanguage() is { IsEmpty: false } all ? all : reason;
    }

    /// <summary>A reply and what stands around it.</summary>
    /// <param name="Text">From its code on.</param>
    /// <param name="Reply">Its code; <c>null</c> when nothing was said.</param>
    /// <param name="Command">What it answers, where that is told.</param>
    /// <param name="Host">Who said it, where that is told.</param>
    private readonly record struct Said(ReadOnlyMemory<byte> Text, ReplyCode? Reply, string? Command, string? Host);
}
