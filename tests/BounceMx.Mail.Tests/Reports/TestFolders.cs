namespace BounceMx.Mail.Tests.Reports;

/// <summary>Where the tests find their files.</summary>
internal static class TestFolders
{
    /// <summary>The folder with BounceMx.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Messages of our own, one folder an MTA or provider, each with what it means beside it.</summary>
    public static string Samples { get; } = Path.Combine(Root, "samples");

    /// <summary>The collection of real bounces beside the checkout; not everybody has it.</summary>
    public static string Corpus { get; } = Path.GetFullPath(Path.Combine(Root, "..", "shared", "corpus"));

    public static IEnumerable<string> SampleFiles() =>
        Directory.EnumerateFiles(Samples, "*.eml", SearchOption.AllDirectories).Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("The tests run outside of a checkout.");
    }
}
