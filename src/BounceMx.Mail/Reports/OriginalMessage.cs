namespace BounceMx.Mail.Reports;

/// <summary>What the report returns of the message that it is about. Values are decoded and unfolded, without control characters.</summary>
public sealed record OriginalMessage
{
    /// <summary>The Message-ID without angle brackets.</summary>
    public string? MessageId { get; init; }

    /// <summary>The Feedback-ID field.</summary>
    public string? FeedbackId { get; init; }

    /// <summary>The List-Id field, without angle brackets (RFC 2919).</summary>
    public string? ListId { get; init; }

    /// <summary>The subject.</summary>
    public string? Subject { get; init; }

    /// <summary>The From field.</summary>
    public string? From { get; init; }

    /// <summary>The To field.</summary>
    public string? To { get; init; }
}
