using BounceMx.Mail.Classification;

namespace BounceMx.Rules;

/// <summary>
/// The classifier in use. Another takes its place when the rules change; whoever reads a message takes it once, so that all recipients of a message are
/// judged by the same book.
/// </summary>
/// <param name="book">The rules to begin with.</param>
/// <param name="severities">Severities to use instead of the reasons' own.</param>
internal sealed class LiveClassifier(RuleBook book, IReadOnlyDictionary<BounceReason, Severity>? severities = null)
{
    private volatile BounceClassifier _current = new(book, severities);

    public BounceClassifier Current => _current;

    /// <summary>Uses another book from the next message on.</summary>
    public void Use(RuleBook rules) => _current = new BounceClassifier(rules, severities);
}
