namespace BounceMx.Mail.Classification;

/// <summary>A verdict with all the evidence that was weighed.</summary>
/// <param name="Verdict">As <see cref="BounceClassifier.Classify"/> gives it.</param>
/// <param name="Candidates">What held, in the order of weight; the first decided, and there always is one.</param>
public sealed record Explanation(Verdict Verdict, IReadOnlyList<Candidate> Candidates);
