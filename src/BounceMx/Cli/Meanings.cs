using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Cli;

/// <summary>The words of reports and verdicts, in words for people.</summary>
internal static class Meanings
{
    private static readonly Dictionary<ReportKind, string> Kinds = new()
    {
        [ReportKind.Other] = "no report: ordinary mail, or a bounce of a shape that is not known",
        [ReportKind.Bounce] = "a bounce: delivery failed",
        [ReportKind.Delay] = "a warning: delivery is still being tried",
        [ReportKind.Delivered] = "a delivery report: nothing failed",
        [ReportKind.Complaint] = "a complaint, by way of a feedback loop",
        [ReportKind.AutoReply] = "an automatic answer",
    };

    private static readonly Dictionary<RecipientSource, string> Sources = new()
    {
        [RecipientSource.OriginalRecipient] = "from the report's field Original-Recipient",
        [RecipientSource.FinalRecipient] = "from the report's field Final-Recipient",
        [RecipientSource.Header] = "from a header field, of the report or of the returned message",
        [RecipientSource.Text] = "from the text for people",
        [RecipientSource.Verp] = "from the bounce address",
        [RecipientSource.VerpSigned] = "from the signed bounce address",
    };

    private static readonly Dictionary<DsnAction, string> Actions = new()
    {
        [DsnAction.None] = "not stated",
        [DsnAction.Failed] = "failed: given up",
        [DsnAction.Delayed] = "delayed: still being tried",
        [DsnAction.Delivered] = "delivered: in the mailbox",
        [DsnAction.Relayed] = "relayed: handed to a host that sends no reports",
        [DsnAction.Expanded] = "expanded: delivered to a list of other recipients",
    };

    private static readonly Dictionary<BounceReason, string> Reasons = new()
    {
        [BounceReason.UserUnknown] = "there is no such mailbox",
        [BounceReason.HostUnknown] = "there is no such domain or host",
        [BounceReason.HasMoved] = "the recipient has another address now",
        [BounceReason.NotAccept] = "the domain takes no mail at all",
        [BounceReason.MailboxFull] = "the mailbox is full",
        [BounceReason.Suspend] = "the mailbox is disabled or inactive",
        [BounceReason.Filtered] = "the recipient's own filter refused it",
        [BounceReason.Expired] = "it was tried until the time was over, or is late",
        [BounceReason.NetworkError] = "the host could not be reached, or routing loops",
        [BounceReason.SystemError] = "something is wrong at the receiving system",
        [BounceReason.SystemFull] = "the receiving system's disk is full",
        [BounceReason.MailerError] = "a delivery program of the receiving system failed",
        [BounceReason.SyntaxError] = "the two hosts did not understand each other's SMTP",
        [BounceReason.EmailTooLarge] = "the message is too large",
        [BounceReason.RateLimited] = "there were too many messages or connections",
        [BounceReason.Suppressed] = "the sender's own provider does not mail this address any more",
        [BounceReason.Blocked] = "the sending address or host is refused",
        [BounceReason.BadReputation] = "the reputation of the sending host or domain is too low",
        [BounceReason.RequirePtr] = "the sending host has no name in DNS that leads back to it (PTR)",
        [BounceReason.AuthFailure] = "SPF, DKIM or DMARC failed",
        [BounceReason.SpamDetected] = "the message was taken for spam",
        [BounceReason.VirusDetected] = "a virus was found in the message",
        [BounceReason.ContentError] = "the content or its form is not accepted",
        [BounceReason.PolicyViolation] = "a policy of the receiver forbids it",
        [BounceReason.Rejected] = "the envelope sender or From address is refused",
        [BounceReason.NoRelaying] = "the host does not relay for this recipient",
        [BounceReason.SecurityError] = "a security rule of the receiver was not met, such as authentication",
        [BounceReason.NotCompliantRfc] = "the message breaks an RFC",
        [BounceReason.FailedStarttls] = "TLS could not be agreed on",
        [BounceReason.OnHold] = "several causes are possible",
        [BounceReason.Undefined] = "nothing says why",
        [BounceReason.Delivered] = "nothing failed",
        [BounceReason.Feedback] = "the recipient complained",
        [BounceReason.Vacation] = "an automatic answer, no failure",
    };

    private static readonly Dictionary<Advice, string> Advice = new()
    {
        [Mail.Classification.Advice.None] = "nothing is to be done",
        [Mail.Classification.Advice.Remove] = "stop mailing this recipient",
        [Mail.Classification.Advice.RetryLater] = "keep the recipient; it may work later",
        [Mail.Classification.Advice.FixSender] = "keep the recipient; put the sending server in order",
        [Mail.Classification.Advice.FixMessage] = "keep the recipient; change the message",
        [Mail.Classification.Advice.Review] = "somebody, or a rule of yours, is to decide",
    };

    /// <summary>Why evidence of a kind goes before all that is less telling.</summary>
    private static readonly Dictionary<EvidenceSource, string> Precedences = new()
    {
        [EvidenceSource.PassedOn] = "what was passed on did not fail, whatever else is said",
        [EvidenceSource.ReportKind] = "what the message is goes before its words",
        [EvidenceSource.Rule] = "words tell more than codes",
        [EvidenceSource.Category] = "what the reporting MTA made of the words goes before codes",
        [EvidenceSource.WrittenStatus] = "the refusing host's own status code goes first",
        [EvidenceSource.Status] = "a status code that means one thing goes first",
        [EvidenceSource.SpecificReply] = "a reply code that means one thing goes first",
        [EvidenceSource.Program] = "a program that failed tells more than such a code",
        [EvidenceSource.Delay] = "without a telling cause, a delay is just late",
        [EvidenceSource.GenericStatus] = "a status code tells more than such a reply code",
    };

    public static string Of(ReportKind kind) => Kinds[kind];

    public static string Of(RecipientSource source) => Sources[source];

    public static string Of(DsnAction action) => Actions[action];

    public static string Of(BounceReason reason) => Reasons[reason];

    public static string Of(Advice advice) => Advice[advice];

    /// <summary>Why a candidate did not decide, given the one that did.</summary>
    public static string Of(CandidateLoss loss, EvidenceSource decided) =>
        loss switch
        {
            CandidateLoss.FewerConditions => "it states fewer conditions",
            CandidateLoss.ShorterText => "its text is shorter",
            CandidateLoss.Tied => "it is as specific, and the less final goes before: a fault of the rules",
            CandidateLoss.GivesUp => "it says that time ran out, not over what",
            _ => Precedences.GetValueOrDefault(decided, "there is more telling evidence"),
        };
}
