namespace BounceMx.Mail.Classification;

/// <summary>One piece of evidence that held, and what it says.</summary>
/// <param name="Source">What it is.</param>
/// <param name="RuleId">As <see cref="Verdict.RuleId"/> would be.</param>
/// <param name="Reason">What it means.</param>
/// <param name="Evidence">The words or code, at most 200 characters, without control characters.</param>
/// <param name="Loss">Why it did not decide.</param>
public readonly record struct Candidate(
    EvidenceSource Source,
    string RuleId,
    BounceReason Reason,
    string Evidence,
    CandidateLoss Loss = CandidateLoss.None
);

/// <summary>Why a <see cref="Candidate"/> did not decide.</summary>
public enum CandidateLoss
{
    /// <summary>It decided.</summary>
    None,

    /// <summary>A rule, and the one that decided states more conditions.</summary>
    FewerConditions,

    /// <summary>A rule, and the one that decided has as many conditions and more text.</summary>
    ShorterText,

    /// <summary>A rule as specific as the one that decided, whose reason is more final: a fault of the book.</summary>
    Tied,

    /// <summary>A rule that says only that delivery was given up, where the one that decided says why.</summary>
    GivesUp,

    /// <summary>Another kind of evidence than the one that decided, and a less telling one.</summary>
    LessTelling,
}
