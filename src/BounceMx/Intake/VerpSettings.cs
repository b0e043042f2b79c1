using System.ComponentModel.DataAnnotations;
using BounceMx.Verp;

namespace BounceMx.Intake;

/// <summary>Section <c>Verp</c>: which addresses are ours.</summary>
internal sealed class VerpSettings
{
    /// <summary>What bounce addresses begin with: <c>bounces+user=recipient.example@</c>.</summary>
    [VerpOption(nameof(VerpOptions.Prefix))]
    public string Prefix { get; set; } = "bounces";

    /// <summary>The bounce domains. Empty: bounce addresses of any domain are taken, which is for trying out only.</summary>
    [VerpOption(nameof(VerpOptions.Domains))]
    public string[] Domains { get; set; } = [];

    /// <summary>The same as the codec takes it.</summary>
    public VerpOptions ToOptions() => new() { Prefix = Prefix, Domains = Domains };
}

/// <summary>The value passes <see cref="VerpOptions.Check"/> as this option.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class VerpOptionAttribute(string option) : ValidationAttribute
{
    public override bool IsValid(object? value) => Check(value as string ?? "") is null;

    // The empty value breaks every rule, and what is allowed does not depend on the value.
    public override string FormatErrorMessage(string name) => Check("")?.Allowed ?? "";

    private VerpOptionsFault? Check(string value)
    {
        var options = option == nameof(VerpOptions.Prefix) ? new VerpOptions { Prefix = value } : new VerpOptions { Domains = [value] };
        return options.Check() is [var fault, ..] ? fault : null;
    }
}
