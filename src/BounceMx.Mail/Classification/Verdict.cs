namespace BounceMx.Mail.Classification;

/// <summary>Why a recipient failed, how finally, and what that rests on.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="Severity">The reason's severity, overrides of the configuration applied.</param>
/// <param name="RuleId">The id of the rule that decided, or <c>category</c>, <c>status</c>, <c>reply</c>, <c>program</c>, <c>action</c>, <c>kind</c>, <c>none</c>.</param>
/// <param name="Evidence">The words or code that decided, at most 200 characters.</param>
public readonly record struct Verdict(BounceReason Reason, Severity Severity, string RuleId, string Evidence)
{
    /// <summary>
    /// What to do about it: whatever is hard is to be removed, what the configuration declares to be no failure asks for nothing, and the rest is as
    /// the reason says (<see cref="BounceReasons.AdviceUnlessHard"/>).
    /// </summary>
    public Advice Advice =>
        Severity switch
        {
            Severity.Hard => Advice.Remove,
            Severity.None when Reason.DefaultSeverity() != Severity.None => Advice.None,
            _ => Reason.AdviceUnlessHard(),
        };
}
