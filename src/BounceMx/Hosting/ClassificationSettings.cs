using System.ComponentModel.DataAnnotations;
using BounceMx.Mail.Classification;
using BounceMx.Rules;

namespace BounceMx.Hosting;

/// <summary>Section <c>Classification</c>.</summary>
internal sealed class ClassificationSettings
{
    /// <summary>
    /// The folder with rules of one's own (docs/events.md). Empty: <c>rules</c> beside the configuration file, where it is there. What changes in it is taken
    /// without a restart.
    /// </summary>
    public string RulesFolder { get; set; } = "";

    /// <summary>Severities that differ from the reasons' own: <c>"suspend": "hard"</c>.</summary>
    [SeverityOverride]
    public Dictionary<string, string> Severities { get; set; } = [];

    /// <summary>The folder that is meant.</summary>
    /// <param name="configurationFolder">Where the configuration file is, or would be.</param>
    public RuleFolder Folder(string configurationFolder) =>
        RulesFolder.Length > 0 ? new(RulesFolder) : new(Path.Combine(configurationFolder, "rules"), mayBeMissing: true);

    /// <summary>Why a folder cannot be used, as a fault of the configuration.</summary>
    public static ConfigurationFault Fault(RuleFormatException e) =>
        new($"Classification:{nameof(RulesFolder)}", $"cannot be used: {e.Message}");

    /// <summary>The overrides as the classifier takes them.</summary>
    public Dictionary<BounceReason, Severity> Overrides()
    {
        var overrides = new Dictionary<BounceReason, Severity>();
        foreach ((string reason, string severity) in Severities)
        {
            if (SeverityOverrideAttribute.TryParse(reason, severity, out (BounceReason Reason, Severity Severity) parsed))
                overrides[parsed.Reason] = parsed.Severity;
        }
        return overrides;
    }
}

/// <summary>The entry's key is a reason, its value a severity.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SeverityOverrideAttribute()
    : ValidationAttribute("a reason of docs/events.md as key, and hard, soft, block, none or undetermined as value")
{
    public static bool TryParse(string reason, string severity, out (BounceReason Reason, Severity Severity) parsed)
    {
        parsed = default;
        return BounceReasons.TryParse(reason, out parsed.Reason) && Severities.TryParse(severity, out parsed.Severity);
    }

    public override bool IsValid(object? value) => value is KeyValuePair<string, string> entry && TryParse(entry.Key, entry.Value, out _);
}
