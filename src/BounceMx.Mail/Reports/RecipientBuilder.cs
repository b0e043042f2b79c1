using System.Text;
using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>
/// Makes a <see cref="RecipientStatus"/> from one group of fields, and completes it from the text for people where the fields say less:
/// Sendmail puts one line of a reply into Diagnostic-Code, X-Unix only an exit code, Exim may put nothing.
/// </summary>
internal sealed class RecipientBuilder(HumanText text, HeaderBlock? original, bool isOnly)
{
    private static readonly (byte[] Word, DsnAction Action)[] _actions =
    [
        ("fail"u8.ToArray(), DsnAction.Failed),
        ("bounced"u8.ToArray(), DsnAction.Failed),
        ("undeliver"u8.ToArray(), DsnAction.Failed),
        ("rejected"u8.ToArray(), DsnAction.Failed),
        ("aborted"u8.ToArray(), DsnAction.Failed),
        ("expired"u8.ToArray(), DsnAction.Failed),
        ("error"u8.ToArray(), DsnAction.Failed),
        ("delayed"u8.ToArray(), DsnAction.Delayed),
        ("deferred"u8.ToArray(), DsnAction.Delayed),
        ("delivered"u8.ToArray(), DsnAction.Delivered),
        ("deliverable"u8.ToArray(), DsnAction.Delivered),
        ("relayed"u8.ToArray(), DsnAction.Relayed),
        ("expanded"u8.ToArray(), DsnAction.Expanded),
    ];

    /// <summary>How many recipients that are pipes, files or bare names are looked for in the text.</summary>
    private const int MaxPlain = 4;

    /// <summary>How far behind the mention of a pipe the address stands that led there.</summary>
    private const int MaxBehindPipe = 256;

    private readonly List<string> _evidence = [];

    // The same for all recipients, of whom there may be 1,000, and each costs a look at the whole text.
    private bool? _isGivenUp;
    private bool? _isDelayed;

    private int _plain;

    // An Action field outweighs the promise, which a warning may hold, that the attempts will end.
    private bool IsGivenUp => _isGivenUp ??= text.ContainsAny(FailureWording.GivenUp);

    private bool IsDelayed => _isDelayed ??= text.ContainsAny(FailureWording.Delayed);

    /// <summary>What was taken from elsewhere than the fields.</summary>
    public IReadOnlyList<string> Evidence => _evidence;

    /// <summary>The address that a group of fields is about; empty when it names none.</summary>
    public static string AddressOf(FieldGroup group) =>
        AddressText.ReadOriginal(group[ReportField.OriginalRecipient].Span) is { } original && AddressText.IsMailbox(original)
            ? original
            : AddressText.Read(group[ReportField.FinalRecipient].Span) ?? "";

    /// <summary>Makes the record; <c>null</c> when the group does not lead to an address.</summary>
    public RecipientStatus? Build(FieldGroup group)
    {
        string? originalRecipient = AddressText.ReadOriginal(group[ReportField.OriginalRecipient].Span);
        string? finalRecipient = AddressText.Read(group[ReportField.FinalRecipient].Span);
        (string? recipient, RecipientSource source) = Choose(
            originalRecipient,
            finalRecipient,
            AddressText.Read(group[ReportField.ActualRecipient].Span)
        );
        if (recipient is null)
            return null;

        ReadOnlyMemory<byte> diagnostic = DiagnosticText.WithoutType(group[ReportField.DiagnosticCode], out bool isExitCode);
        if (diagnostic.IsEmpty)
            diagnostic = Supplement(group[ReportField.SupplementaryInfo].Trim(" \t\r\n<>"u8));
        ReplyCode? reply = !isExitCode && TryFindReply(diagnostic.Span, out ReplyCode found, out _) ? found : null;
        string? command = CommandText.Find(diagnostic.Span);
        ReadOnlySpan<byte> stated = group[ReportField.Status].Span;
        Complete(recipient, ClassOf(stated), ref diagnostic, ref reply, ref command, isExitCode);
        if (diagnostic.IsEmpty ? !IsExpired(stated) : isExitCode && reply is null && ClassOf(stated) is null)
            diagnostic = Reason(recipient, diagnostic);

        EnhancedStatusCode? status = StatusOf(stated, diagnostic.Span, reply is not null);
        return new RecipientStatus
        {
            Recipient = recipient,
            RecipientSource = source,
            OriginalRecipient = originalRecipient,
            FinalRecipient = finalRecipient,
            Action = ActionOf(group, status?.Class ?? reply?.Class, diagnostic.Span),
            Status = status,
            Reply = reply,
            Diagnostic = DiagnosticText.Read(diagnostic.Span),
            IsFromProgram = isExitCode,
            RemoteMta =
                DeliveryStatusReader.HostOf(group[ReportField.RemoteMta]) ?? (reply is null ? null : RemoteHost.Find(diagnostic.Span)),
            Command = command,
            LastAttemptDate = MailDate.Read(group[ReportField.LastAttemptDate].Span),
            WillRetryUntil = MailDate.Read(group[ReportField.WillRetryUntil].Span),
            BounceCategory = DeliveryStatusReader.TextOf(group[ReportField.BounceCategory]),
            FinalLogId = DeliveryStatusReader.TextOf(group[ReportField.FinalLogId]),
        };
    }

