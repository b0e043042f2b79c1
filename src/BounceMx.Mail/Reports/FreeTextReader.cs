using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Reads bounces without delivery status: qmail, Exim, old Exchange and many others write for people only. Asks for two things before it
/// calls a message a bounce: a sign in the header (<see cref="BounceSigns"/>) and the wording of a failure in the text.
/// Recipients come from X-Failed-Recipients, else from lines that begin with an address, else from lines that tell of a failure, else from
/// the returned message. Does not know any MTA in particular; that is its known gap.
/// </summary>
internal static class FreeTextReader
{
    public static bool TryRead(ReportDraft draft)
    {
        HeaderBlock headers = draft.Root.Headers;
        if (draft.Sign is not { } sign)
            return false;
        var text = new HumanText(draft.Parts);
        draft.InlineHeader = text.InlineHeader;
        DsnAction action = ActionOf(text, headers);
        if (action == DsnAction.None && (sign.IsPlain || (sign.TellsReplies && !text.AnyReply(out _).IsEmpty)))
            action = DsnAction.Failed;
        if (action == DsnAction.None)
            return false;

        HeaderBlock? original = OriginalMessageReader.FindHeaders(draft.Parts) ?? draft.InlineHeader;
        var found = new TextRecipients(headers, text);
        found.Search(original);
        if (!BounceEvidence.Suffices(sign, draft, text, found, original))
            return false;
        foreach (string recipient in found.Recipients)
            draft.Recipients.Add(Build(recipient, found, text, action));
        draft.ParseLimited |= found.Limited;
        draft.Kind = action == DsnAction.Delayed ? ReportKind.Delay : ReportKind.Bounce;
        draft.Evidence.Add(sign.ToString());
        draft.Evidence.Add($"wording of a {(action == DsnAction.Delayed ? "delay" : "failure")} in the text");
        return true;
    }

    private static DsnAction ActionOf(HumanText text, HeaderBlock headers)
    {
        bool warning = headers.Decode("Subject"u8) is { } subject && subject.Contains("delay", StringComparison.OrdinalIgnoreCase);
        if ((warning || text.ContainsAny(FailureWording.Delayed)) && !text.ContainsAny(FailureWording.GivenUp))
            return DsnAction.Delayed;
        return headers.Contains("X-Failed-Recipients"u8) || text.ContainsAny(FailureWording.Failed) || text.Replies.Count > 0
            ? DsnAction.Failed
            : DsnAction.None;
    }

    private static RecipientStatus Build(string recipient, TextRecipients found, HumanText text, DsnAction action)
    {
        ReadOnlyMemory<byte> said = text.ParagraphWithReply(recipient);
        string? command = CommandText.Find(said.Span);
        ReplyCode? reply = null;
        if (ReplyText.TryFind(said.Span, out ReplyCode code, out int at))
        {
            (reply, said) = (code, said[at..]);
        }
        else if (text.ReplyTo(recipient, known: null, diagnostic: default) is { } transcript)
        {
            (reply, said, command) = (transcript.Code, transcript.Text, transcript.Command);
        }
        else if (found.Recipients.Count == 1)
        {
            said = text.AnyReply(out reply);
            command = CommandText.Find(said.Span);
        }

        if (said.IsEmpty)
            said = text.Paragraph(recipient);
        command ??= CommandText.Find(said.Span);
        bool hasStatus = ReplyText.TryFindStatus(said.Span, reply is null ? -1 : 0, out EnhancedStatusCode status, out _);
        return new RecipientStatus
        {
            Recipient = recipient,
            RecipientSource = found.Source,
            Action = action,
            Status = hasStatus ? status : null,
            Reply = reply,
            Diagnostic = DiagnosticText.Read(said.Span),
            Command = command,
        };
    }
}
