using BounceMx.Intake;
using BounceMx.Pipeline;
using BounceMx.Storage;

namespace BounceMx.Tests.Pipeline;

/// <summary>Reports to be judged, and their events.</summary>
internal static class TrustSample
{
    public const string Unsigned = "bounces+user=recipient.test@bounces.test";

    public static readonly string Signed = Sample.Signed("user@recipient.test");

    /// <summary>A report on user@recipient.test, or on others, which returns an original with these fields.</summary>
    public static string Returning(string fields, params string[] recipients) =>
        Report(recipients.Length == 0 ? ["user@recipient.test"] : recipients)
            .Replace("--b--", $"--b\nContent-Type: message/rfc822\n\nSubject: News\n{fields}\n\nNews.\n\n--b--", StringComparison.Ordinal);

    public static string Report(params string[] recipients) =>
        ReportSample.Report(
            string.Join("\n\n", recipients.Select(recipient => $"Final-Recipient: rfc822; {recipient}\nAction: failed\nStatus: 5.1.1"))
        );

    public static IReadOnlyList<BounceEvent> Judge(
        string content,
        string address,
        string keys = Sample.Key,
        DoorSettings? policy = null,
        string? senderDomains = null
    ) => Compose(Sample.Message(content, Sample.Accepted(address, keys, policy)), keys, senderDomains is null ? [] : [senderDomains]);

    public static IReadOnlyList<BounceEvent> Compose(SpooledMessage message, string keys = Sample.Key, params string[] senderDomains) =>
        Sample.Composer(Sample.Codec(keys), senderDomains).Compose(message, message.Raw!);
}
