namespace BounceMx.Mail.Reports;

/// <summary>
/// Wordings that say that a message was not delivered, will still be tried, or is given up. They decide that a mail is a bounce, not why.
/// English is what nearly all MTAs write; the others are what their local editions do.
/// </summary>
internal static class FailureWording
{
    /// <summary>Not delivered.</summary>
    public static byte[][] Failed { get; } =
    [
        "could not be delivered"u8.ToArray(),
        "couldn't be delivered"u8.ToArray(),
        "cannot be delivered"u8.ToArray(),
        "can not be delivered"u8.ToArray(),
        "can't be delivered"u8.ToArray(),
        "not be delivered"u8.ToArray(),
        "was not delivered"u8.ToArray(),
        "wasn't delivered"u8.ToArray(),
        "able to deliver"u8.ToArray(),
        "unable to deliver"u8.ToArray(),
        "undeliverable"u8.ToArray(),
        "undelivered"u8.ToArray(),
        "failed permanently"u8.ToArray(),
        "permanent failure"u8.ToArray(),
        "permanent error"u8.ToArray(),
        "fatal error"u8.ToArray(),
        "delivery failed"u8.ToArray(),
        "delivery has failed"u8.ToArray(),
        "delivery to the following recipient"u8.ToArray(),
        "failed to deliver"u8.ToArray(),
        "failure"u8.ToArray(),
        "did not reach"u8.ToArray(),
        "not delivered"u8.ToArray(),
        "not been delivered"u8.ToArray(),
        "delivery problem"u8.ToArray(),
        "delivery error"u8.ToArray(),
        "unknown user"u8.ToArray(),
        "user unknown"u8.ToArray(),
        "unknown recipient"u8.ToArray(),
        "invalid recipient"u8.ToArray(),
        "no such user"u8.ToArray(),
        "no valid recipients"u8.ToArray(),
        "does not exist"u8.ToArray(),
        "mailbox full"u8.ToArray(),
        "mailbox is full"u8.ToArray(),
        "exceeded storage"u8.ToArray(),
        "over quota"u8.ToArray(),
        "transcript of session follows"u8.ToArray(),
        "could not send"u8.ToArray(),
        "couldn't send"u8.ToArray(),
        "couldn't deliver"u8.ToArray(),
        "was returned"u8.ToArray(),
        "was rejected"u8.ToArray(),
        "was blocked"u8.ToArray(),
        "been blocked"u8.ToArray(),
        "送信できません"u8.ToArray(),
        "配信できません"u8.ToArray(),
        "配送できません"u8.ToArray(),
        "届けられません"u8.ToArray(),
    ];

    /// <summary>Still being tried.</summary>
    public static byte[][] Delayed { get; } =
    [
        "has been delayed"u8.ToArray(),
        "is delayed"u8.ToArray(),
        "will keep trying"u8.ToArray(),
        "will continue to"u8.ToArray(),
        "will be retried"u8.ToArray(),
        "still being retried"u8.ToArray(),
        "has not yet been delivered"u8.ToArray(),
        "not yet been delivered"u8.ToArray(),
        "still undelivered"u8.ToArray(),
        "warning message only"u8.ToArray(),
        "do not need to resend"u8.ToArray(),
        "delivery attempts will continue"u8.ToArray(),
        "no action is required on your part"u8.ToArray(),
    ];

    /// <summary>Not tried any more, whatever else is said of delays.</summary>
    public static byte[][] GivenUp { get; } =
    [
        "message will be deleted from queue"u8.ToArray(),
        "delivery attempts have been abandoned"u8.ToArray(),
        "no further delivery attempts"u8.ToArray(),
        "has been given up"u8.ToArray(),
        "i've given up"u8.ToArray(),
        "i'm not going to try again"u8.ToArray(),
        "giving up"u8.ToArray(),
        "retry timeout exceeded"u8.ToArray(),
        "retry time not reached for any host after a long failure period"u8.ToArray(),
    ];
}
