using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Classification;

/// <summary>
/// Says why a recipient failed and how finally: hop 8 of docs/overview.md.
/// <para>Does: weigh the evidence from the most telling to the least: what the report is and what it says was done; the words of the diagnostic, by the
/// <see cref="RuleBook"/>; an enhanced status code that means one thing; the SMTP reply code; a generic status code.</para>
/// <para>Does not: read mail, keep state, or throw on any input; one instance serves all threads.</para>
/// <para>Standards: RFC 3464 (actions), RFC 3463 and its IANA registry (status), RFC 5321 (replies).</para>
/// <para>Known gap: a diagnostic is taken as one reply, though some MTAs put the answers of several hosts into one.</para>
/// </summary>
public sealed class BounceClassifier
{
    private const int MaxEvidence = 200;

    private readonly RuleMatcher _matcher;
    private readonly IReadOnlyList<BounceRule> _rules;
    private readonly Severity[] _severities;

    /// <summary>A classifier over a book.</summary>
    /// <param name="rules">The words and their meaning.</param>
    /// <param name="severities">Severities to use instead of <see cref="BounceReasons.DefaultSeverity"/>; <c>null</c> for none.</param>
    public BounceClassifier(RuleBook rules, IReadOnlyDictionary<BounceReason, Severity>? severities = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        _matcher = rules.Matcher;
        _rules = rules.Rules;
        _severities =
        [
            .. BounceReasons.All.Select(reason =>
                severities?.TryGetValue(reason, out Severity own) == true ? own : reason.DefaultSeverity()
            ),
        ];
    }

    /// <summary>Judges one recipient.</summary>
    /// <param name="report">The report as a whole: its kind and who wrote it.</param>
    /// <param name="recipient">One of its recipients.</param>
    /// <returns>
    /// The verdict. A reason that is hard is so only for a recipient that was given up: while delivery is being tried further it is soft, and so is it where
    /// the report does not say <c>failed</c> and the code's class is 4. A recipient that was given up stays hard even on a 4xx (Postfix can be told to say
    /// <c>450 4.1.1 User unknown</c>), except for <see cref="BounceReason.NotAccept"/>, where a 4xx may be a host that is out of service for a day.
    /// </returns>
    public Verdict Classify(DeliveryReport report, RecipientStatus recipient)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(recipient);
        (BounceReason reason, string ruleId, string evidence) = Find(report, recipient);
        return new Verdict(reason, SeverityOf(reason, report, recipient), ruleId, evidence);
    }

    private (BounceReason Reason, string RuleId, string Evidence) Find(DeliveryReport report, RecipientStatus recipient)
    {
        if (recipient.Action is DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded)
            return (BounceReason.Delivered, "action", recipient.Action.ToWire()!);
        switch (report.Kind)
        {
            case ReportKind.Complaint:
                return (BounceReason.Feedback, "kind", "feedback report");
            case ReportKind.AutoReply:
                return (BounceReason.Vacation, "kind", "automatic reply");
            case ReportKind.Delivered when recipient.Action == DsnAction.None:
                return (BounceReason.Delivered, "kind", "delivery report");
            default:
                return FindCause(report, recipient);
        }
    }

    private (BounceReason Reason, string RuleId, string Evidence) FindCause(DeliveryReport report, RecipientStatus recipient)
    {
        Span<char> buffer = stackalloc char[NormalizedText.MaxLength];
        ReadOnlySpan<char> text = buffer[..NormalizedText.Normalize(recipient.Diagnostic, buffer)];

        // What the refusing host wrote goes before the reporting host's summary: a local "Status: 5.0.0" does not outvote a remote "550 5.1.1".
        EnhancedStatusCode? written = NormalizedText.FindStatus(text);
        EnhancedStatusCode? status = recipient.Status is { } own && !(StatusTable.IsGeneric(own) && written is not null) ? own : written;

        RuleContext context = new(status, recipient.Reply, recipient.Command, recipient.RemoteMta, report.ReportingMta);
        if (_matcher.TryMatch(text, context, out RuleMatch match))
            return (_rules[match.Rule].Reason, _rules[match.Rule].Id, Quote(text[match.Start..match.End]));

        if (BySpecificStatus(written) is { } said)
            return said;
        if (BySpecificStatus(status) is { } summed)
            return summed;
        (BounceReason Reason, bool Specific)? reply = recipient.Reply is { } code ? ReplyTable.Find(code, recipient.Command) : null;
        if (reply is { Specific: true })
            return (reply.Value.Reason, "reply", recipient.Reply.ToString()!);
        if (recipient.Action == DsnAction.Delayed)
            return (BounceReason.Expired, "action", DsnAction.Delayed.ToWire()!);
        if (status is { } generic && StatusTable.Find(generic) is { } vague)
            return (vague, "status", generic.ToString());
        return reply is { } any ? (any.Reason, "reply", recipient.Reply.ToString()!) : (BounceReason.Undefined, "none", "");
    }

    private static (BounceReason Reason, string RuleId, string Evidence)? BySpecificStatus(EnhancedStatusCode? status) =>
        status is { } code && !StatusTable.IsGeneric(code) && StatusTable.Find(code) is { } reason
            ? (reason, "status", code.ToString())
            : null;

    private Severity SeverityOf(BounceReason reason, DeliveryReport report, RecipientStatus recipient)
    {
        Severity severity = _severities[(int)reason];
        if (severity != Severity.Hard)
            return severity;
        bool transient = (recipient.Status?.Class ?? recipient.Reply?.Class) == 4;
        bool final = recipient.Action switch
        {
            DsnAction.Failed => !(transient && reason == BounceReason.NotAccept),
            DsnAction.Delayed => false,
            _ => report.Kind != ReportKind.Delay && !transient,
        };
        return final ? Severity.Hard : Severity.Soft;
    }

    private static string Quote(ReadOnlySpan<char> words)
    {
        if (words.Length > MaxEvidence)
            words = words[..(char.IsHighSurrogate(words[MaxEvidence - 1]) ? MaxEvidence - 1 : MaxEvidence)];
        return words.ToString();
    }
}
