using System.ComponentModel.DataAnnotations;

namespace BounceMx.Intake;

/// <summary>Section <c>Verp</c>: which addresses are ours.</summary>
internal sealed class VerpSettings
{
    /// <summary>What bounce addresses begin with: <c>bounces+user=recipient.example@</c>.</summary>
    [RegularExpression("[A-Za-z0-9_.-]{1,32}", ErrorMessage = "1 to 32 of A-Z a-z 0-9 _ . -")]
    public string Prefix { get; set; } = "bounces";

    /// <summary>The bounce domains. Empty: bounce addresses of any domain are taken, which is for trying out only.</summary>
    public string[] Domains { get; set; } = [];
}
