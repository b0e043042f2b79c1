using System.ComponentModel.DataAnnotations;

namespace BounceMx.Smtp.Limits;

/// <summary>The value, or each of the values, is a network as <see cref="NetworkSet.TryParse"/> takes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NetworkAttribute() : ValidationAttribute(Allowed)
{
    internal const string Allowed = "a network such as 10.0.0.0/8, 2001:db8::/32 or an address";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value switch
        {
            string text => NetworkSet.TryParse(text, out _),
            IEnumerable<string> texts => texts.All(text => NetworkSet.TryParse(text, out _)),
            _ => false,
        };
}
