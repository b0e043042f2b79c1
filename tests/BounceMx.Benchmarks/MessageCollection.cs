namespace BounceMx.Benchmarks;

/// <summary>The messages that are read: our own samples, which stand in every checkout, or real bounces, which may stand beside it.</summary>
internal static class MessageCollection
{
    public const string Samples = "samples";
    public const string Corpus = "../shared/corpus";

    /// <summary>Every file in the folders below a folder is a message, but for what says how it is to be read; empty when there is no such folder.</summary>
    /// <param name="collection">From the folder of BounceMx.sln.</param>
    public static byte[][] Load(string collection)
    {
        string folder = Path.Combine(FindRoot(), collection);
        byte[][] messages = Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateDirectories(folder)
                    .Order(StringComparer.Ordinal)
                    .SelectMany(below => Directory.EnumerateFiles(below, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                    .Where(file => !file.EndsWith(".json", StringComparison.Ordinal))
                    .Select(File.ReadAllBytes),
            ]
            : [];
        Console.WriteLine($"// {collection}: {messages.Length} messages, {messages.Sum(message => (long)message.Length)} octets");
        return messages;
    }

    /// <summary>BenchmarkDotNet runs in a folder of its own, deep under the checkout.</summary>
    private static string FindRoot()
    {
        DirectoryInfo? folder = new(Environment.GetEnvironmentVariable("BOUNCEMX_ROOT") ?? AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "BounceMx.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Run from within a checkout.");
    }
}
