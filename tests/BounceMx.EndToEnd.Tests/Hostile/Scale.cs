namespace BounceMx.EndToEnd.Tests.Hostile;

/// <summary>
/// How much is asked of server and machine. Every build runs a short form, with bounds that a busy machine keeps; <c>BOUNCEMX_LOAD=long</c> runs
/// the full one, for a quiet machine, whose bounds are those that the project promises.
/// </summary>
internal static class Scale
{
    public const double KiB = 1024;

    public const double MiB = 1024 * KiB;

    /// <summary>Whether it is the full form.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("BOUNCEMX_LOAD") == "long";

    /// <summary>One value for every build, another for the full form.</summary>
    public static T Of<T>(T everyBuild, T inFull) => IsLong ? inFull : everyBuild;

    /// <summary>Puts a figure into the output of the tests.</summary>
    public static void Report(string figures) => TestContext.Current.SendDiagnosticMessage("{0}", figures);
}
