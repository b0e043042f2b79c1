using BounceMx.Mail.Classification;
using BounceMx.Mail.Mime;
using BounceMx.Mail.Reports;
using BounceMx.Rules;
using BounceMx.Storage;

namespace BounceMx.Pipeline;

/// <summary>
/// Hops 6 to 8 for one message: reads it, classifies it and writes down what is to be published.
/// Does: one event a recipient, or one of type <c>other</c> when nothing was understood; name the evidence. Pure: the same message gives
/// the same events, by the same rules.
/// Does not: any I/O.
/// Gaps: trust is told from the envelope and the report alone; signatures are not known yet.
/// </summary>
internal sealed class EventComposer(LiveClassifier classifier)
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
            .. RecipientMatcher
                .Match(report, message.Envelope.RcptTo)
                .Select((recipient, i) => Compose(draft, recipient, isBrief: i >= ShownRecipients))
                .DistinctBy(bounceEvent => bounceEvent.Id, StringComparer.Ordinal),
        ];
    }

    // What all events of a message share stands in the first ones only: a thousand recipients must not make a thousand copies of it.
    private static BounceEvent Compose(Draft draft, ConcernedRecipient recipient, bool isBrief)
    {
        DeliveryReport report = draft.Report;
        RecipientStatus status = recipient.Status ?? Draft.Unnamed(recipient);
        Verdict verdict = draft.Classifier.Classify(report, status);
        string type = TypeOf(report.Kind, status.Action);
        string bounceAddress = recipient.Address.Path.ToString();
        return new BounceEvent
        {
            Id = EventId.Create(draft.Digest, type, bounceAddress, recipient.Recipient),
            Type = type,
            Severity = verdict.Severity.ToWire(),
            Reason = verdict.Reason.ToWire(),
            Advice = verdict.Advice.ToWire(),
            Recipient = recipient.Recipient,
            RecipientSource = recipient.Source?.ToWire(),
            Action = status.Action.ToWire(),
            Status = status.Status?.ToString(),
            Reply = status.Reply?.ToString(),
            Diagnostic = status.Diagnostic,
            RemoteMta = status.RemoteMta,
            ReportingMta = report.ReportingMta,
            Command = status.Command,
            Tags = recipient.Address.Verp is { Tags.Count: > 0 } verp ? verp.Tags : null,
            BounceAddress = bounceAddress,
            Trust = IsLikely(draft.Message.Envelope, recipient) ? Trusts.Likely : Trusts.Unproven,
            Rule = verdict.RuleId,
            OccurredAt = draft.OccurredAt(status),
            ReceivedAt = draft.Message.ReceivedAt,
            MessageId = report.Original?.MessageId,
            FeedbackId = report.Original?.FeedbackId,
            ListId = report.Original?.ListId,
            Envelope = isBrief ? draft.Envelope with { RcptTo = [bounceAddress] } : draft.Envelope,
            FinalRecipient = status.FinalRecipient,
            OriginalRecipient = status.OriginalRecipient,
            Subject = isBrief ? null : report.Subject,
            Headers = isBrief ? null : draft.Headers,
            Evidence = Evidence(draft, recipient, verdict),
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

    private static bool IsLikely(Envelope envelope, ConcernedRecipient recipient) =>
        recipient.Confirmed && envelope.MailFrom.Length == 0 && envelope.RcptTo.Count == 1;

    private static List<string> Evidence(Draft draft, ConcernedRecipient recipient, Verdict verdict)
    {
        Envelope envelope = draft.Message.Envelope;
        List<string> evidence = [.. draft.Report.Evidence];
        if (verdict.Evidence.Length > 0)
            evidence.Add($"{verdict.RuleId}: {verdict.Evidence}");
        evidence.Add(envelope.MailFrom.Length == 0 ? "null reverse path" : "reverse path is not null");
        if (envelope.RcptTo.Count > 1)
            evidence.Add($"{envelope.RcptTo.Count} envelope recipients");
        if (recipient.Source == RecipientSource.Verp)
            evidence.Add(recipient.Confirmed ? "the report names the VERP recipient" : "the report does not name the VERP recipient");
        if (envelope.BareLineEnds)
            evidence.Add("bare CR or LF in the message");
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
