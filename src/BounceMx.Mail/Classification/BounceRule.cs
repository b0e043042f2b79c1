namespace BounceMx.Mail.Classification;

/// <summary>
/// One entry of the rule book: a wording and what it means. It is data (<c>Rules/*.jsonc</c>), and its examples are its tests.
/// <para>Does: name a text, the conditions under which it counts, and the reason. Does not: run, or know of other rules; see <see cref="RuleBook"/>.</para>
/// <para>Among the rules that hold, the one with most conditions wins, then the one of whose text most characters
/// were found, gaps left out. The order of files and rules counts for nothing.</para>
/// </summary>
public sealed record BounceRule
{
    /// <summary>Unique in the book, <c>dialect.what-is-meant</c>, lower case; it is published with the event.</summary>
    public required string Id { get; init; }

    /// <summary>
    /// The words that must stand in the diagnostic, lower case, single spaces; <c>*</c> is any run of characters, even none, <c>~</c> one of at
    /// most 24, and <c>{user|mailbox}</c> is either word (an empty one is allowed: <c>quota {is |}full</c>). Compared without regard to case, after the codes
    /// that repeat in a multi-line reply were taken out.
    /// </summary>
    public required string Text { get; init; }

    /// <summary>What must hold besides; <c>null</c> when the text alone decides.</summary>
    public RuleConditions? When { get; init; }

    /// <summary>
    /// What it means. Where the rule states no condition, <see cref="CommandTable"/> may turn it by the command that was refused: a user who is unknown in
    /// answer to MAIL is the sender.
    /// </summary>
    public required BounceReason Reason { get; init; }

    /// <summary>Where the wording comes from.</summary>
    public required RuleSource Source { get; init; }

    /// <summary>Diagnostics, at least one, that this rule wins against the whole book.</summary>
    public required IReadOnlyList<string> Examples { get; init; }

    /// <summary>Diagnostics, similar ones, that this rule must not win.</summary>
    public IReadOnlyList<string> NearMisses { get; init; } = [];

    /// <summary>The file that it stands in, for messages.</summary>
    public string File { get; init; } = "";

    /// <summary>Whether this is no rule, but takes the one with its id out of the book: <c>{ "id": "…", "disabled": true }</c>. No book holds one.</summary>
    internal bool IsSwitch { get; init; }
}

/// <summary>What must hold for a rule besides its text. Alternatives are separated by one space; each stated key is one condition.</summary>
public sealed record RuleConditions
{
    /// <summary>The start of the enhanced status code, by whole parts: <c>5.1</c> holds for 5.1.1, not for 5.10.0; <c>x.2.0</c> is any class.</summary>
    public string? Status { get; init; }

    /// <summary>The start of the SMTP reply code: <c>4</c>, <c>55</c>, <c>550</c>.</summary>
    public string? Reply { get; init; }

    /// <summary>The SMTP command that was refused: <c>CONN EHLO MAIL RCPT DATA</c>.</summary>
    public string? Command { get; init; }

    /// <summary>A domain, lower case, that the refusing host is or is under. Where the report names no remote host, the reporting one refused.</summary>
    public string? RemoteMta { get; init; }

    /// <summary>A domain, lower case, that the reporting host is or is under.</summary>
    public string? ReportingMta { get; init; }

    /// <summary>How many conditions are stated.</summary>
    public int Count =>
        (Status is null ? 0 : 1)
        + (Reply is null ? 0 : 1)
        + (Command is null ? 0 : 1)
        + (RemoteMta is null ? 0 : 1)
        + (ReportingMta is null ? 0 : 1);
}

/// <summary>Where a wording was seen or is laid down.</summary>
/// <param name="Mta">The program or provider that says it.</param>
/// <param name="Reference">A standard, a page of documentation, or <c>seen on the wire</c>.</param>
public sealed record RuleSource(string Mta, string Reference);
