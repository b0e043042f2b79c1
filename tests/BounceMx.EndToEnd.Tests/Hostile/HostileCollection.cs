namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>Tests that measure, or that leave nothing of the machine to others: one at a time, when no other test runs.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class HostileCollection
{
    public const string Name = "hostile";
}
