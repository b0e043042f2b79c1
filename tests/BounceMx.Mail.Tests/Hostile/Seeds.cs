using BounceMx.Mail.Tests.Reports;

namespace BounceMx.Mail.Tests.Hostile;

/// <summary>Messages to begin with: our own samples, and the real bounces where they are at hand.</summary>
internal static class Seeds
{
    public static IReadOnlyList<string> Files { get; } = [.. TestFolders.SampleFiles(), .. CorpusFiles()];

    private static IEnumerable<string> CorpusFiles() =>
        Directory.Exists(TestFolders.Corpus)
            ? Directory
                .EnumerateDirectories(TestFolders.Corpus)
                .SelectMany(folder => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
                .Order(StringComparer.Ordinal)
            : [];
}
