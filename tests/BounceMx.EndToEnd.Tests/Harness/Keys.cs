namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>The streams' default names.</summary>
internal static class Keys
{
    public const string Events = "bounces:events";
    public const string Quarantine = "bounces:quarantine";
}
