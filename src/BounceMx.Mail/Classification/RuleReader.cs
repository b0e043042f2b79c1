using System.Text.Json;
using System.Text.Json.Serialization;

namespace BounceMx.Mail.Classification;

/// <summary>
/// Reads a <c>.jsonc</c> file of rules: an array of objects, comments and trailing commas allowed.
/// <para>Does: refuse whatever is not exactly as <see cref="BounceRule"/> says, with a message that names file, rule and key.</para>
/// <para>Does not: compare rules with each other (<see cref="RuleBook"/>) or run examples (<see cref="RuleCheck"/>).</para>
/// </summary>
internal static class RuleReader
{
    private static readonly JsonDocumentOptions DocumentOptions = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        MaxDepth = 8,
    };

    private static readonly string[] Commands = ["CONN", "EHLO", "MAIL", "RCPT", "DATA"];

    public static List<BounceRule> Read(string file, Stream json)
    {
        using JsonDocument document = Parse(file, json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new RuleFormatException($"{file}: an array of rules is expected, not {document.RootElement.ValueKind}");

        List<BounceRule> rules = new(document.RootElement.GetArrayLength());
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            string name = $"{file}: rule {NameOf(element, rules.Count)}";
            BounceRule rule = Deserialize(name, element);
            if (Fault(rule) is { } fault)
                throw new RuleFormatException($"{name}: {fault}");
            rules.Add(rule);
        }
        return rules;
    }

    private static JsonDocument Parse(string file, Stream json)
    {
        try
        {
            return JsonDocument.Parse(json, DocumentOptions);
        }
        catch (JsonException e)
        {
            throw new RuleFormatException($"{file}: {e.Message}", e);
        }
    }

    private static BounceRule Deserialize(string name, JsonElement element)
    {
        try
        {
            return element.Deserialize(RuleJsonContext.Default.BounceRule) ?? throw new RuleFormatException($"{name}: is null");
        }
        catch (JsonException e)
        {
            throw new RuleFormatException($"{name}: {e.Message}", e);
        }
    }

    /// <summary>The id in quotes where there is one, else the place in the file, counted from 1.</summary>
    private static string NameOf(JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("id", out JsonElement id) && id.ValueKind == JsonValueKind.String
            ? $"'{id.GetString()}'"
            : $"number {index + 1}";

    private static string? Fault(BounceRule rule)
    {
        if (rule.Id.Length == 0 || !rule.Id.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '.' or '-'))
            return "id: lower-case letters, digits, '.' and '-' only";
        if (!IsLower(rule.Text))
            return "text: must be lower case";
        if (rule.Text != rule.Text.Trim(' ') || rule.Text.Contains("  ", StringComparison.Ordinal) || rule.Text.Any(char.IsControl))
            return "text: single spaces between words, none around, no control characters";
        if (rule.Text.Length == 0 || rule.Text.Split('*').Any(segment => segment.Length < 2))
            return "text: at least two characters before, between and after '*'";
        if (rule.Examples.Count == 0)
            return "examples: at least one is needed";
        return rule.When is { } when ? Fault(when) : null;
    }

    private static string? Fault(RuleConditions when)
    {
        if (when.Count == 0)
            return "when: states no condition";
        return Fault("status", when.Status, s => StatusPrefix.TryParse(s, out _), "such as 5.1, 5.1.1 or x.2.0")
            ?? Fault("reply", when.Reply, s => s.Length <= 3 && s[0] is '2' or '4' or '5' && s.All(char.IsAsciiDigit), "such as 4, 55 or 550")
            ?? Fault("command", when.Command, s => Commands.Contains(s, StringComparer.Ordinal), "one of CONN EHLO MAIL RCPT DATA")
            ?? Fault("remote_mta", when.RemoteMta, IsDomain, "a lower-case domain without a dot in front")
            ?? Fault("reporting_mta", when.ReportingMta, IsDomain, "a lower-case domain without a dot in front");
    }

    private static string? Fault(string key, string? value, Func<string, bool> holds, string expected) =>
        value is null || value.Split(' ').All(s => s.Length > 0 && holds(s)) ? null : $"when.{key}: '{value}' is not {expected}";

    private static bool IsLower(string s) => s.All(c => char.ToLowerInvariant(c) == c);

    private static bool IsDomain(string s) => IsLower(s) && s[0] != '.' && Uri.CheckHostName(s) == UriHostNameType.Dns;
}

/// <summary>A reason by its word on the wire.</summary>
internal sealed class BounceReasonConverter : JsonConverter<BounceReason>
{
    public override BounceReason Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        string? wire = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return BounceReasons.TryParse(wire, out BounceReason reason) ? reason : throw new JsonException($"reason: '{wire}' is none of the known words");
    }

    public override void Write(Utf8JsonWriter writer, BounceReason value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToWire());
}

/// <summary>Keys in snake case; an unknown, doubled or missing one is a fault. Source-generated, so that nothing is reflected over.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true
)]
[JsonSerializable(typeof(BounceRule))]
internal sealed partial class RuleJsonContext : JsonSerializerContext;
