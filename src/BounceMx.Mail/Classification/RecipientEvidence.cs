using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Classification;

/// <summary>
/// What there is to judge one recipient by.
/// <para>Does: hold the looks at it in the order of their weight; a look makes a string of what it found and of nothing else.</para>
/// <para>Does not: decide; whoever takes the first candidate does (<see cref="BounceClassifier"/>).</para>
/// </summary>
internal readonly ref struct RecipientEvidence
{
    /// <summary>
    /// From the most telling evidence to the least: what was done, and what the report is; words; what the reporting MTA
    /// made of them; a code that means one thing, first as the refusing host wrote it; a code that stands for many causes.
    /// </summary>
    public static readonly Look[] ByWeight =
    [
        PassedOn,
        ReportKindOf,
        BestRule,
        Category,
        WrittenStatus,
        SummedStatus,
        SpecificReply,
        Program,
        Delay,
        GenericStatus,
        AnyReply,
        Nothing,
    ];

    private const int MaxQuote = 200;

    private readonly RuleBook _book;
    private readonly DeliveryReport _report;
    private readonly RecipientStatus _recipient;

    /// <summary>The diagnostic as the rules see it.</summary>
    private readonly ReadOnlySpan<char> _text;

    /// <summary>The status code in the diagnostic.</summary>
    private readonly EnhancedStatusCode? _written;

    /// <summary>What the refusing host wrote goes before the reporting host's summary: a local "Status: 5.0.0" does not outvote a remote "550 5.1.1".</summary>
    private readonly EnhancedStatusCode? _status;

    private readonly (BounceReason Reason, bool Specific)? _reply;

    /// <summary>Gathers it.</summary>
    /// <param name="book">The rules.</param>
    /// <param name="report">The report as a whole.</param>
    /// <param name="recipient">One of its recipients.</param>
    /// <param name="buffer">Room for <see cref="NormalizedText.MaxLength"/> characters.</param>
    public RecipientEvidence(RuleBook book, DeliveryReport report, RecipientStatus recipient, Span<char> buffer)
    {
        (_book, _report, _recipient) = (book, report, recipient);
        _text = buffer[..NormalizedText.Normalize(recipient.Diagnostic, buffer)];
        _written = NormalizedText.FindStatus(_text);
        _status = recipient.Status is { } own && !(StatusTable.IsGeneric(own) && _written is not null) ? own : _written;
        _reply = recipient.Reply is { } code ? ReplyTable.Find(code, recipient.Command) : null;
    }

    /// <summary>Looks at one kind of evidence; <c>null</c> where there is none.</summary>
    public delegate Candidate? Look(in RecipientEvidence evidence);

    private RuleContext Context => new(_status, _recipient.Reply, _recipient.Command, _recipient.RemoteMta, _report.ReportingMta);

    /// <summary>The rules that hold beside the best one, the most specific first, each with why the best one goes before it.</summary>
    public IEnumerable<Candidate> OutrankedRules()
    {
        List<RuleMatch> matches = _book.Matcher.FindAll(_text, Context);
        BounceRule best = _book.Rules[matches[0].Rule];
        List<Candidate> outranked = [];
        foreach (RuleMatch match in matches.Skip(1))
            outranked.Add(ByRule(match) with { Loss = LossOf(_book.Rules[match.Rule], match, best, matches[0].Rank) });
        return outranked;
    }

    private static CandidateLoss LossOf(BounceRule rule, in RuleMatch match, BounceRule best, int rankOfBest) =>
        match.Rank > rankOfBest ? CandidateLoss.GivesUp
        : match.Tied >= 0 ? CandidateLoss.Tied
        : (rule.When?.Count ?? 0) < (best.When?.Count ?? 0) ? CandidateLoss.FewerConditions
        : CandidateLoss.ShorterText;

    private static Candidate? PassedOn(in RecipientEvidence e) =>
        e._recipient.Action is DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded
            ? new(EvidenceSource.PassedOn, "action", BounceReason.Delivered, e._recipient.Action.ToWire()!)
            : null;

    private static Candidate? ReportKindOf(in RecipientEvidence e) =>
        e._report.Kind switch
        {
            ReportKind.Complaint => new(EvidenceSource.ReportKind, "kind", BounceReason.Feedback, "feedback report"),
            ReportKind.AutoReply => new(EvidenceSource.ReportKind, "kind", BounceReason.Vacation, "automatic reply"),
            ReportKind.Delivered when e._recipient.Action == DsnAction.None => new(
                EvidenceSource.ReportKind,
                "kind",
                BounceReason.Delivered,
                "delivery report"
            ),
            _ => null,
        };

    private static Candidate? BestRule(in RecipientEvidence e) =>
        e._book.Matcher.TryMatch(e._text, e.Context, out RuleMatch match) ? e.ByRule(match) : null;

    private static Candidate? Category(in RecipientEvidence e)
    {
        if (e._recipient.BounceCategory is not { } category || CategoryTable.Find(category) is not { } reason)
            return null;
        (reason, string turnedBy) = e.TurnedByText(reason);
        return new(EvidenceSource.Category, "category", reason, Quote(category, turnedBy));
    }

    private static Candidate? WrittenStatus(in RecipientEvidence e) =>
        e._written is { } code && !StatusTable.IsGeneric(code) ? ByStatus(EvidenceSource.WrittenStatus, code) : null;

    private static Candidate? SummedStatus(in RecipientEvidence e) =>
        e._status is { } code && code != e._written && !StatusTable.IsGeneric(code) ? ByStatus(EvidenceSource.Status, code) : null;

    private static Candidate? SpecificReply(in RecipientEvidence e) =>
        e._reply is { Specific: true } ? e.ByReply(EvidenceSource.SpecificReply) : null;

    private static Candidate? Program(in RecipientEvidence e) =>
        e._recipient.IsFromProgram ? new(EvidenceSource.Program, "program", BounceReason.MailerError, "x-unix") : null;

    private static Candidate? Delay(in RecipientEvidence e) =>
        e._recipient.Action == DsnAction.Delayed
            ? new(EvidenceSource.Delay, "action", BounceReason.Expired, DsnAction.Delayed.ToWire()!)
            : null;

    private static Candidate? GenericStatus(in RecipientEvidence e) =>
        e._status is { } code && StatusTable.IsGeneric(code) ? ByStatus(EvidenceSource.GenericStatus, code) : null;

    private static Candidate? AnyReply(in RecipientEvidence e) => e._reply is { Specific: false } ? e.ByReply(EvidenceSource.Reply) : null;

    private static Candidate? Nothing(in RecipientEvidence e) => new(EvidenceSource.None, "none", BounceReason.Undefined, "");

    private static Candidate? ByStatus(EvidenceSource source, EnhancedStatusCode code) =>
        StatusTable.Find(code) is { } reason ? new(source, "status", reason, code.ToString()) : null;

    /// <summary>What the reply code says, which is less than words: a 553 to RCPT may well name the sender, and 521 no more than a bad hour.</summary>
    private Candidate ByReply(EvidenceSource source)
    {
        (BounceReason reason, string turnedBy) = TurnedByText(_reply!.Value.Reason);
        return new(source, "reply", reason, $"{_recipient.Reply}{turnedBy}");
    }

    /// <summary>A reason that does not come from certain words, and what all of the text makes of it if it is hard.</summary>
    private (BounceReason Reason, string TurnedBy) TurnedByText(BounceReason reason) =>
        reason.DefaultSeverity() == Severity.Hard && NearWords.Turn(_text, 0, _text.Length, _status, reply: null) is var (meant, about)
            ? (meant, $" ({about})")
            : (reason, "");

    private Candidate ByRule(in RuleMatch match)
    {
        BounceRule rule = _book.Rules[match.Rule];
        ReadOnlySpan<char> words = _text[match.Start..match.End];
        BounceReason reason = rule.When is null ? CommandTable.Turn(rule.Reason, _recipient.Command, _status) : rule.Reason;
        // Where no command is known, the reporting MTA is, and that the code is 5.2.1 does not make a filter of what it calls a bad mailbox.
        if (_recipient is { Command: null, BounceCategory: { } category } && CategoryTable.Find(category) == rule.Reason)
            reason = rule.Reason;
        string turnedBy = reason == rule.Reason ? "" : $" ({(_recipient.Command is { } command ? $"to {command}" : _status)})";
        if (
            reason.DefaultSeverity() == Severity.Hard
            && NearWords.Turn(_text, match.Start, match.End, _status, _recipient.Reply) is var (meant, about)
        )
            (reason, turnedBy) = (meant, $" ({about})");
        return new(EvidenceSource.Rule, rule.Id, reason, Quote(words, turnedBy));
    }

    /// <summary>The words, cut so that with what qualifies them they have at most <see cref="MaxQuote"/> characters.</summary>
    private static string Quote(ReadOnlySpan<char> words, string qualification)
    {
        int room = MaxQuote - qualification.Length;
        if (words.Length > room)
            words = words[..(char.IsHighSurrogate(words[room - 1]) ? room - 1 : room)];
        return string.Concat(words, qualification);
    }
}
