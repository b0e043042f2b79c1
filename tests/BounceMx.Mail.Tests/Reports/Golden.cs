using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BounceMx.Mail.Classification;
using BounceMx.Mail.Reports;

namespace BounceMx.Mail.Tests.Reports;

/// <summary>
/// What a golden file says of a sample, small enough to be written by hand before the code is asked:
/// <code>
/// { "kind": "bounce",
///   "recipients": [{ "recipient": "a@b.test", "action": "failed", "status": "5.1.1", "reply": "550", "reason": "user_unknown", "severity": "hard" }] }
/// </code>
/// The fields that stand here must be there and no others of them; a field without a value is left out. Beyond these a golden file names what its sample is about, such as <c>recipient_source</c>,
/// <c>diagnostic</c> or <c>feedback_type</c>; what it does not name is not compared. The order of the fields is that in which the code writes them.
/// <c>gap</c> says why a sample is not yet read as it should be; such a sample fails when it is.
/// </summary>
internal static class Golden
{
    private static readonly string[] _always = ["kind", "recipients", "recipient", "action", "status", "reply", "reason", "severity"];

    private static readonly JsonSerializerOptions _json = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Everything that a golden file may name.</summary>
    public static JsonObject Of(DeliveryReport report, BounceClassifier classifier) =>
        new()
        {
            ["kind"] = report.Kind.ToString().ToSnakeCase(),
            ["feedback_type"] = report.FeedbackType,
            ["reporting_mta"] = report.ReportingMta,
            ["parse_limited"] = report.ParseLimited ? true : null,
            ["recipients"] = new JsonArray([
                .. report.Recipients.Select(recipient => Of(recipient, classifier.Classify(report, recipient))),
            ]),
        };

    /// <summary>As text: the fields that always stand in a golden file, and of the others those that <paramref name="golden"/> names.</summary>
    public static string Write(JsonObject actual, JsonObject golden) =>
        Keep(actual, golden).ToJsonString(_json).ReplaceLineEndings("\n") + "\n";

    private static JsonObject Of(RecipientStatus recipient, Verdict verdict) =>
        new()
        {
            ["recipient"] = recipient.Recipient,
            ["action"] = recipient.Action == DsnAction.None ? null : recipient.Action.ToString().ToSnakeCase(),
            ["status"] = Text(recipient.Status),
            ["reply"] = Text(recipient.Reply),
            ["reason"] = verdict.Reason.ToWire(),
            ["severity"] = verdict.Severity.ToWire(),
            ["rule"] = verdict.RuleId,
            ["recipient_source"] = recipient.RecipientSource.ToString().ToSnakeCase(),
            ["original_recipient"] = recipient.OriginalRecipient,
            ["final_recipient"] = recipient.FinalRecipient,
            ["command"] = recipient.Command,
            ["remote_mta"] = recipient.RemoteMta,
            ["diagnostic"] = recipient.Diagnostic,
            ["will_retry_until"] = Text(recipient.WillRetryUntil),
            ["last_attempt_date"] = Text(recipient.LastAttemptDate),
        };

    private static JsonObject Keep(JsonObject all, JsonObject golden)
    {
        var kept = new JsonObject();
        foreach ((string name, JsonNode? value) in all)
        {
            if (value is JsonArray items)
                kept[name] = new JsonArray([.. items.Select((item, i) => Keep(item!.AsObject(), At(golden[name], i)))]);
            else if (value is not null && (_always.Contains(name) || golden.ContainsKey(name)))
                kept[name] = value.DeepClone();
        }

        return kept;
    }

    private static JsonObject At(JsonNode? recipients, int index) =>
        recipients is JsonArray list && index < list.Count ? list[index]!.AsObject() : [];

    private static string? Text(object? value) =>
        value is DateTimeOffset time ? time.ToString("yyyy-MM-ddTHH:mm:sszzz", CultureInfo.InvariantCulture) : value?.ToString();

    private static string ToSnakeCase(this string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);
}
