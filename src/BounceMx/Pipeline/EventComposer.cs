using BounceMx.Intake;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Rules;
using BounceMx.Storage;

namespace BounceMx.Pipeline;

/// <summary>
/// Hops 6 to 8 for one message: reads it, classifies it and writes down what is to be published.
/// Does: one event a recipient, or one of type <c>other</c> when nothing was understood; name the evidence. Pure: the same message gives
/// the same events, by the same rules and keys.
/// Does not: any I/O; check a signature, which was done at RCPT time.
/// </summary>
internal sealed class EventComposer(LiveClassifier classifier, RecipientMatcher matcher, TrustJudge trust)
{
    /// <summary>Envelope recipients shown in an event; how many there are is in its evidence. Each event of a message repeats them.</summary>
    private const int ShownRecipients = 20;

    private static readonly string[] ShownHeaders = ["From", "To", "Date", "Message-ID", "Auto-Submitted", "X-Failed-Recipients"];

    /// <summary>The events of a message; at least one.</summary>
    public IReadOnlyList<BounceEvent> Compose(SpooledMessage message, byte[] raw)
    {
        MimePart root = MimeReader.Read(raw);
        DeliveryReport report = ReportReader.Read(root, hasNullReversePath: message.Envelope.MailFrom.Length == 0);
        var draft = new Draft(message, root, report, classifier.Current);
        // A report can name a recipient twice, an envelope too: that is the same event.
        return
        [
            .. matcher
                .Match(report, message.Envelope.RcptTo, status => draft.Classifier.Classify(report, status).Severity)
                .Select((recipient, i) => Compose(draft, recipient, isBrief: i >= ShownRecipients))
                .DistinctBy(bounceEvent => bounceEvent.Id, StringComparer.Ordinal),
        ];
    }

    // What all events of a message share stands in the first ones only: a thousand recipients must not make a thousand copies of it.
    private BounceEvent Compose(Draft draft, ConcernedRecipient recipient, bool isBrief)
    {
        DeliveryReport report = draft.Report;
        RecipientStatus status = recipient.Status ?? Draft.Unnamed(recipient);
        Verdict verdict = draft.Classifier.Classify(report, status);
        string type = TypeOf(report.Kind, status.Action);
        AcceptedRecipient address = recipient.Address;
        string bounceAddress = address.Path.ToString();
        List<string> evidence = Evidence(draft, verdict);
        string level = trust.Judge(draft.Message, report, recipient, evidence);
        if (draft.Message.Envelope.BareLineEnds)
            evidence.Add("bare CR or LF in the message");
        return new BounceEvent
        {
            Id = EventId.Create(draft.Digest, type, bounceAddress, Whom(recipient)),
            Type = type,
            Severity = verdict.Severity.ToWire(),
            Reason = verdict.Reason.ToWire(),
            Advice = verdict.Advice.ToWire(),
            Recipient = recipient.Recipient,
            RecipientHash = recipient.Recipient is null ? address.Verp?.RecipientHash : null,
            RecipientSource = SourceOf(recipient, level)?.ToWire(),
            Action = status.Action.ToWire(),
            Status = status.Status?.ToString(),
            Reply = status.Reply?.ToString(),
            Diagnostic = status.Diagnostic,
            RemoteMta = status.RemoteMta,
            ReportingMta = report.ReportingMta,
            Command = status.Command,
            Tags = address.Verp is { Tags.Count: > 0 } verp ? verp.Tags : null,
            Stream = address.Stream,
            BounceAddress = bounceAddress,
            Trust = level,
            Rule = verdict.RuleId,
            OccurredAt = draft.OccurredAt(status),
            ReceivedAt = draft.Message.ReceivedAt,
            MessageId = report.Original?.MessageId,
            FeedbackId = report.Original?.FeedbackId,
            ListId = report.Original?.ListId,
            Envelope = isBrief ? draft.Envelope with { RcptTo = [bounceAddress] } : draft.Envelope,
            Template = address.Template,
            Layers = address.Layers.Count > 0 ? address.Layers : null,
            Fields = address.Verp?.Fields,
            FinalRecipient = status.FinalRecipient,
            OriginalRecipient = status.OriginalRecipient,
            Subject = isBrief ? null : report.Subject,
            Headers = isBrief ? null : draft.Headers,
            Evidence = evidence,
            SpoolId = draft.Message.Id.Value,
            ParseLimited = report.ParseLimited,
        };
    }

