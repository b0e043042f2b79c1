using System.Diagnostics;
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
    private readonly Severity[] _severities;

    /// <summary>A classifier over a book.</summary>
    /// <param name="rules">The words and their meaning.</param>
    /// <param name="severities">Severities to use instead of <see cref="BounceReasons.DefaultSeverity"/>; <c>null</c> for none.</param>
    public BounceClassifier(RuleBook rules, IReadOnlyDictionary<BounceReason, Severity>? severities = null)
    {
        ArgumentNullException.ThrowIfNull(rules);
        Book = rules;
        _severities =
        [
            .. BounceReasons.All.Select(reason =>
                severities?.TryGetValue(reason, out Severity own) == true ? own : reason.DefaultSeverity()
            ),
        ];
    }

    /// <summary>The words and their meaning.</summary>
    public RuleBook Book { get; }

    /// <summary>Judges one recipient.</summary>
    /// <param name="report">The report as a whole: its kind and who wrote it.</param>
    /// <param name="recipient">One of its recipients.</param>
    /// <returns>
    /// The verdict. A reason that is hard is so only for a recipient that was given up: while delivery is being tried further it is soft, and so is it where
    /// the report does not say <c>failed</c> and the code's class is 4. Of those that were given up on a 4xx only an unknown user stays hard (Postfix can be
    /// told to say <c>450 4.1.1 User unknown</c>): the name service may have failed for a day, and a host been out of service.
    /// </returns>
    public Verdict Classify(DeliveryReport report, RecipientStatus recipient)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(recipient);
        RecipientEvidence evidence = new(Book, report, recipient, stackalloc char[NormalizedText.MaxLength]);
        foreach (RecipientEvidence.Look look in RecipientEvidence.ByWeight)
        {
            if (look(evidence) is { } candidate)
                return Judge(candidate, report, recipient);
        }
        throw new UnreachableException("the last look always finds something");
    }

    /// <summary>Judges one recipient as <see cref="Classify"/> does, and shows all that was weighed: slower, for people.</summary>
    /// <param name="report">The report as a whole.</param>
    /// <param name="recipient">One of its recipients.</param>
    public Explanation Explain(DeliveryReport report, RecipientStatus recipient)
    {
        ArgumentNullException.ThrowIfNull(report);
        ArgumentNullException.ThrowIfNull(recipient);
        RecipientEvidence evidence = new(Book, report, recipient, stackalloc char[NormalizedText.MaxLength]);
        List<Candidate> candidates = [];
        foreach (RecipientEvidence.Look look in RecipientEvidence.ByWeight)
        {
            if (look(evidence) is not { } candidate || (candidate.Source == EvidenceSource.None && candidates.Count > 0))
                continue;
            candidates.Add(candidates.Count == 0 ? candidate : candidate with { Loss = CandidateLoss.LessTelling });
            if (candidate.Source == EvidenceSource.Rule)
                candidates.AddRange(evidence.OutrankedRules());
        }
        return new Explanation(Judge(candidates[0], report, recipient), candidates);
    }

    private Verdict Judge(in Candidate candidate, DeliveryReport report, RecipientStatus recipient) =>
        new(candidate.Reason, SeverityOf(candidate.Reason, report, recipient), candidate.RuleId, candidate.Evidence);

    private Severity SeverityOf(BounceReason reason, DeliveryReport report, RecipientStatus recipient)
    {
        Severity severity = _severities[(int)reason];
        if (severity != Severity.Hard)
            return severity;
        bool transient = (recipient.Status?.Class ?? recipient.Reply?.Class) == 4;
        bool final = recipient.Action switch
        {
            DsnAction.Failed => !transient || MeansFinal(reason, recipient.Status),
            DsnAction.Delayed => false,
            _ => report.Kind != ReportKind.Delay && !transient,
        };
        return final ? Severity.Hard : Severity.Soft;
    }

    /// <summary>Whether a reason is final even on a 4xx: only that a mailbox is unknown, where no status code says that something else is the matter.</summary>
    private static bool MeansFinal(BounceReason reason, EnhancedStatusCode? status) =>
        reason == BounceReason.UserUnknown && status is null or { Subject: 1 };
}
