using BounceMx.Mail.Mime;

namespace BounceMx.Mail.Reports;

/// <summary>What the readers of the chain have found so far.</summary>
internal sealed class ReportDraft(MimePart root, bool? hasNullReversePath = null)
{
    private BounceSign? _sign;
    private bool _isSignKnown;
    private bool? _isOfFailure;

    /// <summary>The message that is read.</summary>
    public MimePart Root { get; } = root;

    /// <summary>Whether the message has a null reverse-path; <c>null</c> when neither the envelope nor a Return-Path says so.</summary>
    public bool? HasNullSender { get; } = hasNullReversePath ?? SenderOf(root.Headers);

    /// <summary>The parts of the report, as the reader that understood it sees them.</summary>
    public ReportParts Parts { get; set; } = new(root);

    public ReportKind Kind { get; set; }

    public List<RecipientStatus> Recipients { get; } = new(1);

    public List<string> Evidence { get; } = [];

    /// <summary>The header of the original message where it is pasted into the text.</summary>
    public HeaderBlock? InlineHeader { get; set; }

    public OriginalMessage? Original { get; set; }

    public string? ReportingMta { get; set; }

    public string? EnvelopeId { get; set; }

    public DateTimeOffset? ArrivalDate { get; set; }

    public string? FeedbackType { get; set; }

    public string? UserAgent { get; set; }

    public string? SourceIp { get; set; }

    public string? ReportedDomain { get; set; }

    public string? OriginalMailFrom { get; set; }

    /// <summary>Whether a reader stopped at a limit of its own; those of <see cref="Root"/> come on top.</summary>
    public bool ParseLimited { get; set; }

    /// <summary>The decoded subject; empty where there is none.</summary>
    public string Subject { get; } = root.Headers.Decode("Subject"u8, AddressText.MaxOctets) ?? "";

    /// <summary>Whether the subject is that of a failure or a delay.</summary>
    public bool IsOfFailure => _isOfFailure ??= BounceSubjects.Failures.StandIn(Subject);

    /// <summary>What in the header speaks for a bounce.</summary>
    public BounceSign? Sign
    {
        get
        {
            if (!_isSignKnown)
                (_sign, _isSignKnown) = (BounceSigns.Find(this), true);
            return _sign;
        }
    }

    /// <summary>What the Return-Path says. Some MTAs send bounces from a daemon's address instead of the null path.</summary>
    private static bool? SenderOf(HeaderBlock headers) =>
        headers.TryGet("Return-Path"u8, out HeaderField field)
            ? field.RawValue.Span.TrimBlank() is var path && (path.SequenceEqual("<>"u8) || path.ContainsIgnoreCase("mailer-daemon@"u8))
            : null;

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
            UserAgent = UserAgent,
            SourceIp = SourceIp,
            ReportedDomain = ReportedDomain,
            OriginalMailFrom = OriginalMailFrom,
            Date = MailDate.Read(headers.RawValue("Date"u8).Span),
            MessageId = OriginalMessageReader.ReadId(headers, "Message-ID"u8),
            Subject = headers.Contains("Subject"u8) ? Subject : null,
            Original = Original,
            ParseLimited = ParseLimited || Root.ParseLimited,
            Evidence = Evidence,
        };
    }
}
