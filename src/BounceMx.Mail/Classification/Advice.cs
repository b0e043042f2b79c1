namespace BounceMx.Mail.Classification;

/// <summary>What the sender of the original should do; <see cref="Verdict.Advice"/> says how it follows.</summary>
public enum Advice
{
    /// <summary>Nothing: no failure.</summary>
    None,

    /// <summary>Stop mailing this recipient.</summary>
    Remove,

    /// <summary>Keep the recipient and mail again later: it passes by itself, or somebody at the other end is to mend it.</summary>
    RetryLater,

    /// <summary>Put the sending side in order: its address, host name, authentication, TLS, reputation, rate or SMTP. The recipient is sound.</summary>
    FixSender,

    /// <summary>Change the message: its content, form or size. The recipient is sound.</summary>
    FixMessage,

    /// <summary>Somebody, or a rule of one's own, is to decide: neither time nor the sender mends it, and it does not show that the recipient is gone.</summary>
    Review,
}
