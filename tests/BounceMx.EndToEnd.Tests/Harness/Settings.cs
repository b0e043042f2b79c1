namespace BounceMx.EndToEnd.Tests.Harness;

/// <summary>The environment's say in how long the campaigns run: short for every build, long by hand.</summary>
internal static class Settings
{
    /// <summary><c>BOUNCEMX_ROUNDS</c>: how often the server is killed under load.</summary>
    public static int Rounds { get; } = Read("BOUNCEMX_ROUNDS", 3);

    /// <summary><c>BOUNCEMX_OUTAGE</c>: how many seconds Redis is away.</summary>
    public static TimeSpan Outage { get; } = TimeSpan.FromSeconds(Read("BOUNCEMX_OUTAGE", 6));

    private static int Read(string name, int otherwise) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? int.Parse(value) : otherwise;
}
