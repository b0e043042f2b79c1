namespace BounceMx.EndToEnd.Tests.Durability;

/// <summary>
/// How long the campaign is. Every build runs the short form, each fault once or twice; <c>BOUNCEMX_CAMPAIGN=long</c> runs the full one, hours in
/// all, so it is best run fault by fault (<c>--filter</c>). <c>BOUNCEMX_CAMPAIGN_TABLE</c>: a file to which each fault appends its row.
/// </summary>
internal static class Campaign
{
    private const string Header = "| fault | rounds | messages | lost | doubled |\n|---|---:|---:|---:|---:|\n";
    private static readonly string? Table = Environment.GetEnvironmentVariable("BOUNCEMX_CAMPAIGN_TABLE");
    private static readonly Lock Gate = new();

    /// <summary>Whether it is the full form.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("BOUNCEMX_CAMPAIGN") == "long";

    /// <summary>One value for every build, another for the full form.</summary>
    public static T Of<T>(T everyBuild, T inFull) => IsLong ? inFull : everyBuild;

    /// <summary>Puts a row of the table into the output of the tests, and into the file.</summary>
    public static void Report(string row)
    {
        TestContext.Current.SendDiagnosticMessage("{0}", row);
        if (Table is not { Length: > 0 })
            return;
        lock (Gate)
            File.AppendAllText(Table, (File.Exists(Table) ? "" : Header) + row + "\n");
    }
}