    private static string TypeOf(ReportKind kind, DsnAction action) =>
        (kind, action) switch
        {
            (ReportKind.Complaint, _) => EventTypes.Complaint,
            (ReportKind.AutoReply, _) => EventTypes.AutoReply,
            (ReportKind.Other, _) => EventTypes.Other,
            (_, DsnAction.Failed) => EventTypes.Bounce,
            (_, DsnAction.Delayed) => EventTypes.Delay,
            (_, DsnAction.Delivered or DsnAction.Relayed or DsnAction.Expanded) => EventTypes.Delivered,
            _ => kind.ToWire(),
        };

    // The keys of the day decide who is behind a hash, and must not decide which event this is.
    private static string? Whom(ConcernedRecipient recipient) =>
        recipient.Source is null or RecipientSource.Verp
            ? recipient.Address.Verp?.RecipientHash ?? recipient.Recipient
            : recipient.Recipient;

    private static RecipientSource? SourceOf(ConcernedRecipient recipient, string level) =>
        recipient.Source is RecipientSource.Verp && level == Trusts.Proven ? RecipientSource.VerpSigned : recipient.Source;

    private static List<string> Evidence(Draft draft, Verdict verdict)
    {
        List<string> evidence = [.. draft.Report.Evidence];
        if (verdict.Evidence.Length > 0)
            evidence.Add($"{verdict.RuleId}: {verdict.Evidence}");
        return evidence;
    }

    /// <summary>What all events of a message share.</summary>
    private sealed class Draft
    {
        public Draft(SpooledMessage message, MimePart root, DeliveryReport report, BounceClassifier classifier)
        {
            (Message, Report, Classifier) = (message, report, classifier);
            ContentDigest.Compute(root, Digest);
            Envelope envelope = message.Envelope;
            Envelope = new EventEnvelope(
                envelope.MailFrom,
                [.. envelope.RcptTo.Take(ShownRecipients).Select(recipient => recipient.Path.ToString())],
                envelope.Helo,
                envelope.RemoteIp.ToString(),
                envelope.Tls
            );
            Headers = ReadHeaders(root);
        }

        public SpooledMessage Message { get; }
        public DeliveryReport Report { get; }
        public BounceClassifier Classifier { get; }
        public byte[] Digest { get; } = new byte[ContentDigest.Size];
        public EventEnvelope Envelope { get; }
        public IReadOnlyDictionary<string, string>? Headers { get; }

        /// <summary>A status for a recipient that the report says nothing of.</summary>
        public static RecipientStatus Unnamed(ConcernedRecipient recipient) =>
            new() { Recipient = recipient.Recipient ?? "", RecipientSource = recipient.Source ?? RecipientSource.Text };

        /// <summary>When it happened, as far as the report says; a date after its arrival is no date.</summary>
        public DateTimeOffset OccurredAt(RecipientStatus status)
        {
            DateTimeOffset occurred = status.LastAttemptDate ?? Report.Date ?? Report.ArrivalDate ?? Message.ReceivedAt;
            return occurred < Message.ReceivedAt ? occurred : Message.ReceivedAt;
        }

        private static Dictionary<string, string>? ReadHeaders(MimePart root)
        {
            Dictionary<string, string>? headers = null;
            foreach (string name in ShownHeaders)
            {
                if (root.Headers.Decode(System.Text.Encoding.ASCII.GetBytes(name)) is { Length: > 0 } value)
                    (headers ??= [])[name.ToLowerInvariant()] = value;
            }
            return headers;
        }
    }
}
