using System.Text.Json;
using System.Text.Unicode;

namespace BounceMx.Mail.Classification;

/// <summary>
/// Reads a <c>.jsonc</c> file of rules: an array of objects, comments and trailing commas allowed.
/// <para>Does: refuse whatever is not exactly as <see cref="BounceRule"/> says, with a message that names file, rule and key.</para>
/// <para>Does not: compare rules with each other (<see cref="RuleBook"/>) or run examples (<see cref="RuleCheck"/>).</para>
/// <para>The document is walked by hand rather than mapped to objects: that takes a fifth of the start-up time, needs no reflection, and knows the rule
/// that a fault is in.</para>
/// </summary>
internal static class RuleReader
{
    private static readonly JsonDocumentOptions Options = new()
    {
        CommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
        AllowDuplicateProperties = false,
        MaxDepth = 8,
    };

    public static List<BounceRule> Read(string file, Stream json)
    {
        using JsonDocument document = Parse(file, json);
        if (document.RootElement.ValueKind != JsonValueKind.Array)
            throw new RuleFormatException($"{file}: an array of rules is expected");

        List<BounceRule> rules = new(document.RootElement.GetArrayLength());
        foreach (JsonElement element in document.RootElement.EnumerateArray())
        {
            try
            {
                BounceRule rule = IsSwitch(element) ? ReadSwitch(element) : ReadRule(element);
                if (!rule.IsSwitch)
                    RuleSyntax.Check(rule);
                rules.Add(rule with { File = file });
            }
            catch (RuleFormatException e)
            {
                throw new RuleFormatException($"{file}: rule {NameOf(element, rules.Count)}: {e.Message}", e);
            }
            catch (InvalidOperationException e)
            {
                // What JsonElement throws for half a surrogate pair, such as \ud800.
                throw new RuleFormatException($"{file}: rule number {rules.Count + 1}: {e.Message}", e);
            }
        }
        return rules;
    }

    private static JsonDocument Parse(string file, Stream json)
    {
        try
        {
            using MemoryStream content = new();
            json.CopyTo(content);
            if (!Utf8.IsValid(content.GetBuffer().AsSpan(0, (int)content.Length)))
                throw new RuleFormatException($"{file}: not UTF-8");
            content.Position = 0;
            return JsonDocument.Parse(content, Options);
        }
        catch (JsonException e)
        {
            throw new RuleFormatException($"{file}: {e.Message}", e);
        }
    }

    /// <summary>The id in quotes where there is one, else the place in the file, counted from 1.</summary>
    private static string NameOf(JsonElement element, int index) =>
        element.ValueKind == JsonValueKind.Object
        && element.TryGetProperty("id", out JsonElement id)
        && id.ValueKind == JsonValueKind.String
            ? $"'{id.GetString()}'"
            : $"number {index + 1}";

    private static bool IsSwitch(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("disabled", out _);

    private static BounceRule ReadSwitch(JsonElement element)
    {
        if (
            element.GetProperty("disabled").ValueKind != JsonValueKind.True
            || element.EnumerateObject().Any(p => p.Name is not ("id" or "disabled"))
        )
            throw new RuleFormatException("disabled: is true, and stands beside id alone");
        return new BounceRule
        {
            Id = element.TryGetProperty("id", out JsonElement id) ? String("id", id) : throw Missing("id"),
            IsSwitch = true,
            Text = "",
            Reason = BounceReason.Undefined,
            Source = new RuleSource("", ""),
            Examples = [],
        };
    }

    private static BounceRule ReadRule(JsonElement element)
    {
        string? id = null;
        string? text = null;
        string? reason = null;
        RuleConditions? when = null;
        RuleSource? source = null;
        IReadOnlyList<string>? examples = null;
        IReadOnlyList<string> nearMisses = [];
        foreach (JsonProperty property in Properties("", element))
        {
            switch (property.Name)
            {
                case "id":
                    id = String("id", property.Value);
                    break;
                case "text":
                    text = String("text", property.Value);
                    break;
                case "when":
                    when = ReadConditions(property.Value);
                    break;
                case "reason":
                    reason = String("reason", property.Value);
                    break;
                case "source":
                    source = ReadSource(property.Value);
                    break;
                case "examples":
                    examples = Strings("examples", property.Value);
                    break;
                case "near_misses":
                    nearMisses = Strings("near_misses", property.Value);
                    break;
                default:
                    throw Unknown(property.Name);
            }
        }
        return new BounceRule
        {
            Id = id ?? throw Missing("id"),
            Text = text ?? throw Missing("text"),
            When = when,
            Reason = BounceReasons.TryParse(reason ?? throw Missing("reason"), out BounceReason known)
                ? known
                : throw new RuleFormatException($"reason: '{reason}' is none of the known words"),
            Source = source ?? throw Missing("source"),
            Examples = examples ?? throw Missing("examples"),
            NearMisses = nearMisses,
        };
    }

    private static RuleConditions ReadConditions(JsonElement element)
    {
        RuleConditions when = new();
        foreach (JsonProperty property in Properties("when", element))
        {
            string key = "when." + property.Name;
            when = property.Name switch
            {
                "status" => when with { Status = String(key, property.Value) },
                "reply" => when with { Reply = String(key, property.Value) },
                "command" => when with { Command = String(key, property.Value) },
                "remote_mta" => when with { RemoteMta = String(key, property.Value) },
                "reporting_mta" => when with { ReportingMta = String(key, property.Value) },
                _ => throw Unknown(key),
            };
        }
        return when;
    }

    private static RuleSource ReadSource(JsonElement element)
    {
        RuleSource source = new("", "");
        foreach (JsonProperty property in Properties("source", element))
        {
            string key = "source." + property.Name;
            source = property.Name switch
            {
                "mta" => source with { Mta = String(key, property.Value) },
                "reference" => source with { Reference = String(key, property.Value) },
                _ => throw Unknown(key),
            };
        }
        return source;
    }

    private static JsonElement.ObjectEnumerator Properties(string key, JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject()
            : throw new RuleFormatException($"{key}: an object is expected".TrimStart(':', ' '));

    private static string String(string key, JsonElement element) =>
        element.ValueKind == JsonValueKind.String ? element.GetString()! : throw new RuleFormatException($"{key}: a string is expected");

    private static string[] Strings(string key, JsonElement element) =>
        element.ValueKind == JsonValueKind.Array
            ? [.. element.EnumerateArray().Select(item => String(key, item))]
            : throw new RuleFormatException($"{key}: an array of strings is expected");

    private static RuleFormatException Unknown(string key) => new($"{key}: no such key");

    private static RuleFormatException Missing(string key) => new($"{key}: is missing");
}