    /// <summary>Exchange's <c>X-Supplementary-Info: &lt;mx.example.org #5.1.1 smtp;550 5.1.1 …&gt;</c>, from the reply on.</summary>
    private static ReadOnlyMemory<byte> Supplement(ReadOnlyMemory<byte> info) =>
        ReplyText.TryFind(info.Span, out _, out int at) ? info[at..] : info;

    /// <summary>The sentence in the text that tells why, in place of nothing or of an exit code.</summary>
    private ReadOnlyMemory<byte> Reason(string recipient, ReadOnlyMemory<byte> diagnostic)
    {
        ReadOnlyMemory<byte> reason = text.Paragraphs.Reason(recipient, isOnly);
        if (reason.IsEmpty)
            return diagnostic;
        Note("reason from the text");
        return reason;
    }

    private (string? Recipient, RecipientSource Source) Choose(string? originalRecipient, string? finalRecipient, string? actualRecipient)
    {
        if (AddressText.IsMailbox(originalRecipient))
            return (originalRecipient, RecipientSource.OriginalRecipient);
        if (AddressText.IsMailbox(finalRecipient))
            return (finalRecipient, RecipientSource.FinalRecipient);
        if (AddressText.IsMailbox(actualRecipient))
            return (actualRecipient, RecipientSource.FinalRecipient);
        string? plain = finalRecipient ?? originalRecipient;
        if (plain is not null && _plain++ < MaxPlain && GeneratedBy(plain) is { } parent)
            return (parent, RecipientSource.Text);
        return isOnly && OnlyTo() is { } to ? (to, RecipientSource.Header) : (plain, RecipientSource.FinalRecipient);
    }

    /// <summary>
    /// Exim names a pipe or a file as the recipient, and in the text the address that led there: behind the mention of the pipe or, where
    /// there is none and no other recipient either, anywhere.
    /// </summary>
    private string? GeneratedBy(string plain)
    {
        byte[] pipe = Encoding.UTF8.GetBytes(plain);
        foreach (ReadOnlyMemory<byte> part in text.Texts)
        {
            ReadOnlySpan<byte> rest = part.Span;
            int at = rest.IndexOf(pipe);
            if (at < 0 && !isOnly)
                continue;
            if (at >= 0)
                rest = rest.Slice(at + pipe.Length, Math.Min(rest.Length - at - pipe.Length, MaxBehindPipe));
            if (GeneratedBy(rest) is { } address)
                return address;
        }

        return null;
    }

    private static string? GeneratedBy(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<byte> words = "generated by "u8;
        int at = text.IndexOf(words);
        if (at < 0)
            return null;
        ReadOnlySpan<byte> behind = text[(at + words.Length)..].TrimStart(" <"u8);
        return AddressText.Find(behind, out Range where) is { } address && where.Start.Value == 0 ? address : null;
    }

    /// <summary>Whom the original was sent to, if To names but one.</summary>
    private string? OnlyTo()
    {
        ReadOnlySpan<byte> to = original is null ? default : original.RawValue("To"u8).Span;
        if (AddressText.Find(to, out Range first) is not { } address)
            return null;
        for (to = to[first.End..]; AddressText.TryFind(to, out Range next); to = to[next.End..])
        {
            if (!AddressText.IsSame(to[next], address))
                return null;
        }

        return address;
    }

    /// <summary>Takes the reply from the transcript, or from the paragraph about the recipient, where it is longer or the only one.</summary>
    private void Complete(
        string recipient,
        int? statedClass,
        ref ReadOnlyMemory<byte> diagnostic,
        ref ReplyCode? reply,
        ref string? command,
        bool isExitCode
    )
    {
        if (text.ReplyTo(recipient, reply, diagnostic.Span) is { } said && IsOfClass(said.Code, statedClass))
        {
            command ??= said.Command;
            if (reply is null || (said.IsRemote && said.Text.Span.StartsWith(diagnostic.Span)))
            {
                if (reply is null)
                    Note("reply from the transcript");
                (reply, diagnostic) = (said.Code, said.Text);
            }

            return;
        }

        if (reply is not null && command is not null)
            return;
        ReadOnlyMemory<byte> paragraph = text.Paragraphs.WithReply(recipient);
        if (paragraph.IsEmpty)
            return;
        command ??= CommandText.Find(paragraph.Span);
        if (reply is not null || !ReplyText.TryFind(paragraph.Span, out ReplyCode code, out int at) || !IsOfClass(code, statedClass))
            return;
        Note("reply from the text");
        reply = code;
        if (diagnostic.IsEmpty || isExitCode)
            diagnostic = paragraph[at..];
    }

