using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>What the readers of the chain have found so far.</summary>
internal sealed class ReportDraft(MimePart root)
{
    /// <summary>The message that is read.</summary>
    public MimePart Root { get; } = root;

    /// <summary>The parts of the report, as the reader that understood it sees them.</summary>
    public ReportParts Parts { get; set; } = new(root);

    public ReportKind Kind { get; set; }

    public List<RecipientStatus> Recipients { get; } = [];

    public List<string> Evidence { get; } = [];

    /// <summary>The header of the original message where it is pasted into the text.</summary>
    public HeaderBlock? InlineHeader { get; set; }

    public OriginalMessage? Original { get; set; }

    public string? ReportingMta { get; set; }

    public string? EnvelopeId { get; set; }

    public DateTimeOffset? ArrivalDate { get; set; }

    public string? FeedbackType { get; set; }

    /// <summary>Whether a reader stopped at a limit of its own; those of <see cref="Root"/> come on top.</summary>
    public bool ParseLimited { get; set; }

    /// <summary>The report as a value.</summary>
    public DeliveryReport ToReport()
    {
        HeaderBlock headers = Root.Headers;
        return new DeliveryReport
        {
            Kind = Kind,
            Recipients = Recipients,
            ReportingMta = ReportingMta,
            EnvelopeId = EnvelopeId,
            ArrivalDate = ArrivalDate,
            FeedbackType = FeedbackType,
            Date = MailDate.Read(headers.RawValue("Date"u8).Span),
            MessageId = OriginalMessageReader.ReadId(headers, "Message-ID"u8),
            Subject = headers.Decode("Subject"u8, AddressText.MaxOctets),
            Original = Original,
            ParseLimited = ParseLimited || Root.ParseLimited,
            Evidence = Evidence,
        };
    }
}
