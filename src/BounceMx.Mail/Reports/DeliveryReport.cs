namespace BounceMx.Mail.Reports;

/// <summary>What one message says of the delivery of another: the outcome of <c>ReportReader</c>.</summary>
public sealed record DeliveryReport
{
    /// <summary>What the message is.</summary>
    public required ReportKind Kind { get; init; }

    /// <summary>One entry a recipient; empty when none was found.</summary>
    public required IReadOnlyList<RecipientStatus> Recipients { get; init; }

    /// <summary>The host that wrote the report (RFC 3464 section 2.2.2), without its type.</summary>
    public string? ReportingMta { get; init; }

    /// <summary>The sender's envelope id, xtext decoded (RFC 3464 section 2.2.1).</summary>
    public string? EnvelopeId { get; init; }

    /// <summary>When the message came to the reporting MTA, UTC (RFC 3464 section 2.2.5).</summary>
    public DateTimeOffset? ArrivalDate { get; init; }

    /// <summary>The Date field of the report itself, UTC.</summary>
    public DateTimeOffset? Date { get; init; }

    /// <summary>The report's own Message-ID without angle brackets.</summary>
    public string? MessageId { get; init; }

    /// <summary>The report's own subject.</summary>
    public string? Subject { get; init; }

    /// <summary>
    /// What a complaint is about: <c>abuse</c>, <c>fraud</c>, <c>virus</c>, <c>not-spam</c>, <c>other</c> (RFC 5965 section 3.1), <c>auth-failure</c>
    /// (RFC 6591), or <c>opt-out</c>, which is what a mail program says that unsubscribes for its user; lower case.
    /// </summary>
    public string? FeedbackType { get; init; }

    /// <summary>Which program wrote the complaint (RFC 5965 section 3.1).</summary>
    public string? UserAgent { get; init; }

    /// <summary>The IP address that the message complained about came from (RFC 5965 section 3.2), without anything behind it.</summary>
    public string? SourceIp { get; init; }

    /// <summary>The domain complained about (RFC 5965 section 3.2); the first where there are several.</summary>
    public string? ReportedDomain { get; init; }

    /// <summary>The reverse-path of the message complained about, without angle brackets (RFC 5965 section 3.2).</summary>
    public string? OriginalMailFrom { get; init; }

    /// <summary>What is returned of the original; <c>null</c> when nothing is.</summary>
    public OriginalMessage? Original { get; init; }

    /// <summary>Whether a limit cut the reading short: what stands here is true, but there was more.</summary>
    public bool ParseLimited { get; init; }

    /// <summary>Which parts of the mail led to the kind and the recipients, one phrase each.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];
}
