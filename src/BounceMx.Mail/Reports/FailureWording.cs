namespace BounceMx.Mail.Reports;

/// <summary>
/// Wordings that say that a message was not delivered, will still be tried, or is given up. They decide that a mail is a bounce, not why.
/// English is what nearly all MTAs write; the others are what their local editions do.
/// </summary>
internal static class FailureWording
{
    /// <summary>Not delivered.</summary>
    public static Phrases Failed { get; } =
        new(
            "couldn't be delivered",
            "cannot be delivered",
            "can't be delivered",
            "not be delivered",
            "able to deliver",
            "able to be delivered",
            "of the email was stopped",
            "undeliver",
            "failed permanently",
            "permanent failure",
            "permanent error",
            "fatal error",
            "delivery failed",
            "delivery to the following recipient",
            "has failed",
            "aborted after",
            "account is disabled",
            "exceeds allowed size",
            "failed to deliver",
            "failure",
            "did not reach",
            "not delivered",
            "not been delivered",
            "n't delivered",
            "delivery problem",
            "delivery error",
            "problem delivering",
            "unknown user",
            "unknown recipient",
            "user unknown",
            "invalid recipient",
            "no such user",
            "no valid recipients",
            "does not exist",
            "mailbox full",
            "mailbox is full",
            "exceeded storage",
            "over quota",
            "transcript of session follows",
            "could not send",
            "couldn't send",
            "couldn't deliver",
            "was returned",
            "was rejected",
            "was blocked",
            "been blocked",
            "送信できません",
            "配信できません",
            "配送できません",
            "届けられません"
        );

    /// <summary>Still being tried.</summary>
    public static Phrases Delayed { get; } =
        new(
            "has been delayed",
            "is delayed",
            "will keep trying",
            "will continue to",
            "will be retried",
            "will retry for",
            "still being retried",
            "has not yet been delivered",
            "not yet been delivered",
            "still undelivered",
            "warning message only",
            "do not need to resend",
            "delivery attempts will continue",
            "no action is required on your part",
            "will try again",
            "will be attempted again",
            "be delivered yet",
            "temporarily failed",
            "remains in the queue"
        );

    /// <summary>Not tried any more, whatever else is said of delays.</summary>
    public static Phrases GivenUp { get; } =
        new(
            "message will be deleted from queue",
            "delivery attempts have been abandoned",
            "no further delivery attempts",
            "has been given up",
            "i've given up",
            "i'm not going to try again",
            "giving up on ",
            "retry timeout exceeded",
            "retry time not reached for any host after a long failure period"
        );
}
