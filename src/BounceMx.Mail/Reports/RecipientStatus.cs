namespace BounceMx.Mail.Reports;

/// <summary>What a report says of one recipient (RFC 3464 section 2.3). Texts are decoded and unfolded, without control characters.</summary>
public sealed record RecipientStatus
{
    /// <summary>The address that failed, <c>local@domain</c>, without address type and angle brackets.</summary>
    public required string Recipient { get; init; }

    /// <summary>Which part of the mail <see cref="Recipient"/> comes from.</summary>
    public required RecipientSource RecipientSource { get; init; }

    /// <summary>The Original-Recipient's address, xtext decoded; <c>null</c> where not stated.</summary>
    public string? OriginalRecipient { get; init; }

    /// <summary>The Final-Recipient's address; <c>null</c> where not stated.</summary>
    public string? FinalRecipient { get; init; }

    /// <summary>What was done.</summary>
    public DsnAction Action { get; init; }

    /// <summary>The Status field, or a more telling code of the diagnostic; <c>null</c> where neither stands.</summary>
    public EnhancedStatusCode? Status { get; init; }

    /// <summary>The SMTP reply code of the diagnostic.</summary>
    public ReplyCode? Reply { get; init; }

    /// <summary>The Diagnostic-Code's text without its type, at most 1 KiB.</summary>
    public string? Diagnostic { get; init; }

    /// <summary>Whether a program on the reporting host said it, to which the message was handed: the Diagnostic-Code's type is <c>x-unix</c>.</summary>
    public bool IsFromProgram { get; init; }

    /// <summary>The host that refused (RFC 3464 section 2.3.5).</summary>
    public string? RemoteMta { get; init; }

    /// <summary>The SMTP command that was refused, upper case: <c>CONN EHLO MAIL RCPT DATA</c>; <c>null</c> where not known.</summary>
    public string? Command { get; init; }

    /// <summary>Why it failed in the words of the reporting MTA: PowerMTA's <c>X-PowerMTA-BounceCategory</c>, such as <c>bad-mailbox</c>.</summary>
    public string? BounceCategory { get; init; }

    /// <summary>When it was last tried, UTC.</summary>
    public DateTimeOffset? LastAttemptDate { get; init; }

    /// <summary>Until when it will be tried, UTC; only with delays.</summary>
    public DateTimeOffset? WillRetryUntil { get; init; }

    /// <summary>The final MTA's name for the message.</summary>
    public string? FinalLogId { get; init; }
}