    // A text may be about several recipients: a 5xx in it does not make a stated 4.4.7 permanent, nor the other way round.
    private static bool IsOfClass(ReplyCode reply, int? statedClass) => statedClass is null || reply.Class == statedClass;

    /// <summary>The class of a Status field that says something; <c>null</c> for 5.0.0, which many write of whatever ends.</summary>
    private static int? ClassOf(ReadOnlySpan<byte> field) =>
        EnhancedStatusCode.TryParsePrefix(field.TrimBlank(), out EnhancedStatusCode code, out _) && (code.Class == 4 || !IsGeneric(code))
            ? code.Class
            : null;

    private void Note(string evidence)
    {
        if (!_evidence.Contains(evidence))
            _evidence.Add(evidence);
    }

    /// <summary>
    /// The Status field, unless the server that refused said something more telling: right behind its reply code, or anywhere in the
    /// diagnostic where the field is missing or as general as 5.0.0. No words but the reply to this recipient
    /// make a temporary failure permanent.
    /// </summary>
    private static EnhancedStatusCode? StatusOf(ReadOnlySpan<byte> field, ReadOnlySpan<byte> diagnostic, bool hasReply)
    {
        EnhancedStatusCode? stated = EnhancedStatusCode.TryParsePrefix(field.TrimBlank(), out EnhancedStatusCode code, out _) ? code : null;
        _ = TryFindReply(diagnostic, out _, out int reply);
        if (!ReplyText.TryFindStatus(diagnostic, reply, out EnhancedStatusCode said, out bool isBehindReply))
            return stated;
        if (stated is not { } general)
            return said;
        bool hardens = general.Class == 4 && said.Class == 5 && !hasReply;
        return !IsGeneric(said) && !hardens && (isBehindReply || IsGeneric(general)) ? said : general;
    }

    private static bool IsGeneric(EnhancedStatusCode status) => status is { Subject: 0, Detail: 0 };

    // What stands around a report of expiry is mostly about a last attempt, one of many.
    private static bool IsExpired(ReadOnlySpan<byte> field) =>
        EnhancedStatusCode.TryParsePrefix(field.TrimBlank(), out EnhancedStatusCode code, out _) && IsExpired(code);

    /// <summary>Delivery time expired (RFC 3463 section 3.5): that it was given up, not why.</summary>
    private static bool IsExpired(EnhancedStatusCode status) => status is { Subject: 4, Detail: 7 };

    /// <summary>
    /// The reply in a diagnostic. Where an MTA says that the time expired and quotes what it was told last (Amazon SES:
    /// <c>554 4.4.7 Message expired … &lt;421 4.4.2 …&gt;</c>), that second reply tells why.
    /// </summary>
    private static bool TryFindReply(ReadOnlySpan<byte> diagnostic, out ReplyCode reply, out int at)
    {
        if (!ReplyText.TryFind(diagnostic, out reply, out at))
            return false;
        int behind = at + 3;
        if (
            ReplyText.TryFindStatus(diagnostic, reply: -1, out EnhancedStatusCode status, out _)
            && IsExpired(status)
            && ReplyText.TryFind(diagnostic[behind..], out ReplyCode quoted, out int quotedAt)
        )
            (reply, at) = (quoted, behind + quotedAt);
        return true;
    }

    private DsnAction ActionOf(FieldGroup group, int? statusClass, ReadOnlySpan<byte> diagnostic)
    {
        bool willRetry = !group[ReportField.WillRetryUntil].Span.TrimBlank().IsEmpty;
        DsnAction action = Word(group[ReportField.Action].Span.TrimBlank());
        if (action == DsnAction.None)
        {
            action = statusClass switch
            {
                2 => DsnAction.Delivered,
                4 when willRetry || IsDelayed => DsnAction.Delayed,
                4 or 5 => DsnAction.Failed,
                _ => DsnAction.None,
            };
        }

        return action == DsnAction.Delayed && !willRetry && (IsGivenUp || FailureWording.GivenUp.StandIn(diagnostic))
            ? DsnAction.Failed
            : action;
    }

    private static DsnAction Word(ReadOnlySpan<byte> value)
    {
        foreach ((byte[] word, DsnAction action) in _actions)
        {
            if (value.StartsWithIgnoreCase(word))
                return action;
        }

        return DsnAction.None;
    }
}
