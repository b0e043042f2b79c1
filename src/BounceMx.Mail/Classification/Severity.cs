namespace BounceMx.Mail.Classification;

/// <summary>What a sender is to conclude.</summary>
public enum Severity
{
    /// <summary>Not a failure.</summary>
    None,

    /// <summary>Never mail this recipient again.</summary>
    Hard,

    /// <summary>May work later.</summary>
    Soft,

    /// <summary>The sender or the message was refused, not the recipient.</summary>
    Block,

    /// <summary>Failed, but nothing says why.</summary>
    Undetermined,
}
