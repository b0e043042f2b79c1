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

    /// <summary>
    /// Whom the message's envelope named as its sender, <c>local@domain</c>: by the Return-Path, else by the topmost Received field, else by
    /// X-Envelope-From and its like. <c>null</c> where nothing says so, and for the null path.
    /// </summary>
    public string? ReturnPath { get; init; }

    /// <summary>The domains that signed the message (RFC 6376 section 3.5, <c>d=</c>), whose signatures nobody has checked; at most eight.</summary>
    public IReadOnlyList<string> DkimDomains { get; init; } = [];
}
